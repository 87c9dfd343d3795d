"""Attack: beside something that nobody can verify right now, a wallet shows something that was not asked for.

The verdict is then undecided in any case, and the one who asked would see a valid certificate below it.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.selective import bind, ietf
from tests.support.verifier import Service, open_verifier
from tests.support.world import LEDGER_HOST, World

from certweave.encoding.multibase import base64url_decode
from certweave.encoding.strict_json import JsonObject

GOOD, BAD = "urn:example:certificate", "urn:example:other"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with open_verifier(World(), tmp_path) as opened:
        yield opened


def ask(service: Service, *names: str) -> JsonObject:
    meta = {"vct_values": [GOOD]}
    asked = [{"id": name, "format": "dc+sd-jwt", "meta": meta} for name in names]
    body = {"purpose": "We order yarn.", "dcql_query": {"credentials": asked}}
    made = dict(service.client.post("/requests", json=body, headers=service.token("fa")).json())
    token = service.client.get(f"/requests/{made['id']}").text.split(".")[1]
    return {**made, **json.loads(base64url_decode(token))}


@pytest.mark.parametrize(
    ("names", "shown", "code"),
    [
        (("a", "b"), {"a": GOOD, "b": GOOD}, None),
        (("a", "b"), {"a": BAD, "b": GOOD}, "answer_mismatch"),
        (("a",), {"a": GOOD, "z": GOOD}, "answer_unasked"),
        (("a", "b"), {"b": GOOD}, "answer_incomplete"),
    ],
    ids=["as asked", "another type", "more than asked", "less than asked"],
)
def test_what_can_be_matched_is(
    service: Service, names: tuple[str, ...], shown: dict[str, str], code: str | None
) -> None:
    world = service.world
    asked = ask(service, *names)
    for name in ("good", "open"):
        world.party(name)
    world.down.add(f"https://{LEDGER_HOST}/open/did.jsonl")
    token = {}
    for name, vct in shown.items():
        issuer = world.parties["open" if name in ("b", "z") else "good"]
        made = ietf(issuer, bound=True, vct=vct)
        token[name] = [bind(made, world, nonce=asked["nonce"], audience=asked["client_id"]).decode()]
    form = {"vp_token": json.dumps(token), "state": asked["state"]}
    said = service.client.post(f"/responses/{asked['id']}", data=form)
    assert said.json().get("code") == code
    found = service.client.get(f"/requests/{asked['id']}/result", headers=service.token("fa")).json()
    assert found["state"] == ("answered" if code is None else "waiting")
