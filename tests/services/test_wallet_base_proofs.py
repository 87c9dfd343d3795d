"""Documents with a base proof in the wallet: kept by their holder, shown as what is derived from them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from certweave.encoding.strict_json import JsonObject
from tests.support.asking import ask, look, result
from tests.support.disclosing import SUITES, crew, derive, secure, with_proof_bytes
from tests.support.holding import Purse, open_wallet
from tests.support.verifier import Service

IRI = "https://www.w3.org/2018/credentials#VerifiableCredential"
each = pytest.mark.parametrize("suite", SUITES)


@pytest.fixture
def purse(tmp_path: Path) -> Iterator[Purse]:
    with open_wallet(tmp_path / "wallet") as opened:
        yield opened


def base(purse: Purse, suite: str, holder: str | None = None) -> JsonObject:
    document = crew(suite)
    document["credentialSubject"] |= {"id": holder or purse.did()}
    return secure(suite, document)


def keep(purse: Purse, document: JsonObject) -> Any:
    return purse.call("POST", "/orgs/mill/credentials", {"verifiableCredential": document})


def question(*paths: list[Any]) -> JsonObject:
    asked: JsonObject = {"id": "c", "format": "ldp_vc", "meta": {"type_values": [[IRI]]}}
    if paths:
        asked["claims"] = [{"path": ["credentialSubject", *path]} for path in paths]
    return {"credentials": [asked]}


@each
def test_it_is_kept_and_shown_with_what_is_asked_for(purse: Purse, service: Service, suite: str) -> None:
    kept = keep(purse, base(purse, suite))
    assert kept.status_code == 201, kept.text
    path = f"/orgs/mill/credentials/{kept.json()['credentialId']}"
    whole = purse.call("GET", f"{path}?view=wallet").json()
    subject = crew(suite)["credentialSubject"]
    assert whole["withholdable"] == [f"/credentialSubject/{name}" for name in subject if name != "type"]
    assert purse.call("POST", f"{path}/look").json()["verdict"] == "valid"
    asked = ask(service, question(["name"], ["boats", None, "sail"]))
    seen = look(purse, asked)
    [choice] = seen["parts"][0]["choices"].values()
    assert choice["shown"] == ["/credentialSubject/name", "/credentialSubject/boats"]
    said = purse.call("POST", f"/orgs/mill/requests/{seen['requestId']}/answer", {})
    assert said.status_code == 200, said.text
    [found] = result(service, asked)["presentations"]
    assert (found["verdict"], found["holder"]) == ("valid", purse.did())
    shown = found["credentials"][0]["credentialSubject"]
    assert sorted(shown) == ["boats", "id", "name", "type"]
    assert sorted(boat["sail"] for boat in shown["boats"]) == ["Earth101", "Mars202", "Venus303"]
    assert not any("colour" in boat for boat in shown["boats"])


@each
def test_without_claims_and_to_the_public_only_whose_it_is(
    purse: Purse, service: Service, suite: str
) -> None:
    kept = keep(purse, base(purse, suite)).json()
    asked = ask(service, question())
    seen = look(purse, asked)
    purse.call("POST", f"/orgs/mill/requests/{seen['requestId']}/answer", {})
    [found] = result(service, asked)["presentations"]
    least = {"type": ["Crew"], "id": purse.did()}
    assert found["credentials"][0]["credentialSubject"] == least
    path = f"/orgs/mill/credentials/{kept['credentialId']}"
    purse.call("POST", f"{path}/publish")
    for accept in ("application/vc", "application/json", "text/html"):
        public = purse.client.get(path, headers={"accept": accept})
        assert public.status_code == 200
        assert "Lahaina" not in public.text
    exact = json.loads(purse.client.get(path, headers={"accept": "application/vc"}).content)
    assert exact["credentialSubject"] == least
    assert purse.world.examine(json.dumps(exact).encode()).verdict == "valid"
    mine = purse.call("GET", path, accept="application/vc")
    assert (mine.headers["cache-control"], "Lahaina" in mine.text) == ("no-store", True)


@each
def test_what_does_not_hold_is_not_kept(purse: Purse, suite: str) -> None:
    good = base(purse, suite)
    changed = json.loads(json.dumps(good))
    changed["credentialSubject"]["name"] = "Another crew"
    other = base(purse, suite, "did:web:somebody.example")
    for document in (changed, other, with_proof_bytes(good, b"\xd9\x5d\x00")):
        said = keep(purse, document)
        assert said.status_code in (400, 422), said.text
    assert purse.call("GET", "/orgs/mill/credentials").json() == {"credentials": []}


@each
def test_what_names_nobody_any_more_is_not_kept(purse: Purse, suite: str) -> None:
    said = keep(purse, derive(suite, "/credentialSubject/name"))
    assert (said.status_code, said.json()["code"]) == (422, "holder_foreign")
