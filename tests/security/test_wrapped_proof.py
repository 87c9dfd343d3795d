"""Attack: a signed credential is put inside another document, or its proof under another roof."""

import pytest
from tests.support.suites import PAIRS, draft, judge, name_of, sign

from certweave.encoding.strict_json import JsonObject
from certweave.keys.model import PrivateKey
from certweave.proof.suites.suite import Suite

EACH = pytest.mark.parametrize(("suite", "key"), PAIRS, ids=name_of)


def around(signed: JsonObject) -> list[JsonObject]:
    """Return documents around the signed one that carry its proof, or seem to."""
    inner = {name: value for name, value in signed.items() if name != "proof"}
    frame = {name: signed[name] for name in ("@context", "type", "issuer", "validFrom")}
    return [
        {**frame, "credentialSubject": inner, "proof": signed["proof"]},
        {**frame, "credentialSubject": signed},
        {**frame, "credentialSubject": signed, "proof": signed["proof"]},
        {**frame, "credentialSubject": {"id": "https://thief.example"}, "proof": [signed["proof"]]},
        {**frame, "credentialSubject": {"id": "https://thief.example"}, "proof": {**signed, "id": "urn:x:1"}},
        {**signed, "proof": {**signed["proof"], "proof": signed["proof"]}},
        {**signed, "proof": [signed["proof"], {**signed["proof"], "id": "urn:x:1"}]},
        {**signed, "proof": [[signed["proof"]]]},
        {"@context": signed["@context"], "@graph": [signed]},
        {**signed, "@graph": [inner]},
        {**signed, "credentialSubject": [signed["credentialSubject"], {"id": "https://thief.example"}]},
    ]


@EACH
def test_no_frame_makes_it_another_document(suite: Suite, key: PrivateKey) -> None:
    signed = sign(draft(key), suite, key)
    assert judge(signed).verdict == "valid"
    assert [judge(document).verdict for document in around(signed)] == ["invalid"] * len(around(signed))


@EACH
def test_a_list_of_one_proof_is_the_proof(suite: Suite, key: PrivateKey) -> None:
    signed = sign(draft(key), suite, key)
    assert judge({**signed, "proof": [signed["proof"]]}).verdict == "valid"
