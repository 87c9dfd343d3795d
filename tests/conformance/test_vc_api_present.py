"""VC API, ``presentations/verify`` as test suites call it, in cases of our own: signed, enveloped, spoilt.

The suite is vc-data-model-2.0, which signs presentations with eddsa-rdfc-2022 and names domain and challenge
(docs/reference/conformance.md).
"""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.benches import GONE, V1, V2, Benches, Party, credential, open_benches

from certweave.proof.vc_jwt import envelope, sign_presentation_jwt

DOMAIN = "suite.example"
CHALLENGE = "uAAECAwQFBgcICQoLDA0ODw"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"


@pytest.fixture(scope="module")
def benches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Benches]:
    with open_benches(tmp_path_factory.mktemp("benches")) as opened:
        yield opened


@pytest.fixture(scope="module")
def party() -> Party:
    return Party.make()


def presentation(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = {"@context": [V2], "type": ["VerifiablePresentation"]}
    document.update(changes)
    return {name: value for name, value in document.items() if value is not GONE}


def ask(benches: Benches, secured: Any, **options: Any) -> Any:
    sent = {"domain": DOMAIN, "challenge": CHALLENGE, **options}
    body = {"verifiablePresentation": secured, "options": {k: v for k, v in sent.items() if v is not GONE}}
    return benches.verifier.post("/conformance/presentations/verify", json=body)


def signed(benches: Benches, party: Party, document: Any) -> Any:
    return party.sign(
        document, purpose="authentication", at=benches.clock, domain=DOMAIN, challenge=CHALLENGE
    )


def shown(benches: Benches, party: Party) -> Any:
    return party.sign(credential(party.did), purpose="assertionMethod", at=benches.clock)


GOOD: list[dict[str, Any]] = [
    {},
    {"id": "urn:uuid:9c1f3b52-3a52-4d7e-9b57-2f5d3b1c0a11"},
    {"type": "VerifiablePresentation"},
    {"@context": [V2, EXAMPLES]},
    {"@context": [V2, {"Show": "https://x.example/#Show"}], "type": ["Show", "VerifiablePresentation"]},
]


@pytest.mark.parametrize("changes", GOOD)
def test_it_is_believed(benches: Benches, party: Party, changes: dict[str, Any]) -> None:
    answer = ask(benches, signed(benches, party, presentation(**changes)))
    assert answer.status_code == 200, answer.text
    assert answer.json()["verified"] is True


@pytest.mark.parametrize("whole", [False, True])
def test_its_holder_is_an_address_or_an_object(benches: Benches, party: Party, whole: bool) -> None:
    holder: Any = {"id": party.did} if whole else party.did
    document = presentation(holder=holder, verifiableCredential=[shown(benches, party)] * 2)
    answer = ask(benches, signed(benches, party, document))
    assert answer.status_code == 200, answer.text


def test_it_shows_enveloped_credentials_and_those_of_1_1(benches: Benches, party: Party) -> None:
    names = ("vc-jwt", "ecdsa-rdfc-2019-p384")
    items = [benches.issued("eddsa-rdfc-2022", version=V1), *map(benches.issued, names)]
    answer = ask(benches, signed(benches, party, presentation(verifiableCredential=items)))
    assert answer.status_code == 200, answer.text


BAD: list[dict[str, Any]] = [
    {"@context": GONE},
    {"@context": V2},
    {"@context": [EXAMPLES]},
    {"@context": [EXAMPLES, V2]},
    {"@context": [V2, "https://unpinned.example/v1"]},
    {"@context": [V2, "https ://no-address/v1"]},
    {"@context": [V2, 123192875]},
    {"type": GONE},
    {"type": []},
    {"type": ["Show"]},
    {"type": ["VerifiablePresentation", "VerifiableCredential"]},
    {"type": ["VerifiablePresentation", "Undefined"]},
    {"id": "no address"},
    {"id": None},
    {"holder": "no-address"},
    {"holder": {"name": "nobody"}},
    {"holder": {"id": "no-address"}},
    {"verifiableCredential": ["https://x.example/credentials/1"]},
    {"verifiableCredential": "token"},
    {"verifiableCredential": [5]},
    {"verifiableCredential": [{"@context": [V2], "type": ["Show"]}]},
    {"undefined": 5},
]


@pytest.mark.parametrize("changes", BAD)
def test_what_is_no_presentation_is_refused(benches: Benches, party: Party, changes: dict[str, Any]) -> None:
    document = presentation(**changes)
    # Signed over plain JSON, so that the signature holds whatever the document says.
    made = party.sign(
        document,
        purpose="authentication",
        at=benches.clock,
        suite="eddsa-jcs-2022",
        domain=DOMAIN,
        challenge=CHALLENGE,
    )
    assert ask(benches, made).status_code in (400, 422)
    assert ask(benches, document).status_code in (400, 422)


def test_without_a_proof_it_is_refused(benches: Benches) -> None:
    answer = ask(benches, presentation())
    assert (answer.status_code, answer.json()["code"]) == (422, "proof_missing")


def test_what_is_shown_must_hold_as_well(benches: Benches, party: Party) -> None:
    bare = credential(party.did)
    spoilt = {**shown(benches, party), "credentialSubject": {"id": "did:example:another"}}
    for item in (bare, spoilt):
        answer = ask(benches, signed(benches, party, presentation(verifiableCredential=[item])))
        assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    "changes",
    [
        {"proofValue": "z5nmMBw2u9TGKd9NxxHJtyZKgjN2Eh"},
        {"proofPurpose": "assertionMethod"},
        {"challenge": "another"},
        {"domain": "another.example"},
        {"challenge": GONE},
        {"created": "2026-03-11T00:00:00Z"},
    ],
)
def test_a_spoilt_proof_is_refused(benches: Benches, party: Party, changes: dict[str, Any]) -> None:
    made = signed(benches, party, presentation())
    proof = {**made["proof"], **changes}
    made["proof"] = {name: value for name, value in proof.items() if value is not GONE}
    assert ask(benches, made).status_code in (400, 422)


