"""A credential of W3C inside of an SD-JWT VC: what becomes a claim, and what is left to the claim ``ld``."""

from typing import Any

import pytest

from certweave.proof.sd_jwt.vcld import LD, make_vcld_claims

DOCUMENT: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "issuer": {"id": "did:web:mill.example", "name": "Mill"},
    "credentialSubject": {"id": "did:example:a", "name": "Bale 1"},
}
REST = {name: value for name, value in DOCUMENT.items() if name != "issuer"}
ENTRY = {"type": "BitstringStatusListEntry", "statusListIndex": "7"}


@pytest.mark.parametrize(
    ("members", "holder", "status", "claims"),
    [
        ({}, None, None, {}),
        ({"validFrom": "1970-01-01T00:01:00Z"}, None, None, {"nbf": 60}),
        ({"validUntil": "1970-01-01T00:02:00Z"}, "did:example:a", None, {"exp": 120, "sub": "did:example:a"}),
        (
            {"credentialStatus": ENTRY},
            None,
            ("https://mill.example/lists/1", 7),
            {"status": {"status_list": {"uri": "https://mill.example/lists/1", "idx": 7}}},
        ),
        ({"credentialStatus": ENTRY}, None, None, {}),
    ],
)
def test_what_the_claims_say(
    members: dict[str, Any], holder: str | None, status: tuple[str, int] | None, claims: dict[str, Any]
) -> None:
    made = make_vcld_claims({**DOCUMENT, **members}, vct="urn:x:bale", holder=holder, status=status)
    assert made == {"vct": "urn:x:bale", "iss": "did:web:mill.example", **claims, LD: REST}
