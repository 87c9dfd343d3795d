"""DID documents: verification methods, relationships, other names, services.

Follows DID Core 1.0 §5 (https://www.w3.org/TR/did-core/#core-properties) and Controlled Identifiers 1.0 §2
(https://www.w3.org/TR/cid-1.0/), for the methods ``Multikey``, ``JsonWebKey``, ``JsonWebKey2020`` and
``Ed25519VerificationKey2020``. One method that cannot be used does not break the document: it is kept with
its problem, which is raised when somebody asks for its key. JSON-LD processing is not done here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from certweave.did.syntax import Did
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import (
    Cause,
    CertweaveError,
    InvalidError,
    MalformedError,
    UndecidedError,
    UnsupportedError,
)
from certweave.keys.jwk import parse_public_jwk
from certweave.keys.model import Algorithm, PublicKey
from certweave.keys.multikey import parse_multikey
from certweave.timestamps import parse_timestamp

RELATIONSHIPS = (
    "assertionMethod",
    "authentication",
    "keyAgreement",
    "capabilityInvocation",
    "capabilityDelegation",
)
MAX_METHODS = 256
"""In one document. Each costs reading a key; real documents have fewer than ten."""


@dataclass(frozen=True, slots=True)
class VerificationMethod:
    """One public key of a DID document.

    Attributes:
        id: absolute DID URL.
        type: as written, or empty where it is missing.
        controller: as written; None where it is missing.
        key: None where ``problem`` says why.
        raw: the method as the document has it.
        revoked: from when on the controller calls the key revoked (Controlled Identifiers 1.0 §2.2).
        expires: from when on the key is not to be used (the same section).
        problem: why this method has no key we can use.
    """

    id: str
    type: str
    controller: str | None
    key: PublicKey | None
    raw: JsonObject
    revoked: datetime | None = None
    expires: datetime | None = None
    problem: CertweaveError | None = None

    def require_key(self) -> PublicKey:
        """Return the key.

        Raises:
            UnsupportedError: the method's type or curve is not one we implement.
            InvalidError: the method belongs to somebody else, or its key is broken.
        """
        if self.key is None:
            raise self.problem or InvalidError("the verification method has no key", code="method_key")
        return self.key


@dataclass(frozen=True, slots=True)
class DidDocument:
    """A DID document, read. ``relationships`` maps a relationship to absolute method ids."""

    id: str
    raw: JsonObject
    methods: tuple[VerificationMethod, ...]
    relationships: Mapping[str, tuple[str, ...]]
    controllers: tuple[str, ...]
    also_known_as: tuple[str, ...]
    services: tuple[JsonObject, ...]


def parse_did_document(raw: JsonObject, *, did: Did | str) -> DidDocument:
    """Read a DID document that must be the one of ``did``.

    Raises:
        MalformedError: a member has the wrong form.
        InvalidError: ``id`` is another DID (``document_id_mismatch``), or two methods share one id with
            different content (``method_duplicate``).
        UndecidedError: more than ``MAX_METHODS`` (``limit_methods``, cause ``limit``).
    """
    name = str(did)
    if raw.get("id") != name:
        raise InvalidError("the DID document is about another DID", code="document_id_mismatch", path="/id")
    methods: dict[str, VerificationMethod] = {}
    for index, item in enumerate(_list(raw, "verificationMethod")):
        path = join("", "verificationMethod", index)
        _add(methods, _parse_method(item, name, path), path)
    relationships = {kind: _parse_relationship(raw, kind, name, methods) for kind in RELATIONSHIPS}
    return DidDocument(
        id=name,
        raw=raw,
        methods=tuple(methods.values()),
        relationships=relationships,
        controllers=_texts(raw, "controller"),
        also_known_as=_texts(raw, "alsoKnownAs"),
        services=_parse_services(raw),
    )


def find_method(document: DidDocument, method_url: str, relationship: str) -> VerificationMethod:
    """Return the method that ``document`` lists under ``relationship``.

    Raises:
        InvalidError: ``key_unknown``, or ``key_wrong_relationship`` when it is there for another purpose.
    """
    method = next((one for one in document.methods if one.id == method_url), None)
    if method is None:
        raise InvalidError(f"the DID document has no method {method_url[:200]}", code="key_unknown")
    if method_url not in document.relationships.get(relationship, ()):
        detail = f"the method {method_url[:200]} is not listed under {relationship}"
        raise InvalidError(detail, code="key_wrong_relationship")
    return method


def make_absolute(reference: str, did: str) -> str:
    """Return ``reference`` with a relative ``#fragment`` resolved against ``did`` (DID Core §3.2.2)."""
    return did + reference if reference.startswith("#") else reference


def _add(methods: dict[str, VerificationMethod], method: VerificationMethod, path: str) -> None:
    known = methods.get(method.id)
    if known is not None and known.raw != method.raw:
        detail = f"two verification methods have the id {method.id[:200]}"
        raise InvalidError(detail, code="method_duplicate", path=path)
    if len(methods) >= MAX_METHODS:
        detail = f"more than {MAX_METHODS} verification methods"
        raise UndecidedError(detail, code="limit_methods", path=path, cause=Cause.LIMIT)
    methods[method.id] = method


