"""Every suite through the whole examination: both data models, sets and chains, many threads."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from tests.support.keys import ED25519, P256, P384
from tests.support.suites import NOW, PAIRS, draft, judge, name_of, sign

from certweave.encoding.strict_json import JsonObject
from certweave.errors import UndecidedError
from certweave.examine.report import Report
from certweave.keys.model import PrivateKey
from certweave.proof.suites.registry import SUITES
from certweave.proof.suites.suite import Suite

EACH = pytest.mark.parametrize(("suite", "key"), PAIRS, ids=name_of)
V1 = "https://www.w3.org/2018/credentials/v1"
FIRST, SECOND = (
    "urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544",
    "urn:uuid:8cc9022b-6b14-4cf3-8571-74972c5feb54",
)


def older(key: PrivateKey, **members: Any) -> JsonObject:
    """Return an unsigned credential of VCDM 1.1."""
    document = draft(key, **{"@context": [V1], "issuanceDate": "2026-01-01T00:00:00Z", **members})
    document["credentialSubject"] = {"id": "https://id.example/1"}
    return {name: value for name, value in document.items() if name != "validFrom"}


def codes(report: Report) -> list[str]:
    return [check.code for check in report.checks if check.outcome in ("invalid", "undecided")]


@EACH
def test_a_credential_of_either_model(suite: Suite, key: PrivateKey) -> None:
    for document in (draft(key), older(key)):
        signed = sign(document, suite, key)
        report = judge(signed)
        assert (report.verdict, codes(report)) == ("valid", [])
        assert report.document == {name: value for name, value in signed.items() if name != "proof"}
        assert suite.name in next(check.detail for check in report.checks if check.step == "proof")
        signed["issuer"] = "did:web:thief.example"
        assert judge(signed).verdict == "invalid"


def test_every_suite_signs_one_document() -> None:
    """A set of all: none needs the others, and one that is broken breaks the set."""
    document = draft(ED25519, issuer=draft(ED25519)["issuer"])
    document["@context"] = [*document["@context"], "https://w3id.org/security/suites/ed25519-2020/v1"]
    for suite, key in PAIRS:
        document = sign(document, suite, key)
    assert judge(document).verdict == "valid"
    assert len(document["proof"]) == len(PAIRS)
    for number in range(len(PAIRS)):
        proofs = [dict(proof) for proof in document["proof"]]
        proofs[number]["created"] = "2026-03-12T09:59:59Z"
        assert codes(judge({**document, "proof": proofs})) == ["signature_mismatch"]


@EACH
def test_a_chain_over_a_proof_of_any_suite(suite: Suite, key: PrivateKey) -> None:
    first = sign(draft(key), suite, key, proof_id=FIRST)
    for follower, other in (
        ("eddsa-jcs-2022", ED25519),
        ("ecdsa-rdfc-2019", P384),
        ("ecdsa-rdfc-2019", P256),
    ):
        second = sign(first, SUITES[follower], other, previous_proof=FIRST, proof_id=SECOND)
        third = sign(second, SUITES["ecdsa-jcs-2019"], P256, previous_proof=[FIRST, SECOND])
        assert judge(third).verdict == "valid"
        proofs = [dict(proof) for proof in third["proof"]]
        proofs[0]["created"] = "2026-03-12T09:59:59Z"
        assert judge({**third, "proof": proofs}).verdict == "invalid"
        missing = judge({**third, "proof": third["proof"][1:]})
        assert codes(missing) == ["previous_proof_missing"]


@EACH
def test_what_a_proof_says_about_itself(suite: Suite, key: PrivateKey) -> None:
    hour = timedelta(hours=1)
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"expires": NOW + hour}, []),
        ({"expires": NOW}, ["proof_expired"]),
        ({"created": NOW + hour}, ["proof_from_future"]),
        ({"purpose": "authentication"}, ["proof_purpose"]),
        ({"created": None}, ["proof_malformed"] if suite.created_required else []),
    ]
    for options, found in cases:
        report = judge(sign(draft(key), suite, key, **options))
        assert codes(report) == found, options


@EACH
def test_a_context_that_is_not_pinned_is_no_verdict(suite: Suite, key: PrivateKey) -> None:
    document = draft(key)
    document["@context"] = [*document["@context"], "https://unknown.example/context"]
    if suite.contexts:
        with pytest.raises(UndecidedError) as caught:
            sign(document, suite, key)
        assert (caught.value.code, caught.value.path) == ("context_unpinned", "/@context/1")
        report = judge({**sign(draft(key), suite, key), "@context": document["@context"]})
        open_steps = [(check.step, check.code) for check in report.checks if check.outcome == "undecided"]
        assert (report.verdict, open_steps) == ("undecided", [("signature", "context_unpinned")])
        return
    report = judge(sign(document, suite, key))
    assert (report.verdict, codes(report)) == ("undecided", ["context_unpinned"])


def test_many_threads_come_to_the_same_verdicts() -> None:
    """Eight threads over all suites, models and ways to spoil a document, in different orders."""
    cases: list[tuple[JsonObject, str]] = []
    for suite, key in PAIRS:
        for document in (draft(key), older(key)):
            signed = sign(document, suite, key)
            cases.append((signed, "valid"))
            cases.append(({**signed, "id": "urn:uuid:1"}, "invalid"))
            cases.append(({**signed, "credentialSubject": {"id": "urn:x:1", "colour": "red"}}, "invalid"))

    def work(start: int) -> list[str]:
        turned = cases[start:] + cases[:start]
        return [
            f"{start}: {report.verdict} for {expected} {document['proof']}"
            for document, expected in turned * 4
            if (report := judge(document)).verdict != expected
        ]

    with ThreadPoolExecutor(8) as pool:
        wrong = [line for lines in pool.map(work, range(0, 8 * 5, 5)) for line in lines]
    assert wrong == []
