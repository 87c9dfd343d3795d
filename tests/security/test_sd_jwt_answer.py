"""Attacks on a verifier that asked for an SD-JWT: each answer is refused, and the request stays open.

The thief has seen the token, and holds whatever was disclosed to them; the holder's key they do not have.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.selective import bind, ietf, shorten, w3c
from tests.support.verifier import Service, open_verifier
from tests.support.world import Party, World

from certweave.encoding.multibase import base64url_decode
from certweave.encoding.strict_json import JsonObject
from certweave.keys.jwk import make_private_key
from certweave.keys.model import Algorithm

TYPES = {
    "dc+sd-jwt": {"vct_values": ["urn:example:certificate"]},
    "vc+sd-jwt": {"type_values": [["https://www.w3.org/2018/credentials#VerifiableCredential"]]},
}
CLAIM = {"dc+sd-jwt": "/grade", "vc+sd-jwt": "/credentialSubject/name"}
OTHER = make_private_key(Algorithm.P256, entropy=lambda size: bytes(range(2, size + 2)))
each = pytest.mark.parametrize("form", TYPES)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with open_verifier(World(), tmp_path) as opened:
        yield opened


def make(issuer: Party, form: str, **more: Any) -> str:
    made = ietf if form == "dc+sd-jwt" else w3c
    return made(issuer, CLAIM[form], bound=True, **more)


def ask(service: Service, form: str) -> JsonObject:
    path = CLAIM[form].strip("/").split("/")
    asked = {"id": "c", "format": form, "meta": TYPES[form], "claims": [{"path": path}]}
    body = {"purpose": "We order yarn.", "dcql_query": {"credentials": [asked]}}
    said = service.client.post("/requests", json=body, headers=service.token("fa"))
    assert said.status_code == 201, said.text
    made = dict(said.json())
    token = service.client.get(f"/requests/{made['id']}").text.split(".")[1]
    return {**made, **decode(token)}


def decode(text: str) -> JsonObject:
    return dict(json.loads(base64url_decode(text)))


def send(service: Service, asked: JsonObject, shown: list[Any]) -> tuple[int, JsonObject]:
    form = {"vp_token": json.dumps({"c": shown}), "state": asked["state"]}
    said = service.client.post(f"/responses/{asked['id']}", data=form)
    return said.status_code, dict(said.json())


def state(service: Service, asked: JsonObject) -> str:
    said = service.client.get(f"/requests/{asked['id']}/result", headers=service.token("fa"))
    return str(said.json()["state"])


def bound(service: Service, asked: JsonObject, token: str, **more: Any) -> str:
    named = {"nonce": asked["nonce"], "audience": asked["client_id"], **more}
    return bind(token, service.world, **named).decode()


@each
def test_the_honest_answer_is_taken(service: Service, form: str) -> None:
    token, asked = make(service.world.party("issuer"), form), ask(service, form)
    assert send(service, asked, [bound(service, asked, token)]) == (200, {})
    assert state(service, asked) == "answered"


Spoil = Callable[[Service, JsonObject, str, str], str]


ATTACKS: dict[str, tuple[Spoil, str]] = {
    "no key binding": (lambda s, a, t, f: t, "key_binding_missing"),
    "for another verifier": (lambda s, a, t, f: bound(s, a, t, audience="x:y"), "audience_wrong"),
    "for the name without its prefix": (
        lambda s, a, t, f: bound(s, a, t, audience=a["client_id"].partition(":")[2]),
        "audience_wrong",
    ),
    "for another request": (lambda s, a, t, f: bound(s, a, t, nonce="another"), "nonce_wrong"),
    "by the key of somebody else": (
        lambda s, a, t, f: bound(s, a, t, key=OTHER),
        "signature_mismatch",
    ),
    "more than was bound": (
        lambda s, a, t, f: "~".join([t.rstrip("~"), *bound(s, a, shorten(t)).rsplit("~", 1)[1:]]),
        "key_binding_mismatch",
    ),
    "less than was bound": (
        lambda s, a, t, f: shorten(t) + bound(s, a, t).rsplit("~", 1)[1],
        "key_binding_mismatch",
    ),
    "less than was asked for": (lambda s, a, t, f: bound(s, a, shorten(t)), "answer_mismatch"),
    "a disclosure twice": (
        lambda s, a, t, f: t + t.split("~")[1] + "~" + bound(s, a, t).rsplit("~", 1)[1],
        "sd_disclosure_repeated",
    ),
    "a disclosure of another credential": (
        lambda s, a, t, f: bound(s, a, _with_strange(s, t, f)),
        "sd_disclosure_unreferenced",
    ),
}


def _with_strange(service: Service, token: str, form: str) -> str:
    more: dict[str, Any] = {"grade": "B"}
    if form == "vc+sd-jwt":
        more = {"credentialSubject": {"id": "did:example:holder", "name": "Gold"}}
    other = make(service.world.parties["issuer"], form, **more)
    return token + other.split("~")[1] + "~"


@each
@pytest.mark.parametrize("name", ATTACKS)
def test_an_answer_that_breaks_a_rule_is_refused(service: Service, form: str, name: str) -> None:
    spoil, code = ATTACKS[name]
    token, asked = make(service.world.party("issuer"), form), ask(service, form)
    status, said = send(service, asked, [spoil(service, asked, token, form)])
    assert (status, said["error"], said["code"]) == (400, "invalid_request", code)
    assert state(service, asked) == "waiting"
    assert send(service, asked, [bound(service, asked, token)])[0] == 200


def test_another_type_is_no_answer(service: Service) -> None:
    issuer, asked = service.world.party("issuer"), ask(service, "dc+sd-jwt")
    for vct in ("urn:example:certificate2", "URN:EXAMPLE:CERTIFICATE", "urn:example:certificat"):
        token = ietf(issuer, "/grade", bound=True, vct=vct)
        status, said = send(service, asked, [bound(service, asked, token)])
        assert (status, said["code"]) == (400, "answer_mismatch")


def test_a_w3c_credential_that_calls_itself_by_a_vct_is_no_answer(service: Service) -> None:
    issuer, asked = service.world.party("issuer"), ask(service, "dc+sd-jwt")
    token = w3c(issuer, bound=True, vct="urn:example:certificate")
    assert send(service, asked, [bound(service, asked, token)])[0] == 400
    assert state(service, asked) == "waiting"


@each
def test_two_where_one_was_asked_for(service: Service, form: str) -> None:
    token, asked = make(service.world.party("issuer"), form), ask(service, form)
    status, said = send(service, asked, [bound(service, asked, token)] * 2)
    assert (status, said["code"]) == (400, "answer_many")


@each
def test_more_than_is_read(service: Service, form: str) -> None:
    token, asked = make(service.world.party("issuer"), form), ask(service, form)
    status, _ = send(service, asked, [bound(service, asked, token) + "A" * 1_100_000])
    assert status in (400, 413)
    assert state(service, asked) == "waiting"
