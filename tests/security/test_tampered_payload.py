"""Attack: content changed after signing, in every way that a signature must notice."""

import copy
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.support.keys import ED25519, signer

from certweave.canon.jcs import canonicalize
from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError, InvalidSignatureError
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_proof, parse_proofs, verify_proof
from certweave.proof.jose import parse_compact, verify_jws
from certweave.proof.suites.registry import jcs_suite
from certweave.proof.suites.suite import NOTHING_AROUND
from certweave.proof.vc_jwt import sign_credential_jwt

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CREDENTIAL: JsonObject = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential"],
    "issuer": {"id": "did:web:issuer.example", "name": "Issuer"},
    "validFrom": "2026-01-01T00:00:00Z",
    "credentialSubject": {
        "id": "did:web:subject.example",
        "share": 0.25,
        "tonnes": 12,
        "organic": True,
        "lots": [],
    },
}


def tampered(value: Any) -> Iterator[Any]:
    """Yield ``value`` with one thing changed, in every place: changed, removed, added, moved."""
    if isinstance(value, dict):
        yield {**value, "added": None}
        for name in value:
            rest = {other: item for other, item in value.items() if other != name}
            yield rest
            yield {**rest, f"{name} ": value[name]}
            yield from ({**value, name: item} for item in tampered(value[name]))
    elif isinstance(value, list):
        yield [*value, None]
        for index, item in enumerate(value):
            yield value[:index] + value[index + 1 :]
            yield from ([*value[:index], other, *value[index + 1 :]] for other in tampered(item))
    elif isinstance(value, bool):
        yield from (not value, int(value), str(value).lower())
    elif isinstance(value, str):
        yield from (f"{value} ", value.upper() if value.upper() != value else value.lower(), None)
    else:
        yield from (value + 1, -value, str(value))


def test_there_is_much_to_try() -> None:
    assert len(list(tampered(CREDENTIAL))) > 50


def test_embedded_proof() -> None:
    secured = add_proof(
        CREDENTIAL,
        signer(),
        suite=jcs_suite(ED25519.algorithm),
        around=NOTHING_AROUND,
        created=NOW,
        purpose="assertionMethod",
        expires=NOW,
    )
    for changed in tampered(secured):
        with pytest.raises(CertweaveError):  # noqa: PT012
            unsecured, proofs = parse_proofs(changed, limits=DEFAULT_LIMITS)
            # A context appended later is allowed, and never becomes part of the verified document.
            found = verify_proof(
                unsecured, proofs[0], ED25519.public, all_proofs=proofs, around=NOTHING_AROUND
            )
            if found == CREDENTIAL and changed["@context"][:1] == CREDENTIAL["@context"]:
                raise InvalidSignatureError("not seen")


def test_enveloping_proof() -> None:
    token = sign_credential_jwt(CREDENTIAL, signer(), issued_at=NOW)
    header, _, signature = token.split(".")
    payload = parse_object(parse_compact(token, limits=DEFAULT_LIMITS).payload, limits=DEFAULT_LIMITS)
    for changed in tampered(payload):
        forged = f"{header}.{base64url_encode(canonicalize(changed))}.{signature}"
        with pytest.raises(InvalidSignatureError):
            verify_jws(parse_compact(forged, limits=DEFAULT_LIMITS), ED25519.public)


def test_the_header_is_signed_too() -> None:
    token = sign_credential_jwt(CREDENTIAL, signer(), issued_at=NOW)
    jws = parse_compact(token, limits=DEFAULT_LIMITS)
    _, payload, signature = token.split(".")
    for changed in tampered(copy.deepcopy(jws.header)):
        forged = f"{base64url_encode(canonicalize(changed))}.{payload}.{signature}"
        with pytest.raises(CertweaveError):
            verify_jws(parse_compact(forged, limits=DEFAULT_LIMITS), ED25519.public)


def test_a_signature_does_not_fit_another_credential() -> None:
    one, other = (
        sign_credential_jwt({**CREDENTIAL, "id": f"urn:{name}"}, signer(), issued_at=NOW) for name in "ab"
    )
    forged = f"{one.rpartition('.')[0]}.{other.rpartition('.')[2]}"
    with pytest.raises(InvalidSignatureError):
        verify_jws(parse_compact(forged, limits=DEFAULT_LIMITS), ED25519.public)
