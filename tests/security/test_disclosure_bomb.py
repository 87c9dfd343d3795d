"""Attack: disclosures in numbers, in depth, or that multiply, to spend the reader's time and memory."""

import pytest
from tests.support.cost import spent, start
from tests.support.selective import sign_raw
from tests.support.world import Party, World, outcome

from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.proof.sd_jwt.token import digest_of


def chain(depth: int) -> tuple[JsonObject, list[str]]:
    """Disclosures that stand inside of each other."""
    payload: JsonObject = {}
    disclosures: list[str] = []
    inner = "1"
    for number in range(depth):
        text = base64url_encode(f'["salt {number}", "a", {inner}]'.encode())
        disclosures.append(text)
        inner = f'{{"_sd": ["{digest_of(text, {})}"]}}'
        payload = {"_sd": [digest_of(text, {})]}
    return payload, disclosures


def many(count: int, value: str = "1") -> tuple[JsonObject, list[str]]:
    """Disclosures beside each other."""
    texts = [base64url_encode(f'["s", "{number}", {value}]'.encode()) for number in range(count)]
    return {"_sd": [digest_of(text, {}) for text in texts]}, texts


def doubling(depth: int) -> tuple[JsonObject, list[str]]:
    """Each says the next one twice: put in as often as it is named, it would be 2^depth."""
    payload: JsonObject = {}
    disclosures: list[str] = []
    inner = '"x"'
    for number in range(depth):
        text = base64url_encode(f'["salt {number}", {inner}]'.encode())
        disclosures.append(text)
        element = f'{{"...": "{digest_of(text, {})}"}}'
        inner = f"[{element}, {element}]"
        payload = {"list": [{"...": digest_of(text, {})}] * 2}
    return payload, disclosures


def source(issuer: Party, bomb: tuple[JsonObject, list[str]]) -> bytes:
    payload, disclosures = bomb
    return sign_raw(issuer, {"iss": issuer.did, "vct": "urn:x:y", **payload}, *disclosures)


@pytest.mark.parametrize(
    ("bomb", "found"),
    [
        (chain(60), "valid:read_holds"),
        (chain(70), "undecided:limit"),
        (chain(1000), "undecided:limit"),
        (many(1024), "valid:read_holds"),
        (many(1025), "undecided:limit"),
        (many(1000, "[" + "1," * 200 + "1]"), "undecided:limit"),
        (many(1, "[" * 70 + "]" * 70), "undecided:limit"),
        (doubling(30), "invalid:sd_digest_repeated"),
    ],
    ids=["chain 60", "chain 70", "chain 1000", "1024", "1025", "wide", "deep", "doubling"],
)
def test_the_work_is_bounded(bomb: tuple[JsonObject, list[str]], found: str) -> None:
    world = World()
    token = source(world.party("issuer"), bomb)
    started = start()
    assert outcome(world.examine(token), "read") == found
    assert spent(started) < 2