@pytest.mark.parametrize(
    ("options", "code"),
    [({"challenge": "another"}, "nonce_wrong"), ({"domain": "another.example"}, "audience_wrong")],
)
def test_it_is_for_one_who_asks_and_one_request(
    benches: Benches, party: Party, options: dict[str, str], code: str
) -> None:
    answer = ask(benches, signed(benches, party, presentation()), **options)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_an_enveloped_presentation(benches: Benches, party: Party) -> None:
    token = sign_presentation_jwt(
        presentation(holder=party.did),
        party.signer,
        issued_at=benches.clock,
        audience=DOMAIN,
        nonce=CHALLENGE,
    )
    made = envelope(token, presentation=True)
    assert ask(benches, made).status_code == 200
    spoilt: list[dict[str, Any]] = [
        {"@context": []},
        {"@context": EXAMPLES},
        {"@context": [EXAMPLES]},
        {"id": token},
        {"type": ["VerifiablePresentation"]},
        {"type": "EnvelopedVerifiableCredential"},
    ]
    for changes in spoilt:
        assert ask(benches, {**made, **changes}).status_code in (400, 422), changes
    untyped = {name: value for name, value in made.items() if name != "type"}
    assert ask(benches, untyped).status_code in (400, 422)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"verifiablePresentation": []},
        {"verifiablePresentation": {"type": ["NonconformingDocument"]}},
        {"verifiablePresentation": {"@context": [V2]}, "options": {"challenge": 5}},
        {"verifiablePresentation": {"@context": [V2]}, "options": {"domain": ["a", "b"]}},
        {"verifiableCredential": {"@context": [V2]}},
    ],
)
def test_a_body_of_another_form_is_refused(benches: Benches, body: Any) -> None:
    answer = benches.verifier.post("/conformance/presentations/verify", json=body)
    assert answer.status_code in (400, 422)


def test_a_credential_is_no_presentation_and_the_other_way_round(benches: Benches, party: Party) -> None:
    assert ask(benches, shown(benches, party)).status_code == 400
    assert benches.verify(signed(benches, party, presentation())).status_code == 400


def test_the_answer_holds_what_was_asked_for(benches: Benches, party: Party) -> None:
    spoilt = {**shown(benches, party), "credentialSubject": {"id": "did:example:another"}}
    document = presentation(holder=party.did, verifiableCredential=[shown(benches, party), spoilt])
    made = signed(benches, party, document)
    plain = ask(benches, made).json()
    assert {"verifiablePresentation", "results"}.isdisjoint(plain)
    full = ask(benches, made, returnPresentation=True, returnResults=True).json()
    assert (full["verified"], full["verifiablePresentation"]) == (False, made)
    own, inner = full["results"]["presentation"], full["results"]["credentials"]
    assert own == {
        "challenge": {"verified": True, "input": CHALLENGE},
        "domain": {"verified": True, "input": DOMAIN},
        "holder": {"verified": True, "input": party.did},
        "proof": [{"verified": True, "input": made["proof"]}],
    }
    assert [(one["verified"], one["credential"]) for one in inner] == [
        (True, document["verifiableCredential"][0]),
        (False, spoilt),
    ]
    assert inner[0]["problemDetails"] == []
    assert inner[1]["problemDetails"][0]["code"] == "signature_mismatch"
    assert inner[1]["results"]["proof"] == [{"verified": False, "input": spoilt["proof"]}]
