"""Whom the one who examines trusts, and for what: a value read from a file, never a setting of ours.

The form is our own (docs/reference/policy.md). Trust is explicit: an empty list trusts nobody. How
credentials of authorities fit a policy is decided in ``chain``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Literal, TypeGuard, TypeVar

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError, MalformedError
from certweave.trust.claims import (
    ANCHOR,
    APPROVAL,
    CONFORMITY,
    SUPPLIER_ISSUED,
    certifies,
    claim_of,
    grant_of,
    subject_of,
    types_of,
)

INTEGRITY_NAME = "integrity"
UNTP_TYPES = SUPPLIER_ISSUED | {CONFORMITY, ANCHOR}
"""A credential is one of these at most (UNTP 0.7.0)."""
LEDGER_SERVICE = "CertweaveLedger"
"""Type of the service by which an issuer's DID document names the ledger that dates its credentials."""
ONE_DAY = timedelta(days=1)

_T = TypeVar("_T")
_MAX_SECONDS = 10 * 365 * 86_400
_TRUST_MEMBERS = ("roots", "issuers", "schemes", "ledgers")
_MEMBERS = frozenset(_TRUST_MEMBERS) | {
    *("name", "statusDelegates", "statusMaxAgeSeconds", "didMaxAgeSeconds"),
    *("demandHistory", "holderBinding", "issuerBinding"),
}


class Role(StrEnum):
    """What a root of trust is trusted to do."""

    SCHEME_OWNER = "scheme_owner"
    ACCREDITATION_BODY = "accreditation_body"
    AUTHORITY = "authority"
    REGISTER = "register"


class Chain(StrEnum):
    """The two ways in which a certifier is authorised."""

    APPROVAL = "approval"
    ACCREDITATION = "accreditation"


ROLES_OF: Mapping[Chain, frozenset[Role]] = {
    Chain.APPROVAL: frozenset({Role.SCHEME_OWNER}),
    Chain.ACCREDITATION: frozenset({Role.ACCREDITATION_BODY, Role.AUTHORITY}),
}
"""Who can give which authorisation."""


@dataclass(frozen=True, slots=True)
class Root:
    """A root of trust. ``schemes`` bounds every role but that of a register; none means for no scheme."""

    id: str
    name: str
    role: Role
    schemes: tuple[str, ...] = ()

    def to_json(self) -> JsonObject:
        """Return the JSON form."""
        members: JsonObject = {"id": self.id, "name": self.name, "role": self.role.value}
        return members | ({"schemes": list(self.schemes)} if self.schemes else {})


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer trusted directly, for credentials of the listed types only."""

    id: str
    name: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LedgerSource:
    """A ledger whose receipts count, and where it serves them: ``receipts_url`` + ``/`` + digest in hex."""

    did: str
    receipts_url: str


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that an examination asks of trust. docs/reference/policy.md explains each member."""

    name: str
    roots: tuple[Root, ...] = ()
    issuers: tuple[TrustedIssuer, ...] = ()
    schemes: Mapping[str, frozenset[Chain]] = field(default_factory=dict)
    ledgers: tuple[LedgerSource, ...] = ()
    status_delegates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    max_age_status: timedelta = ONE_DAY
    max_age_did: timedelta = ONE_DAY
    demand_history: bool = False
    holder_binding: Literal["required", "noted"] = "required"
    issuer_binding: Literal["required", "noted"] = "required"

    @property
    def vouches(self) -> bool:
        """Whether this policy speaks about trust at all; ``integrity`` does not."""
        return self.name != INTEGRITY_NAME

    @property
    def known_schemes(self) -> frozenset[str]:
        """Every scheme that this policy says something about."""
        return frozenset(self.schemes).union(*(root.schemes for root in self.roots))

    def to_json(self) -> JsonObject:
        """Return the JSON form; ``parse_policy`` reads it back to an equal policy."""
        members: JsonObject = {
            "roots": [root.to_json() for root in self.roots],
            "issuers": [
                {"id": issuer.id, "name": issuer.name, "types": list(issuer.types)} for issuer in self.issuers
            ],
            "schemes": {
                scheme: sorted(chain.value for chain in self.schemes[scheme])
                for scheme in sorted(self.schemes)
            },
            "ledgers": [{"did": ledger.did, "receipts": ledger.receipts_url} for ledger in self.ledgers],
            "statusDelegates": {
                issuer: list(self.status_delegates[issuer]) for issuer in sorted(self.status_delegates)
            },
        }
        named: JsonObject = {"name": self.name} | {name: held for name, held in members.items() if held}
        return named | {
            "statusMaxAgeSeconds": int(self.max_age_status.total_seconds()),
            "didMaxAgeSeconds": int(self.max_age_did.total_seconds()),
            "demandHistory": self.demand_history,
            "holderBinding": self.holder_binding,
            "issuerBinding": self.issuer_binding,
        }

    def find_root(self, issuer: str, roles: frozenset[Role]) -> Root | None:
        """Return the root of that id in one of ``roles``, or None; only a DID can be one."""
        if not _is_did(issuer):
            return None
        return next((root for root in self.roots if root.id == issuer and root.role in roles), None)

    def find_direct(self, issuer: str, document: JsonObject) -> Root | TrustedIssuer | None:
        """Return the entry that trusts ``issuer`` for a credential such as ``document``, or None.

        An issuer counts for the types listed. A root counts for what its role issues: a register for
        identity anchors, the others for conformity credentials of their schemes.
        """
        if not _is_did(issuer):
            return None
        kinds = types_of(document)
        if len(kinds & UNTP_TYPES) > 1:
            # Trusted for passports, an issuer is not for a passport that calls itself a certificate, too.
            return None
        for issuer_entry in self.issuers:
            if issuer_entry.id == issuer and not kinds.isdisjoint(issuer_entry.types):
                return issuer_entry
        for root in self.roots:
            if root.id == issuer and _issues(root, kinds, document, self.known_schemes):
                return root
        return None

    def trusts_directly(self, issuer: str, document: JsonObject) -> bool:
        """Return whether no chain is needed: the issuer itself is listed for such a credential."""
        return self.vouches and self.find_direct(issuer, document) is not None


