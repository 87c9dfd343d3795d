"""The rule for terms in UNTP documents: the models say what is known, extensions what else may be.

UN Transparency Protocol 0.7.0, https://untp.unece.org/docs/0.7.0/specification/. What documents are such, and
in which order their contexts stand, is ``credential.terms``, which loads this module where it has one.
"""

import threading
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any

from certweave.credential.contexts import ContextStore
from certweave.credential.scope import Scope, check_member, open_context, unknown_term, with_types
from certweave.credential.untp.base import UntpModel
from certweave.credential.untp.credentials import find_model
from certweave.credential.untp.facts import Member, members_of
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError

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
_SCOPES: dict[tuple[str, tuple[str, ...]], Scope] = {}
_LOCK = threading.Lock()


class UntpTerms:
    """One walk over one UNTP document, whose contexts are in order."""

    def __init__(self, document: JsonObject, contexts: ContextStore) -> None:
        self.contexts = contexts
        self.listed = tuple(document["@context"])
        self.extensions = _scope(self.listed[2:], contexts)

    @property
    def full(self) -> Scope:
        """What all contexts together define, for what the models leave open."""
        return _scope(self.listed, self.contexts)

    def check(self, document: JsonObject) -> None:
        """Check every member and type; raises as ``credential.terms.check_terms``."""
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


def _scope(listed: tuple[str, ...], contexts: ContextStore) -> Scope:
    """Return what pinned contexts define; kept, because they never change."""
    key = (contexts.digest, listed)
    found = _SCOPES.get(key)
    if found is None:
        found = open_context(list(listed), Scope(sealed=True), contexts=contexts)
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
        from certweave.credential.untp.events import EVENTS, find_event_type  # with models of their own

        return EVENTS.get(find_event_type(value) or "", member.classes[0])
    return member.classes[0]
