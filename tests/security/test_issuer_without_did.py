"""Attack: a stranger signs under an issuer that is an address, not a DID, so that no key can belong to it."""

import json

import pytest
from tests.support.world import World, outcome, plain_credential

from certweave.did.key import make_did_key_method
from certweave.encoding.strict_json import JsonValue
from certweave.examine.report import Verdict
from certweave.keys.model import KeySigner
from certweave.proof.data_integrity import add_jcs_proof
from certweave.proof.vc_jwt import sign_credential_jwt


@pytest.mark.parametrize("form", ["token", "embedded"])
@pytest.mark.parametrize(
    "issuer",
    [
        "https://certifier.example/",
        "urn:certifier:green",
        {"id": "https://certifier.example/", "name": "The certifier that everybody knows"},
        "DID:web:certifier.example",
    ],
)
def test_nobody_is_bound_to_an_address(issuer: JsonValue, form: str) -> None:
    world = World()
    honest = world.party("fa")
    key = world.new_key()
    stranger = KeySigner(make_did_key_method(key.public), key)
    document = {**plain_credential(honest), "issuer": issuer}
    if form == "embedded":
        secured = add_jcs_proof(document, stranger, created=world.clock, purpose="assertionMethod")
        source = json.dumps(secured).encode()
    else:
        source = sign_credential_jwt(document, stranger, issued_at=world.clock).encode()
    report = world.examine(source)
    assert outcome(report, "key") == "undecided:unsupported"
    assert outcome(report, "signature") == "valid:signature_holds"
    assert outcome(report, "validity") == "not_applicable:not_reached"
    assert report.verdict is Verdict.UNDECIDED
    assert (report.subject, report.document) == (None, None)


def test_a_tampered_one_is_invalid_all_the_same() -> None:
    world = World()
    document = {**plain_credential(world.party("fa")), "issuer": "https://certifier.example/"}
    key = world.new_key()
    stranger = KeySigner(make_did_key_method(key.public), key)
    secured = add_jcs_proof(document, stranger, created=world.clock, purpose="assertionMethod")
    report = world.examine(json.dumps({**secured, "id": "urn:another"}).encode())
    assert outcome(report, "signature") == "invalid:signature_mismatch"
    assert report.verdict is Verdict.INVALID
