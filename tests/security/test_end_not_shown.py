"""Attack: a holder leaves out the end of a credential, or its status, and the report says that there is none.

An issuer who makes them mandatory is safe from that, as is who issues with this library; of a foreign one
nobody can know, and the report says so. The claims of a token end it, too, and the report has to say when.
"""

import json
from datetime import timedelta

import pytest
from tests.support.forging import judge
from tests.support.showing import EMBEDDED, SELECTIVE, credential, forge, shown, signer_of
from tests.support.suites import NOW, contexts
from tests.support.ways import entropy

from certweave.examine.report import Report, Step
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_proof
from certweave.proof.derive import derive_credential
from certweave.proof.sd_jwt.issue import present_sd_jwt, sign_sd_jwt
from certweave.proof.suites.registry import SUITES
from certweave.proof.suites.suite import Around, Hiding

AROUND = Around(contexts(), DEFAULT_LIMITS)
STATUS = {
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "1",
    "statusListCredential": "https://certs.example/lists/1",
}


def words(report: Report) -> tuple[str, str, str]:
    status = report.check(Step.STATUS)
    return report.check(Step.VALIDITY).detail, status.code, status.detail


@pytest.mark.parametrize("way", SELECTIVE)
def test_what_may_have_been_left_out_is_not_said_to_be_missing(way: str) -> None:
    drawn = entropy()
    document = credential(way, validUntil="2026-01-31T00:00:00Z", credentialStatus=STATUS)
    base = add_proof(
        document,
        signer_of(way),
        suite=SUITES[way],
        around=AROUND,
        created=NOW,
        purpose="assertionMethod",
        hiding=Hiding(drawn, ("/issuer",)),
    )
    part = derive_credential(base, ["/credentialSubject"], around=AROUND, entropy=drawn)
    report = judge(json.dumps(part))
    assert report.verdict == "valid"
    validity, code, status = words(report)
    assert validity == "from an unstated time; no end is shown, and one may have been left out"
    assert (code, status) == ("status_not_shown", "it shows no status list, and one may have been left out")


@pytest.mark.parametrize(
    ("hidden", "open_"),
    [("/validUntil", True), ("/name", True), ("/credentialSubject/name", False)],
    ids=["the end", "something beside it", "something inside"],
)
def test_what_stands_beside_the_end_of_an_sd_jwt_may_be_it(hidden: str, open_: bool) -> None:
    document = credential("vc+sd-jwt", validUntil="2026-01-31T00:00:00Z", name="A bale")
    if hidden != "/validUntil":
        del document["validUntil"]
    header = {"typ": "vc+sd-jwt"}
    made = sign_sd_jwt(document, signer_of("vc+sd-jwt"), header=header, hidden=[hidden], entropy=entropy())
    report = judge(present_sd_jwt(made, (), limits=DEFAULT_LIMITS))
    assert report.verdict == "valid"
    validity, code, _ = words(report)
    assert ("left out" in validity, code) == (open_, "status_not_shown" if open_ else "status_none")


@pytest.mark.parametrize("member", ["issuanceDate", "expirationDate"])
def test_an_end_of_vcdm_1_1_cannot_be_withheld_either(member: str) -> None:
    document = {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "type": ["VerifiableCredential"],
        "issuer": credential("vc+sd-jwt")["issuer"],
        "issuanceDate": "2026-01-01T00:00:00Z",
        "expirationDate": "2026-12-31T00:00:00Z",
        "credentialSubject": {"id": "https://id.example/1"},
    }
    made = sign_sd_jwt(
        document,
        signer_of("vc+sd-jwt"),
        header={"typ": "vc+sd-jwt"},
        hidden=[f"/{member}"],
        entropy=entropy(),
    )
    check = judge(made).check(Step.PROOF)
    assert (check.code, check.path) == ("sd_claim_withholdable", f"/{member}")


@pytest.mark.parametrize("way", [way for way in EMBEDDED if way not in SELECTIVE] + ["vc+sd-jwt"])
def test_what_is_whole_has_none(way: str) -> None:
    validity, code, status = words(judge(shown(way)))
    assert validity == "from 2026-01-01T00:00:00Z; it does not expire"
    assert (code, status) == ("status_none", "it names no status list: it cannot be withdrawn")


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (None, "2026-03-13T10:00:00Z"),
        ("2026-03-12T12:00:00Z", "2026-03-12T12:00:00Z"),
        ("2026-12-31T00:00:00Z", "2026-03-13T10:00:00Z"),
    ],
    ids=["of the token alone", "of the credential", "of the token"],
)
def test_a_token_ends_when_the_first_of_its_ends_comes(until: str | None, expected: str) -> None:
    document = credential("vc+jwt", **({"validUntil": until} if until else {}))
    day = timedelta(days=1)
    times = {"nbf": int((NOW - day).timestamp()), "exp": int((NOW + day).timestamp())}
    validity, *_ = words(judge(forge("vc+jwt", {**document, **times})))
    assert validity == f"from 2026-03-11T10:00:00Z to {expected}"
