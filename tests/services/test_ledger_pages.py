"""The ledger's pages: what it is, and the story of a DID in plain words."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from certweave_ledger.service.story import tell
from tests.services.conftest import Clock
from tests.services.ledger import World, open_ledger, words

HTML = {"accept": "text/html"}


@pytest.fixture
def world(tmp_path: Path, clock: Clock) -> Iterator[World]:
    with open_ledger(tmp_path, clock) as opened:
        yield opened


def look(world: World, did: str, lang: str = "en") -> str:
    answer = world.client.get("/look", params={"did": did, "lang": lang}, headers=HTML)
    assert answer.status_code == 200
    return words(answer.text)


def test_the_first_page_says_what_this_is(world: World) -> None:
    page = world.client.get("/", headers=HTML).text
    assert "A ledger of identities" in page
    assert world.client.get("/about").json()["did"] in page


def test_the_story_of_a_did(world: World) -> None:
    first = world.make()
    world.publish("fa", "fa", first)
    second = world.extend(first, seed=2)
    world.publish("fa", "fa", second)
    page = look(world, first.did.text)
    assert "2 versions, each signed by its owner" in page
    assert page.index("Version 2") < page.index("Version 1") < page.index("The identity was made.")
    assert "It is kept on this ledger." in page
    world.publish("fa", "fa", world.end(second, seed=3))
    page = look(world, first.did.text)
    assert "This identity was ended" in page
    assert "A key was retired:" in page


def test_the_story_names_what_changed(world: World) -> None:
    chapters = tell(world.extend(world.make(), seed=2).history)
    assert [(one.number, len(one.keys_added), one.first) for one in chapters] == [(2, 0, False), (1, 1, True)]


@pytest.mark.parametrize(
    ("did", "said"),
    [
        ("did:web:ledger.example:nobody", "There is no such identity"),
        ("did:web:nobody.invalid", "We could not check this right now"),
        ("did:example:1", "We cannot check this"),
        ("hello", "It does not hold"),
        ("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "There is such an identity"),
    ],
)
def test_the_answer_comes_first_in_words(world: World, did: str, said: str) -> None:
    assert said in look(world, did)


@pytest.mark.parametrize(
    ("lang", "said"), [("de", "Diese Identität gibt es nicht"), ("ar", "لا توجد هوية كهذه")]
)
def test_pages_speak_other_languages(world: World, lang: str, said: str) -> None:
    assert said in look(world, "did:web:ledger.example:nobody", lang)


def test_pages_ask_no_other_host(world: World) -> None:
    for path in ("/", "/look?did=hello"):
        page = world.client.get(path, headers=HTML).text
        assert not re.findall(r'(?:src|href|action)="https?:', page)