INTEGRITY = Policy(INTEGRITY_NAME)
"""No trust asked: the issuer is who signed, and nobody vouches for them."""


def parse_policy(value: JsonObject) -> Policy:
    """Read a policy.

    Raises:
        MalformedError: a member is missing, unknown or of the wrong form (``path`` names it).
        InvalidError: a policy that contradicts itself: ``integrity`` with trust in it, a root or a scheme
            that would mean nothing, one root twice in one role.
    """
    _check_members(value, _MEMBERS, frozenset({"name"}), "")
    policy = Policy(
        name=_text(value["name"], "/name"),
        roots=_list_of(value, "roots", _parse_root),
        issuers=_list_of(value, "issuers", _parse_issuer),
        schemes=_parse_schemes(value.get("schemes", {})),
        ledgers=_list_of(value, "ledgers", _parse_ledger),
        status_delegates=_parse_delegates(value.get("statusDelegates", {})),
        max_age_status=_parse_age(value, "statusMaxAgeSeconds"),
        max_age_did=_parse_age(value, "didMaxAgeSeconds"),
        demand_history=_parse_flag(value, "demandHistory"),
        holder_binding=_parse_binding(value, "holderBinding"),
        issuer_binding=_parse_binding(value, "issuerBinding"),
    )
    _check_policy(policy, value)
    return policy


def receipts_sources(policy: Policy, services: Sequence[JsonObject]) -> tuple[LedgerSource, ...]:
    """Return the ledgers whose receipts count, each once.

    Under a trust policy those that it lists, and no others. Without one, those that the issuer's own DID
    document names: ``services`` must come from the issuer's history, where the thief of a signing key
    cannot write. A service that cannot be read names no ledger.
    """
    if policy.vouches:
        return policy.ledgers
    found: dict[LedgerSource, None] = {}
    for service in services:
        kind, endpoint = service.get("type"), service.get("serviceEndpoint")
        if LEDGER_SERVICE not in (kind if isinstance(kind, list) else [kind]) or not isinstance(
            endpoint, dict
        ):
            continue
        did, url = endpoint.get("did"), endpoint.get("receipts")
        if isinstance(did, str) and _is_did(did) and is_web_address(url):
            found[LedgerSource(did, url.rstrip("/"))] = None
    return tuple(found)


def is_web_address(value: object) -> TypeGuard[str]:
    """Return whether ``value`` is text that starts as an http or https address does, without blanks."""
    if not isinstance(value, str) or any(mark <= " " or mark == "\x7f" for mark in value):
        return False
    scheme, separator, rest = value.partition("://")
    return scheme.lower() in ("http", "https") and bool(separator) and bool(rest.strip("/"))


def _issues(root: Root, kinds: frozenset[str], document: JsonObject, known: frozenset[str]) -> bool:
    if root.role is Role.REGISTER:
        return ANCHOR in kinds
    if CONFORMITY not in kinds:
        return False
    allowed = frozenset(root.schemes)
    try:
        if APPROVAL in subject_of(document) and not certifies(document):
            # An authorisation may reach further than we trust its giver; each use of it is held against
            # the root's schemes again (chain.py).
            return not grant_of(document).schemes.isdisjoint(allowed)
        claimed = claim_of(document, known).schemes
    except CertweaveError:
        # A claim that cannot be read is not one that a root is trusted for.
        return False
    return bool(claimed) and claimed <= allowed


def _check_policy(policy: Policy, value: JsonObject) -> None:
    if policy.name == INTEGRITY_NAME:
        for name in _TRUST_MEMBERS:
            if value.get(name):
                detail = f"the policy called {INTEGRITY_NAME} vouches for nobody; give this one another name"
                raise InvalidError(detail, code="policy_integrity", path=join("", name))
    seen: set[tuple[str, Role]] = set()
    for number, root in enumerate(policy.roots):
        if (root.id, root.role) in seen:
            detail = "this root stands in the list twice in the same role"
            raise InvalidError(detail, code="policy_root_twice", path=join("/roots", number))
        seen.add((root.id, root.role))


