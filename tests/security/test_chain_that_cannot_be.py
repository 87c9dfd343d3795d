"""Signed documents contradict each other: goods from nothing, from sales taken back, from tomorrow."""

from collections.abc import Callable

import pytest
from tests.support.shirt import FABRIC, FIBRE, YARN, Shirt
from tests.support.telling import tell

from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import Verdict
from certweave.product.answer import Tone


def _event(shirt: Shirt, name: str) -> JsonObject:
    found: JsonObject = shirt.documents[f"event-{name}"]["credentialSubject"][0]
    return found


def _deal(shirt: Shirt, name: str) -> JsonObject:
    found: JsonObject = shirt.attestation(name)["transaction"]
    return found


def _sell(kilograms: float) -> Callable[[Shirt], None]:
    def change(shirt: Shirt) -> None:
        weight = {"value": kilograms, "unit": "KGM"}
        _deal(shirt, "deal-yarn")["productLines"][0] |= {"netWeight": weight, "certifiedWeight": weight}

    return change


def _draw(value: float, unit: str) -> Callable[[Shirt], None]:
    def change(shirt: Shirt) -> None:
        _deal(shirt, "deal-yarn")["inputs"][0]["weightDrawn"] = {"value": value, "unit": unit}

    return change


def _sell_twice(shirt: Shirt) -> None:
    """Another sale draws the same 380 kg once more."""
    shirt._write_deal(
        "deal-other", ("urn:uuid:other", "Y-5", "cotton yarn"), 350, "2026-02-03", drawn="deal-fibre"
    )
    links = shirt.documents["passport"]["credentialSubject"]["relatedDocument"]
    deal = next(link for link in links if link["linkURL"] == shirt.url("deal-yarn"))
    links.append({**deal, "linkURL": shirt.url("deal-other")})


def _withdraw(name: str) -> Callable[[Shirt], None]:
    return lambda shirt: shirt.withdraw(name)


def _date(name: str, when: str) -> Callable[[Shirt], None]:
    return lambda shirt: _event(shirt, name).update(eventDate=when)


def _use(name: str, goods: tuple[str, str, str], kilograms: float) -> Callable[[Shirt], None]:
    return lambda shirt: _event(shirt, name).update(inputProduct=[shirt._goods(goods, kilograms)])


WAYS: dict[str, Callable[[Shirt], None]] = {
    "more sold than drawn": _sell(381),
    "more drawn than was sold": _draw(381, "KGM"),
    "drawn in tonnes": _draw(0.381, "TNE"),
    "drawn twice": _sell_twice,
    "the sale taken back": _withdraw("deal-yarn"),
    "the sale before it taken back": _withdraw("deal-fibre"),
    "used before it was made": _date("ginning", "2025-09-01T00:00:00Z"),
    "used before it was sold": _date("knitting", "2026-01-31T00:00:00Z"),
    "done tomorrow": _date("manufacturing", "2026-03-02T09:00:00Z"),
    "made of what it became": _use("harvest", FABRIC, 1),
    "more used than was made": _use("manufacturing", FABRIC, 331),
    "less than nothing used": _use("manufacturing", FABRIC, -1),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_chain_that_cannot_be_is_not_valid(way: str) -> None:
    shirt = Shirt()
    WAYS[way](shirt)
    answer = tell(shirt.publish())
    assert answer.verdict is Verdict.INVALID
    assert Tone.INVALID in {knot.tone for knot in answer.journey}


HONEST: dict[str, Callable[[Shirt], None]] = {
    "all of it sold": _sell(380),
    "drawn in grams": _draw(380_000, "GRM"),
    "used on the day of the sale, in the far east": _date("knitting", "2026-02-02T00:30:00+09:00"),
    "used a part": _use("manufacturing", FABRIC, 0.5),
    "another batch of yarn": _use("knitting", (YARN[0], "Y-5", YARN[2]), 9000),
    "goods of which nobody tells": _use("knitting", ("urn:uuid:9", "1", FIBRE[2]), 9000),
}


@pytest.mark.parametrize("way", HONEST)
def test_what_can_be_is_not_refused(way: str) -> None:
    shirt = Shirt()
    HONEST[way](shirt)
    assert tell(shirt.publish()).verdict is Verdict.VALID
