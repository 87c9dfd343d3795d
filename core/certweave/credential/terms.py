"""The rule for terms: a member that nobody defines is refused.

JSON-LD drops an undefined member silently, or, under UNTP 0.7.0's fallback vocabularies, takes a misspelt one
for a new word; either way something signed would mean nothing. So: in UNTP documents a member is known when
the model has it, or when a pinned extension context that stands after UNTP's defines it and the UN class is
open. The one class without any members of its own, Characteristics, is UNTP's free field and takes any.
In other credentials (VCDM 2.0, https://www.w3.org/TR/vc-data-model-2.0/#semantic-interoperability) the
pinned contexts must define every member and type. Values are not checked here.
"""

import re
from typing import Any

from certweave.canon.jsonld import expand
from certweave.canon.weight import check_context_weight, check_type_weight
from certweave.credential.contexts import PINS, ContextStore
from certweave.credential.scope import Scope, check_node
from certweave.credential.untp.names import CREDENTIAL_NAMES, UNTP_CONTEXT
from certweave.credential.vcdm import VCDM_2_CONTEXT
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, InvalidError, UndecidedError, UnsupportedError

UNTP_VERSION = "0.7.0"
_VERSIONED = (
    re.compile(r"https://vocabulary\.uncefact\.org/untp/([^/]+)/context/?"),
    re.compile(r"https://test\.uncefact\.org/vocabulary/untp/[a-z]+/([^/]+)/?"),
)


def untp_version(document: JsonObject) -> str | None:
    """Return the UNTP version of a document by its contexts, or None where it is no UNTP credential.

    It is one where a UNTP context stands beside the name of a UNTP credential type.
    """
    names, listed = document.get("type"), document.get("@context")
    if (
        not isinstance(names, list)
        or not isinstance(listed, list)
        or not [name for name in names if name in CREDENTIAL_NAMES]
    ):
        return None
    return next((version for url in listed if (version := _version_of(url)) is not None), None)


def check_terms(document: JsonObject, *, contexts: ContextStore) -> None:
    """Check that every member of a credential is known.

    Raises:
        InvalidError: ``term_unknown``, ``type_unknown``, ``context_order``, ``context_first_wrong``,
            ``untp_type_missing``, each with its place; ``jsonld`` where a protected term is redefined.
        UnsupportedError: ``untp_version_unsupported``.
        UndecidedError: ``context_unpinned`` (cause ``unsupported``).
    """
    version = untp_version(document)
    if version is None:
        check_terms_generic(document, contexts=contexts)
        return
    check_context_weight(document)
    if version != UNTP_VERSION:
        raise UnsupportedError(
            f"UNTP {version} is not a version we read", code="untp_version_unsupported", path="/@context"
        )
    _check_context_order(document["@context"], contexts)
    # Loads the models of UNTP, and pydantic with them, which most documents do not need.
    from certweave.credential.untp_terms import UntpTerms

    UntpTerms(document, contexts).check(document)


def check_terms_generic(document: JsonObject, *, contexts: ContextStore) -> None:
    """Check that the pinned contexts define every member and type of a document that is not UNTP's.

    Raises:
        InvalidError: ``term_unknown``, ``type_unknown``; ``jsonld`` for what breaks JSON-LD, such as a
            protected term that is redefined.
        UndecidedError: ``context_unpinned``.
    """
    from certweave.canon.known import defines_all  # UNTP's documents are not asked

    if not defines_all(document, contexts=contexts):
        check_terms_at_length(document, contexts=contexts)


def check_terms_at_length(document: JsonObject, *, contexts: ContextStore) -> None:
    """Check the same, raise the same, by an expansion and a walk that knows places."""
    check_context_weight(document)
    check_type_weight(document)
    expanded = expand(document, contexts=contexts)
    check_node(document, Scope(), "", contexts=contexts)
    _check_absolute_types(expanded)


def _check_absolute_types(value: Any) -> None:
    """A term may be defined as a relative IRI; as a type it then means nothing."""
    if isinstance(value, list):
        for item in value:
            _check_absolute_types(item)
    elif isinstance(value, dict):
        kinds = value.get("@type", ()) if "@value" not in value else ()
        for kind in kinds if isinstance(kinds, list) else (kinds,):
            if isinstance(kind, str) and ":" not in kind:
                raise InvalidError(f"the type {kind!r} is no absolute IRI", code="type_unknown")
        for item in value.values():
            _check_absolute_types(item)


def _version_of(url: Any) -> str | None:
    if not isinstance(url, str):
        return None
    return next((found[1] for form in _VERSIONED if (found := form.fullmatch(url)) is not None), None)


def _check_context_order(listed: list[Any], contexts: ContextStore) -> None:
    """The contexts are exactly VCDM's, UNTP's, then pinned extensions, each once."""
    if listed[0] != VCDM_2_CONTEXT:
        raise InvalidError(
            "the first @context is not that of VCDM 2.0", code="context_first_wrong", path="/@context/0"
        )
    if listed[1] != UNTP_CONTEXT:
        raise InvalidError(
            "the UNTP context comes right after that of VCDM 2.0", code="context_order", path="/@context/1"
        )
    for number, item in enumerate(listed):
        path = join("/@context", number)
        if not isinstance(item, str) or not contexts.knows(item):
            what = f"the context {item}" if isinstance(item, str) else "a context written inline"
            raise UndecidedError(
                f"{what} is not pinned here", code="context_unpinned", path=path, cause=Cause.UNSUPPORTED
            )
        if item in listed[:number] or (number > 1 and _version_of(item) is not None):
            raise InvalidError("a context is listed twice", code="context_order", path=path)
    if any(item not in PINS for item in listed):
        # A context that an operator pinned may redefine a protected term; our own are known not to.
        expand({"@context": listed}, contexts=contexts)
