"""The rule for terms: a member that nobody defines is refused.

JSON-LD drops an undefined member silently, or, under UNTP 0.7.0's fallback vocabularies, takes a misspelt one
for a new word; either way something signed would mean nothing. So: in UNTP documents a member is known when
the model has it, or when a pinned extension context that stands after UNTP's defines it and the UN class is
open. The one class without any members of its own, Characteristics, is UNTP's free field and takes any.
In other credentials (VCDM 2.0, https://www.w3.org/TR/vc-data-model-2.0/#semantic-interoperability) the
pinned contexts must define every member and type. Values are not checked here.
"""

import re
import threading
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any

from certweave.canon.jsonld import expand
from certweave.canon.known import defines_all
from certweave.canon.weight import check_context_weight, check_type_weight
from certweave.credential.contexts import PINS, ContextStore
from certweave.credential.scope import (
    Scope,
    check_member,
    check_node,
    open_context,
    unknown_term,
    with_types,
)
from certweave.credential.untp.base import UntpModel
from certweave.credential.untp.credentials import CREDENTIALS, UNTP_CONTEXT, find_model
from certweave.credential.untp.events import EVENTS, find_event_type
from certweave.credential.untp.facts import Member, members_of
from certweave.credential.vcdm import VCDM_2_CONTEXT
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, InvalidError, UndecidedError, UnsupportedError

UNTP_VERSION = "0.7.0"
VCDM_MEMBERS = frozenset(
    (
        "confidenceMethod",
        "credentialSchema",
        "description",
        "evidence",
        "refreshService",
        "relatedResource",
        "termsOfUse",
    )
)
"""Members of VCDM 2.0 that UNTP does not name at the top of a credential; proof is read elsewhere."""
_Place = tuple[Any, str | int] | None
"""A place as it is walked to: the place around, and the last step. Few are ever asked for in words."""
_SCOPES_KEPT = 32
_SCOPES: dict[tuple[str, tuple[str, ...]], tuple[Scope, Scope]] = {}
_LOCK = threading.Lock()
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
        or not any(n in names for n in CREDENTIALS)
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
    _UntpTerms(document, contexts).check(document)


def check_terms_generic(document: JsonObject, *, contexts: ContextStore) -> None:
    """Check that the pinned contexts define every member and type of a document that is not UNTP's.

    Raises:
        InvalidError: ``term_unknown``, ``type_unknown``; ``jsonld`` for what breaks JSON-LD, such as a
            protected term that is redefined.
        UndecidedError: ``context_unpinned``.
    """
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


class _UntpTerms:
    """One walk over one UNTP document: the models say what is known, extensions what else may be."""

    def __init__(self, document: JsonObject, contexts: ContextStore) -> None:
        self.contexts = contexts
        self.full, self.extensions = _scopes(tuple(document["@context"]), contexts)

    def check(self, document: JsonObject) -> None:
        model = find_model(document)
        if model is None:
            raise InvalidError(
                "the type names more than one UNTP credential", code="untp_type_missing", path="/type"
            )
        known = {"VerifiableCredential", model.class_name()}
        self._check_types(document, known, None)
        for member, value in document.items():
            if member in VCDM_MEMBERS:
                definition = with_types(("VerifiableCredential",), self.full, contexts=self.contexts)
                found = definition.find(member)
                check_member(value, found, self.full, join("", member), contexts=self.contexts)
        self._walk(document, model, None, skip=VCDM_MEMBERS | {"proof"})

    def _walk(
        self, node: Any, model: type[UntpModel], place: _Place, skip: frozenset[str] = frozenset()
    ) -> None:
        if not isinstance(node, dict) or model.free:
            return
        members = members_of(model)
        if model.shape == "entity":
            self._check_types(node, _class_names(model), place)
        for name, value in node.items():
            if name in skip:
                continue
            member = members.get(name)
            if member is None:
                self._check_extra(node, name, model, _path(place))
            elif member.classes and value.__class__ is not str:
                self._descend(value, member, (place, name))

    def _descend(self, value: Any, member: Member, place: _Place) -> None:
        if isinstance(value, list):
            for number, item in enumerate(value):
                self._descend(item, member, (place, number))
        elif isinstance(value, dict):
            self._walk(value, _choose(value, member), place)

    def _check_extra(self, node: JsonObject, name: str, model: type[UntpModel], path: str) -> None:
        """A member that the model does not have: an extension must define it, and the class be open."""
        if model.closed or name.startswith("@"):
            raise unknown_term(name, path)
        named = [kind for kind in _listed(node.get("type")) if isinstance(kind, str)]
        inside = with_types(named, self.extensions, contexts=self.contexts)
        definition = inside.find(name)
        if definition is None:
            raise unknown_term(name, path)
        check_member(node[name], definition, self.full, join(path, name), contexts=self.contexts)

    def _check_types(self, node: JsonObject, known: AbstractSet[str], place: _Place) -> None:
        """A type beside the class's own is one that an extension defines."""
        for number, name in enumerate(_listed(node.get("type"))):
            if isinstance(name, str) and (name in known or self.extensions.find(name) is not None):
                continue
            path = join(_path(place), "type", number)
            raise InvalidError(f"the type {name!r} is not defined", code="type_unknown", path=path)


def _path(place: _Place) -> str:
    """Return the JSON Pointer of a place."""
    tokens: list[str | int] = []
    while place is not None:
        place, token = place
        tokens.append(token)
    return join("", *reversed(tokens))


def _scopes(listed: tuple[str, ...], contexts: ContextStore) -> tuple[Scope, Scope]:
    """Return what the contexts of a UNTP document define, and what those after UNTP's: pinned, so kept."""
    key = (contexts.digest, listed)
    found = _SCOPES.get(key)
    if found is None:
        full = open_context(list(listed), Scope(), contexts=contexts)
        found = full, open_context(list(listed[2:]), Scope(), contexts=contexts)
        with _LOCK:
            while len(_SCOPES) >= _SCOPES_KEPT:
                del _SCOPES[next(iter(_SCOPES))]
            _SCOPES[key] = found
    return found


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


@cache
def _class_names(model: type[UntpModel]) -> frozenset[str]:
    """Return the names of a class and of those it stands under: a MakeEvent is a LifecycleEvent."""
    return frozenset(kind.class_name() for kind in model.__mro__ if issubclass(kind, UntpModel))


def _choose(value: JsonObject, member: Member) -> type[UntpModel]:
    """Return which of the classes that may stand at a member stands there."""
    if len(member.classes) > 1:
        return EVENTS.get(find_event_type(value) or "", member.classes[0])
    return member.classes[0]