def _parse_relationship(
    raw: JsonObject, kind: str, did: str, methods: dict[str, VerificationMethod]
) -> tuple[str, ...]:
    found: list[str] = []
    for index, item in enumerate(_list(raw, kind)):
        path = join("", kind, index)
        if isinstance(item, str):
            found.append(make_absolute(item, did))
            continue
        method = _parse_method(item, did, path)
        _add(methods, method, path)
        found.append(method.id)
    return tuple(found)


def _parse_method(item: Any, did: str, path: str) -> VerificationMethod:
    if not isinstance(item, dict):
        raise MalformedError("a verification method is an object", code="method_malformed", path=path)
    name, kind, controller = item.get("id"), item.get("type"), item.get("controller")
    if not isinstance(name, str) or not name:
        raise MalformedError("a verification method has no id", code="method_malformed", path=path)
    if not isinstance(kind, str):
        raise MalformedError("a verification method has no type", code="method_malformed", path=path)
    if controller is not None and not isinstance(controller, str):
        raise MalformedError("the controller of a method is one text", code="method_malformed", path=path)
    absolute = make_absolute(name, did)
    key: PublicKey | None = None
    problem: CertweaveError | None = None
    try:
        _check_own(absolute, controller, did, path)
        key = _read_key(item, kind, path)
    except CertweaveError as error:
        problem = error
    revoked, expires = _moment(item, "revoked", path), _moment(item, "expires", path)
    return VerificationMethod(absolute, kind, controller, key, item, revoked, expires, problem)


def _check_own(method_id: str, controller: str | None, did: str, path: str) -> None:
    """Refuse a method that somebody else controls: listing it here must not lend it this DID's name."""
    owner, hash_sign, fragment = method_id.partition("#")
    if owner != did or not hash_sign or not fragment:
        detail = "the verification method does not belong to this DID"
        raise InvalidError(detail, code="method_foreign", path=join(path, "id"))
    if controller != did:
        detail = "the verification method is controlled by somebody else, or by nobody"
        raise InvalidError(detail, code="method_controller", path=join(path, "controller"))


def _read_key(item: JsonObject, kind: str, path: str) -> PublicKey:
    reader = _READERS.get(kind)
    if reader is None:
        detail = f"verification methods of type {kind[:80]!r} are not supported"
        raise UnsupportedError(detail, code="method_type_unsupported", path=join(path, "type"))
    # What is not public has no place in a published document, and one key per method is the rule.
    members = [name for name in item if name.startswith(("publicKey", "secretKey", "privateKey"))]
    if members != [reader[0]]:
        raise InvalidError(f"a {kind} has {reader[0]} and no other key", code="method_key", path=path)
    return reader[1](item[reader[0]], join(path, reader[0]))


def _from_multibase(value: Any, path: str) -> PublicKey:
    if not isinstance(value, str):
        raise MalformedError("publicKeyMultibase is a text", code="method_key", path=path)
    return parse_multikey(value)


def _from_ed25519(value: Any, path: str) -> PublicKey:
    key = _from_multibase(value, path)
    if key.algorithm is not Algorithm.ED25519:
        raise InvalidError("the key is not an Ed25519 key", code="method_key", path=path)
    return key


def _from_jwk(value: Any, path: str) -> PublicKey:
    if not isinstance(value, dict):
        raise MalformedError("publicKeyJwk is an object", code="method_key", path=path)
    if "d" in value:
        raise InvalidError("the DID document shows a private key", code="method_key", path=path)
    return parse_public_jwk(value)


_READERS: dict[str, tuple[str, Callable[[Any, str], PublicKey]]] = {
    "Multikey": ("publicKeyMultibase", _from_multibase),
    "JsonWebKey": ("publicKeyJwk", _from_jwk),
    "JsonWebKey2020": ("publicKeyJwk", _from_jwk),
    "Ed25519VerificationKey2020": ("publicKeyMultibase", _from_ed25519),
}


def _parse_services(raw: JsonObject) -> tuple[JsonObject, ...]:
    services = _list(raw, "service")
    for index, item in enumerate(services):
        if not isinstance(item, dict) or not isinstance(item.get("id"), str) or "type" not in item:
            path = join("", "service", index)
            detail = "a service is an object with id and type"
            raise MalformedError(detail, code="service_malformed", path=path)
    return tuple(services)


def _list(raw: JsonObject, name: str) -> list[Any]:
    value = raw.get(name, [])
    if not isinstance(value, list):
        raise MalformedError(f"{name} is a list", code="document_malformed", path=join("", name))
    return value


def _texts(raw: JsonObject, name: str) -> tuple[str, ...]:
    value = raw.get(name, [])
    values = [value] if isinstance(value, str) and name == "controller" else value
    if not isinstance(values, list) or not all(isinstance(one, str) and one for one in values):
        raise MalformedError(f"{name} is a list of texts", code="document_malformed", path=join("", name))
    return tuple(values)


def _moment(item: JsonObject, name: str, path: str) -> datetime | None:
    if name not in item:
        return None
    try:
        return parse_timestamp(item[name])
    except MalformedError as error:
        raise MalformedError(error.detail, code=error.code, path=join(path, name)) from None
