"""Somebody whom others vouch for signs under a greater name: a page uses the name by which they are known."""

from collections.abc import Callable

import pytest
from tests.support.shirt import NAMES, Shirt
from tests.support.telling import tell

GREAT = "Ministry of Great Cotton"


def _issuer_of(document: str) -> Callable[[Shirt], None]:
    return lambda shirt: shirt.documents[document]["issuer"].update(name=GREAT)


def _maker(shirt: Shirt) -> None:
    shirt.documents["passport"]["credentialSubject"]["relatedParty"][0]["party"]["name"] = GREAT


def _spinner(shirt: Shirt) -> None:
    shirt.documents["event-ginning"]["credentialSubject"][0]["relatedParty"][0]["party"]["name"] = GREAT


WAYS: dict[str, tuple[Callable[[Shirt], None], str]] = {
    "a certifier, approved": (_issuer_of("organic"), NAMES["fa"]),
    "a laboratory, in the policy": (_issuer_of("laboratory"), NAMES["lab"]),
    "the maker, as issuer": (_issuer_of("passport"), NAMES["lindau"]),
    "the maker, as a party": (_maker, NAMES["lindau"]),
    "a supplier": (_spinner, NAMES["ege"]),
}


@pytest.mark.parametrize("way", WAYS)
def test_nobody_goes_by_a_name_of_their_choice(way: str) -> None:
    choose, known = WAYS[way]
    shirt = Shirt()
    choose(shirt)
    text = str(tell(shirt.publish()).to_json())
    assert GREAT not in text
    assert known in text
