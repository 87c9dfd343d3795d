"""Attack: a maker links a certificate without the part that speaks against the product.

What a shopper is told rests on what the certificate does not say, too: no batch, no assessment that failed,
no site that another certificate is for. Shown in part, it is no green mark.
"""

import pytest
from tests.support.shirt import ADDRESS, HOST, SHIRT
from tests.support.world import START

from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import CREDENTIAL_STEPS, Check, Note, Outcome, Report
from certweave.product.answer import Tone
from certweave.product.coverage import Scene
from certweave.product.pieces import Piece
from certweave.product.standing import judge_claims

URL = "https://certs.example/organic"
CRITERION = {"id": "https://scheme.example/organic", "name": "Organic"}
CLAIM = {"name": "Organic", "referenceCriteria": [CRITERION], "evidence": [{"linkURL": URL}]}
HOLDS = tuple(Check(step, Outcome.VALID, f"{step.value}_holds", "it holds") for step in CREDENTIAL_STEPS)


def assessment(*, conforms: bool) -> JsonObject:
    return {
        "assessmentCriteria": [CRITERION],
        "conformance": conforms,
        "assessedProduct": [{"product": {"id": SHIRT}, "idVerifiedByCAB": True}],
    }


def certificate(*assessments: JsonObject) -> JsonObject:
    return {
        "type": ["VerifiableCredential", "DigitalConformityCredential"],
        "issuer": {"id": "did:web:lab.example", "name": "Lab"},
        "credentialSubject": {"assessorLevel": "3rdParty", "conformityAssessment": list(assessments)},
    }


def judged(document: JsonObject, *notes: Note) -> tuple[Tone, str]:
    subject = {"id": SHIRT, "performanceClaim": [CLAIM]}
    passport = Piece(
        "https://x.example/p", Report(HOLDS, START, "p", document={"credentialSubject": subject})
    )
    piece = Piece(URL, Report(HOLDS, START, "p", document=document, notes=notes), b"{}")
    (answer,) = judge_claims(passport, {URL: piece}, Scene(HOST, ADDRESS, subject, "did:web:a.example"))
    return answer.tone, answer.standing.key


def tone_of(document: JsonObject, *notes: Note) -> Tone:
    return judged(document, *notes)[0]


def test_as_a_whole_it_says_what_failed() -> None:
    good, failed = assessment(conforms=True), assessment(conforms=False)
    assert tone_of(certificate(good)) is Tone.VALID
    assert tone_of(certificate(good, failed)) is Tone.INVALID


@pytest.mark.parametrize("code", ["sd_part", "sd_withheld"])
def test_in_part_it_confirms_nothing(code: str) -> None:
    note = Note(code, "a part of a credential", "/proof")
    assert judged(certificate(assessment(conforms=True)), note) == (Tone.UNDECIDED, "open_part")
    assert tone_of(certificate(assessment(conforms=True)), Note("typ_absent", "", None)) is Tone.VALID
