"""SD-JWT VCLD: what a credential says as the claims of an SD-JWT VC."""

from typing import Any

import pytest

from certweave.encoding.strict_json import JsonObject
from certweave.proof.sd_jwt.sd_jwt_vc import check_claims_set
from certweave.proof.sd_jwt.vcld import COUNTERPARTS, make_vcld_claims

DOCUMENT: JsonObject = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "id": "https://certs.example/1",
    "issuer": {"id": "did:example:issuer", "name": "Fibre Assurance"},
    "credentialSubject": {"id": "did:example:holder", "name": "A bale"},
}
PERIOD = {"validFrom": "2026-03-01T00:00:00Z", "validUntil": "2027-03-01T00:00:00Z"}
ENTRY = {"credentialStatus": {"type": "BitstringStatusListEntry", "statusListIndex": "7"}}
LIST = ("https://certs.example/status/1/tokens", 7)


@pytest.mark.parametrize(
    ("more", "given", "claims"),
    [
        ({}, {}, {}),
        (PERIOD, {}, {"nbf": 1772323200, "exp": 1803859200}),
        ({}, {"holder": "did:example:holder"}, {"sub": "did:example:holder"}),
        (ENTRY, {"status": LIST}, {"status": {"status_list": {"uri": LIST[0], "idx": 7}}}),
        (ENTRY, {}, {}),
    ],
)
def test_members_with_a_counterpart_become_claims(
    more: JsonObject, given: dict[str, Any], claims: JsonObject
) -> None:
    asked: dict[str, Any] = {"holder": None, "status": None, **given}
    made = make_vcld_claims({**DOCUMENT, **more}, vct="urn:x:y", **asked)
    assert made == {
        "vct": "urn:x:y",
        "iss": "did:example:issuer",
        **claims,
        "ld": {name: value for name, value in DOCUMENT.items() if name not in COUNTERPARTS},
    }
    check_claims_set(made)
