"""What a claim comes to where its certificate has no readable document, and which links are followed."""

from typing import Any

import pytest
from tests.support.shirt import ADDRESS, HOST, SHIRT
from tests.support.world import START

from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause
from certweave.examine.report import Check, Outcome, Report, Step
from certweave.product.answer import Assurance, Tone
from certweave.product.coverage import Scene
from certweave.product.links import Relation
from certweave.product.pieces import Piece, Reference, evidence_of, references_of
from certweave.product.standing import assurance_of, judge_claims

URL = "https://certs.example/organic"
CONFORMITY = Relation.CONFORMITY.url
UNREADABLE = Check(Step.READ, Outcome.INVALID, "json_syntax", "not JSON")
UNDECIDED = Check(Step.READ, Outcome.UNDECIDED, "limit_bytes", "too long", Cause.LIMIT)


@pytest.mark.parametrize(
    ("link", "check", "tone", "key"),
    [
        ({"linkType": CONFORMITY}, UNREADABLE, Tone.INVALID, "bad_other"),
        ({"linkType": CONFORMITY}, UNDECIDED, Tone.UNDECIDED, None),
        ({}, UNDECIDED, Tone.UNDECIDED, None),
        # A link that never said it leads to a credential may lead to a page for people.
        ({}, UNREADABLE, Tone.SAID, None),
    ],
)
def test_a_certificate_without_document_never_confirms(
    link: JsonObject, check: Check, tone: Tone, key: str | None
) -> None:
    claim = {"name": "Organic", "evidence": [{"linkURL": URL, **link}]}
    subject = {"id": SHIRT, "performanceClaim": [claim]}
    passport = Piece("https://x.example/p", Report((), START, "p", document={"credentialSubject": subject}))
    piece = Piece(URL, Report((check,), START, "p"), b"{")
    (answer,) = judge_claims(passport, {URL: piece}, Scene(HOST, ADDRESS, subject, "did:web:a.example"))
    assert answer.tone is tone
    assert key in (None, answer.standing.key)


@pytest.mark.parametrize(
    ("issuer", "level", "assurance"),
    [
        ("did:web:maker.example", "3rdParty", Assurance.SELF),
        ("did:web:owner.example", "3rdParty", Assurance.SELF),
        ("did:web:lab.example", "3rdParty", Assurance.THIRD_PARTY),
        ("did:web:lab.example", "unheard-of", None),
    ],
)
def test_who_certifies_themselves_is_no_third_party(
    issuer: str, level: str, assurance: Assurance | None
) -> None:
    subject = {"assessorLevel": level, "issuedToParty": {"id": "did:web:owner.example"}}
    document = {"issuer": {"id": issuer}, "credentialSubject": subject}
    piece = Piece(URL, Report((), START, "p", document=document))
    assert assurance_of(piece, "did:web:maker.example") is assurance


METRIC = {"metric": {"id": "urn:m", "name": "Share"}}
MEASURE = {"measure": {"value": 95, "unit": "P1"}}


@pytest.mark.parametrize(
    ("performance", "count"), [({**METRIC, **MEASURE}, 1), (METRIC, 0), (MEASURE, 0), ({}, 0)]
)
def test_a_figure_is_shown_with_what_it_measures(performance: JsonObject, count: int) -> None:
    subject = {"performanceClaim": [{"name": "Organic", "claimedPerformance": [performance]}]}
    passport = Piece("https://x.example/p", Report((), START, "p", document={"credentialSubject": subject}))
    (answer,) = judge_claims(passport, {}, Scene(HOST, ADDRESS, subject, "did:web:a.example"))
    assert [part.key for part in answer.basis] == ["basis_figure"] * count


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ({"linkURL": URL}, (Reference(URL),)),
        ({"linkURL": URL, "linkType": CONFORMITY}, (Reference(URL, None, Relation.CONFORMITY),)),
        ({"linkURL": "http://certs.example/organic"}, ()),
        ({"linkURL": 5}, ()),
        ({"linkURL": URL, "mediaType": "application/pdf"}, ()),
        ({"linkURL": URL, "linkType": "https://x.example/other"}, ()),
    ],
)
def test_evidence_is_followed_where_it_can_be_examined(
    link: JsonObject, found: tuple[Reference, ...]
) -> None:
    assert evidence_of({"evidence": [link]}) == found


@pytest.mark.parametrize(
    "subject",
    [
        "text",
        ["text"],
        {"relatedDocument": [{"linkURL": URL}]},
        {"transaction": {"inputs": [{"certificate": "http://certs.example/a"}, {"certificate": 5}]}},
    ],
)
def test_a_document_that_refers_to_nothing_readable_leads_nowhere(subject: Any) -> None:
    assert references_of({"credentialSubject": subject}) == ()


@pytest.mark.parametrize("url", ["https://[x", "https://x]/", "https://\u2100.example/", "https://x:y/"])
@pytest.mark.parametrize("unread", [True, False])
def test_an_address_that_nobody_can_read_confirms_nothing(url: str, unread: bool) -> None:
    claim = {"name": "Organic", "evidence": [{"linkURL": url, "linkType": CONFORMITY}]}
    subject = {"id": SHIRT, "performanceClaim": [claim]}
    passport = Piece("https://x.example/p", Report((), START, "p", document={"credentialSubject": subject}))
    scene = Scene(HOST, ADDRESS, subject, "did:web:a.example")
    piece = Piece(url, None) if unread else Piece(url, Report((UNREADABLE,), START, "p"), b"{")
    (answer,) = judge_claims(passport, {url: piece}, scene)
    assert answer.tone is (Tone.UNDECIDED if unread else Tone.INVALID)
