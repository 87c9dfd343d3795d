"""What the wallet's page says of a document: groups, and lines in the language of the reader."""

import pytest

from certweave_edge.i18n import Languages
from certweave_wallet.show.contents import Group, tell

LANGUAGES = Languages(["certweave_edge", "certweave_wallet"])
WATER = "https://vocabulary.uncefact.org/performance-metric/water-intensity"


def told(subject: object, lang: str = "en") -> tuple[list[Group], bool]:
    return tell({"credentialSubject": subject}, LANGUAGES.get(lang))


@pytest.mark.parametrize(
    ("member", "value", "label", "written"),
    [
        ("label", {"en": "Lint", "de": "Fasern"}, "Bezeichnung", "<bdi>Fasern</bdi>"),
        ("netWeight", {"value": 380, "unit": "KGM"}, "Nettogewicht", "380 kg"),
        ("share", 0.955, "Anteil", "95,5\u00a0%"),
        ("measure", {"value": 100, "unit": "P1"}, "Messwert", "100\u00a0%"),
        ("conformance", True, "Entspricht", "ja"),
        ("originCountry", {"countryCode": "TR", "countryName": "Turkey"}, "Herkunftsland", "Türkei"),
        ("eventDate", "2026-07-22", "Zeitpunkt", "22. Juli 2026"),
        ("disposition", "inTransit", "Verbleib", "unterwegs"),
        ("remark", "inTransit", "Bemerkung", '<bdi lang="">inTransit</bdi>'),
        ("product", {"id": "did:web:a.example", "name": "<b>"}, "Produkt", '<bdi lang="">&lt;b&gt;</bdi>'),
        ("buyer", "did:web:a.example%3A8443:mill", "Käufer", '<bdi lang="">a.example:8443/mill</bdi>'),
        ("buyer", "did:webvh:QmX:a.example:mill", "Käufer", '<bdi lang="">a.example/mill</bdi>'),
        ("buyer", "did:key:z6Mk", "Käufer", '<bdi lang="">did:key:z6Mk</bdi>'),
        ("idVerifiedByCAB", True, "Kennung von der Prüfstelle bestätigt", "ja"),
        (
            "schemes",
            "https://ofs.example/scheme/organic-fibre",
            "Standards",
            '<a href="https://ofs.example/scheme/organic-fibre" rel="noreferrer">Organic-Fibre-Standard</a>',
        ),
        (
            "schemes",
            "https://x.example/y",
            "Standards",
            '<a href="https://x.example/y" rel="noreferrer"><bdi dir="ltr">https://x.example/y</bdi></a>',
        ),
        ("schemes", ["a", "b"], "Standards", '<bdi lang="">a</bdi><br><bdi lang="">b</bdi>'),
        ("newMember", "x", '<span lang="en">New member</span>', '<bdi lang="">x</bdi>'),
        ("claimText", {"@value": "Wool", "@language": "en"}, "Wortlaut", '<bdi lang="">Wool</bdi>'),
        (
            "evidence",
            {"linkURL": "https://a.example/1", "linkName": "Proof"},
            "Beleg",
            '<a href="https://a.example/1" rel="noreferrer"><bdi lang="">Proof</bdi></a>',
        ),
        ("evidence", {"linkURL": "javascript:x", "linkName": "Proof"}, "Beleg", '<bdi lang="">Proof</bdi>'),
    ],
)
def test_a_line_is_in_the_language_of_the_reader(
    member: str, value: object, label: str, written: str
) -> None:
    (group,), complete = told({member: value}, "de")
    assert group.lines == ((label, written),)
    assert complete


def test_what_belongs_to_a_thing_stands_below_its_name() -> None:
    party = {"role": "brandOwner", "party": {"id": "x", "name": "Meadow", "registeredId": "7"}}
    (group,), _ = told({"type": ["Product"], "name": "Shirt", "relatedParty": [party]})
    assert group.lines == (("Name", '<bdi lang="">Shirt</bdi>'),)
    (inner,) = group.groups
    assert (inner.label, inner.name) == ("Brand owner", '<bdi lang="">Meadow</bdi>')
    assert inner.lines == (("Registered id", '<bdi lang="">7</bdi>'),)


def test_a_figure_is_named_by_its_metric_and_a_grade_by_its_scheme() -> None:
    figure = {"metric": {"id": WATER, "name": "Water intensity"}, "measure": {"value": 84, "unit": "LTR"}}
    scheme = {"id": "https://ofs.example/scheme/organic-fibre"}
    (group,), _ = told(
        {"referenceScheme": scheme, "claimedPerformance": [figure], "labelGrade": "organic"}, "de"
    )
    assert group.lines == (("Wasserverbrauch", "84 l"), ("Stufe des Labels", '<bdi lang="">Bio</bdi>'))


@pytest.mark.parametrize("subject", [None, "x", [], {}, {"image": "data:image/png;base64,AA"}, [3]])
def test_a_subject_that_says_nothing_has_no_group(subject: object) -> None:
    assert told(subject) == ([], True)


def test_a_very_long_document_is_cut_and_says_so() -> None:
    (group,), complete = told({"remark": [str(number) for number in range(151)]})
    assert not complete
    assert group.lines[0][1].count("<br>") == 149