def _parse_root(value: Any, path: str) -> Root:
    needed = frozenset({"id", "name", "role"})
    _check_members(value, needed | {"schemes"}, needed, path)
    role = value["role"]
    if not isinstance(role, str) or role not in set(Role):
        raise _malformed(f"role is one of {', '.join(Role)}", join(path, "role"))
    schemes = _texts(value.get("schemes", []), join(path, "schemes"))
    if (role == Role.REGISTER) == bool(schemes):
        detail = "a register names no schemes; every other root names those it is trusted for"
        raise InvalidError(detail, code="policy_root_schemes", path=join(path, "schemes"))
    return Root(
        _did(value["id"], join(path, "id")), _text(value["name"], join(path, "name")), Role(role), schemes
    )


def _parse_issuer(value: Any, path: str) -> TrustedIssuer:
    names = frozenset({"id", "name", "types"})
    _check_members(value, names, names, path)
    types = _texts(value["types"], join(path, "types"))
    if not types:
        detail = "an issuer is trusted for types; name them"
        raise InvalidError(detail, code="policy_issuer_types", path=join(path, "types"))
    return TrustedIssuer(_did(value["id"], join(path, "id")), _text(value["name"], join(path, "name")), types)


def _parse_schemes(value: Any) -> Mapping[str, frozenset[Chain]]:
    schemes: dict[str, frozenset[Chain]] = {}
    for scheme, chains in _object(value, "/schemes").items():
        path = join("/schemes", scheme)
        names = _texts(chains, path)
        if not set(names) <= set(Chain):
            raise _malformed(f"a chain is one of {', '.join(Chain)}", path)
        if not names or not scheme:
            # Without a demand, anybody could certify.
            detail = "a scheme demands at least one chain"
            raise InvalidError(detail, code="policy_scheme_chains", path=path)
        schemes[scheme] = frozenset(Chain(name) for name in names)
    return schemes


def _parse_ledger(value: Any, path: str) -> LedgerSource:
    names = frozenset({"did", "receipts"})
    _check_members(value, names, names, path)
    url = value["receipts"]
    if not is_web_address(url):
        raise _malformed("receipts is the web address of the ledger's receipts", join(path, "receipts"))
    return LedgerSource(_did(value["did"], join(path, "did")), url.rstrip("/"))


def _parse_delegates(value: Any) -> Mapping[str, tuple[str, ...]]:
    return {
        issuer: _texts(delegates, join("/statusDelegates", issuer))
        for issuer, delegates in _object(value, "/statusDelegates").items()
    }


def _parse_age(value: JsonObject, name: str) -> timedelta:
    if name not in value:
        return ONE_DAY
    seconds = value[name]
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 < seconds <= _MAX_SECONDS:
        raise _malformed(f"{name} is a number of seconds from 1 to {_MAX_SECONDS}", join("", name))
    return timedelta(seconds=seconds)


def _parse_flag(value: JsonObject, name: str) -> bool:
    flag = value.get(name, False)
    if not isinstance(flag, bool):
        raise _malformed(f"{name} is true or false", join("", name))
    return flag


def _parse_binding(value: JsonObject, name: str) -> Literal["required", "noted"]:
    found = value.get(name, "required")
    if found in ("required", "noted"):
        return "noted" if found == "noted" else "required"
    raise _malformed(f"{name} is required or noted", f"/{name}")


def _list_of(value: JsonObject, name: str, parse: Callable[[Any, str], _T]) -> tuple[_T, ...]:
    path = join("", name)
    items = value.get(name, [])
    if not isinstance(items, list):
        raise _malformed(f"{name} is a list", path)
    return tuple(parse(item, join(path, number)) for number, item in enumerate(items))


def _check_members(value: Any, allowed: frozenset[str], needed: frozenset[str], path: str) -> None:
    for name in _object(value, path):
        if name not in allowed:
            raise _malformed(f"a policy knows no member {name[:80]!r} here", join(path, name))
    for name in sorted(needed):
        if name not in value:
            raise _malformed(f"{name} is missing", join(path, name))


def _object(value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise _malformed("an object is expected here", path)
    return value


def _texts(value: Any, path: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _malformed("a list of texts is expected here", path)
    return tuple(_text(item, join(path, number)) for number, item in enumerate(value))


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str) or not value:
        raise _malformed("a text that is not empty is expected here", path)
    return value


def _did(value: Any, path: str) -> str:
    """Read a DID. Nothing binds a key to an https issuer, so anybody could sign in such a name."""
    text = _text(value, path)
    if not _is_did(text):
        raise _malformed("trust is in DIDs; a DID is expected here", path)
    return text


def _is_did(text: str) -> bool:
    return text.startswith("did:") and text.count(":") > 1


def _malformed(detail: str, path: str) -> MalformedError:
    return MalformedError(detail, code="policy_malformed", path=path)
