"""Asking for a certificate by OpenID4VP: the request, the answer, and everything that is no answer."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx import Response

from certweave.encoding.strict_json import JsonObject
from certweave.exchange.vp_request import (
    PresentationRequest,
    check_request,
    parse_request,
    parse_request_link,
    verify_request,
)
from certweave.exchange.vp_response import make_refusal_body, make_response_body, make_vp_token
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.vc_jwt import envelope
from certweave_edge.accounts import Scope
from tests.support.selective import bind, ietf, shorten, w3c
from tests.support.verifier import PUBLIC, Service, open_verifier
from tests.support.world import Party, World, plain_credential

FORM = {"content-type": "application/x-www-form-urlencoded"}
CREDENTIAL = "https://www.w3.org/2018/credentials#VerifiableCredential"
ANY = {
    "credentials": [
        {
            "id": "any",
            "format": "vc+jwt",
            "meta": {"type_values": [[CREDENTIAL]]},
        }
    ]
}

BY_AUTHORITY = {**ANY["credentials"][0], "trusted_authorities": [{"type": "aki", "values": ["s9tIpPmh"]}]}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def service(world: World, tmp_path: Path) -> Iterator[Service]:
    with open_verifier(world, tmp_path) as opened:
        yield opened


@pytest.fixture
def holder(world: World) -> Party:
    return world.party("mill")


def ask(service: Service, org: str = "fa", **body: Any) -> JsonObject:
    """Ask as an organisation; return the question."""
    wanted = {"purpose": "We order yarn from you.", "dcql_query": ANY, **body}
    answer = service.client.post("/requests", json=wanted, headers=service.token(org))
    assert answer.status_code == 201, answer.text
    said: JsonObject = answer.json()
    return said


def read(service: Service, question: JsonObject) -> PresentationRequest:
    """Do what a wallet does with the link: fetch, check and verify the request."""
    link = parse_request_link(question["openid4vp"], limits=DEFAULT_LIMITS)
    answer = service.client.get(link.request_uri.removeprefix(PUBLIC))
    assert answer.headers["content-type"] == "application/oauth-authz-req+jwt"
    request = parse_request(answer.text, limits=DEFAULT_LIMITS)
    check_request(request, link, now=service.world.clock, limits=DEFAULT_LIMITS)
    verifier = service.world.parties["verifier"]
    assert request.did.text == verifier.did
    verify_request(request, verifier.key.public)
    return request


def certificate(world: World, holder: Party) -> JsonObject:
    issuer = world.parties.get("fa") or world.party("fa")
    return envelope(issuer.issue(plain_credential(issuer, holder=holder.did)).decode())


def show(holder: Party, request: PresentationRequest, *held: JsonObject, **changes: Any) -> str:
    """Return the form body with which a holder answers; ``changes`` spoil it."""
    shown = holder.present(
        list(held),
        audience=changes.get("audience", request.client_id),
        nonce=changes.get("nonce", request.nonce),
    ).decode()
    token = make_vp_token({changes.get("query", "any"): [shown] * changes.get("times", 1)})
    return make_response_body(token, state=changes.get("state", request.state))


def post(service: Service, request: PresentationRequest, body: str) -> Response:
    return service.client.post(request.response_uri.removeprefix(PUBLIC), content=body, headers=FORM)


def result(service: Service, question: JsonObject, org: str = "fa") -> Response:
    return service.client.get(f"/requests/{question['id']}/result", headers=service.token(org))


def test_a_certificate_is_asked_for_and_shown(service: Service, world: World, holder: Party) -> None:
    question = ask(service)
    assert question["request_uri"].startswith(f"{PUBLIC}/requests/")
    assert question["qr"].startswith("<svg")
    assert result(service, question).json()["state"] == "waiting"
    request = read(service, question)
    answer = post(service, request, show(holder, request, certificate(world, holder)))
    assert (answer.status_code, answer.json()) == (200, {})
    said = result(service, question).json()
    assert (said["state"], said["verdict"]) == ("answered", "valid")
    [shown] = said["presentations"]
    assert shown["holder"] == holder.did
    assert shown["credentials"][0]["credentialSubject"]["name"] == "A bale of cotton"


def test_a_preset_asks_for_its_type(service: Service) -> None:
    question = ask(service, preset="scope-certificate", dcql_query=None)
    query = read(service, question).query
    assert [one.format for one in query.credentials] == ["vc+jwt", "vc+sd-jwt", "ldp_vc"]
    assert [one.options for one in query.sets] == [tuple((one.id,) for one in query.credentials)]
    for asked in query.credentials:
        assert any("ScopeCertificate" in name for name in next(iter(asked.type_values)))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"audience": "https://other.example"}, "audience_wrong"),
        ({"nonce": "another"}, "nonce_wrong"),
        ({"state": "another"}, "state_mismatch"),
        ({"query": "unasked"}, "answer_unasked"),
        ({"times": 2}, "answer_many"),
    ],
)
def test_what_is_no_answer_leaves_the_request_open(
    service: Service, world: World, holder: Party, changes: dict[str, Any], code: str
) -> None:
    question = ask(service)
    request = read(service, question)
    held = certificate(world, holder)
    answer = post(service, request, show(holder, request, held, **changes))
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["error"] == "invalid_request"
    assert result(service, question).json()["state"] == "waiting"
    assert post(service, request, show(holder, request, held)).status_code == 200


def test_somebody_elses_certificate_is_refused(service: Service, world: World, holder: Party) -> None:
    thief = world.party("thief")
    request = read(service, ask(service))
    answer = post(service, request, show(thief, request, certificate(world, holder)))
    assert (answer.status_code, answer.json()["code"]) == (400, "holder_foreign")


@pytest.mark.parametrize(("count", "code"), [(0, "shape"), (2, "presentation_missing")])
def test_each_presentation_shows_one_certificate(
    service: Service, world: World, holder: Party, count: int, code: str
) -> None:
    request = read(service, ask(service))
    answer = post(service, request, show(holder, request, *[certificate(world, holder)] * count))
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_bare_credential_is_no_presentation(service: Service, world: World, holder: Party) -> None:
    request = read(service, ask(service))
    token = certificate(world, holder)["id"].partition(",")[2]
    body = make_response_body(make_vp_token({"any": [token]}), state=request.state)
    assert post(service, request, body).json()["code"] == "presentation_expected"


def test_another_type_than_asked_for_is_refused(service: Service, world: World, holder: Party) -> None:
    request = read(service, ask(service, preset="scope-certificate", dcql_query=None))
    body = show(holder, request, certificate(world, holder), query="scope-certificate")
    assert post(service, request, body).json()["code"] == "answer_mismatch"


def test_a_withdrawn_certificate_is_an_answer(service: Service, world: World, holder: Party) -> None:
    issuer = world.party("fa")
    document = plain_credential(issuer, holder=holder.did, credentialStatus=issuer.entry(5))
    held = envelope(issuer.issue(document).decode())
    issuer.set_status(5, True)
    question = ask(service)
    request = read(service, question)
    assert post(service, request, show(holder, request, held)).status_code == 200
    said = result(service, question).json()
    assert (said["state"], said["verdict"]) == ("answered", "invalid")
    assert said["presentations"][0]["credentials"] == []


def test_a_refusal_is_taken(service: Service) -> None:
    question = ask(service)
    request = read(service, question)
    body = make_refusal_body("access_denied", description="", state=request.state)
    assert post(service, request, body).status_code == 200
    said = result(service, question).json()
    assert (said["state"], said["error"], said["verdict"]) == ("refused", "access_denied", None)


def test_a_request_ends(service: Service, world: World, holder: Party) -> None:
    question = ask(service)
    request = read(service, question)
    body = show(holder, request, certificate(world, holder))
    world.clock += timedelta(minutes=11)
    assert post(service, request, body).status_code == 410
    assert service.client.get(f"/requests/{question['id']}").status_code == 410
    assert result(service, question).json()["state"] == "expired"


def test_only_who_asked_sees_the_result(service: Service) -> None:
    question = ask(service)
    assert result(service, question, "other").status_code == 404
    assert service.client.get(f"/requests/{question['id']}/result").status_code == 401
    headers = service.token("fa", Scope.STATUS)
    assert service.client.get(f"/requests/{question['id']}/result", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {"purpose": "x"},
        {"purpose": "", "preset": "certificate"},
        {"purpose": "x", "preset": "unknown"},
        {"purpose": "x", "preset": "certificate", "dcql_query": ANY},
        {"purpose": "x\0y", "preset": "certificate"},
        {"purpose": "x\ud800", "preset": "certificate"},
        {"purpose": "x", "dcql_query": {}},
        {"purpose": "x", "dcql_query": {**ANY, "more": "\ud800"}},
        {"purpose": "x", "dcql_query": {"credentials": []}},
        {
            "purpose": "x",
            "dcql_query": {"credentials": [BY_AUTHORITY]},
        },
    ],
)
def test_a_bad_question_is_refused(service: Service, body: dict[str, Any]) -> None:
    content = json.dumps(body)
    headers = {"content-type": "application/json"}
    answer = service.client.post("/requests", content=content, headers=headers | service.token("fa"))
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert service.client.post("/requests", content=content, headers=headers).status_code == 401


@pytest.mark.parametrize("body", ["", "vp_token=%7B%7D", "vp_token=x&state=y", "a", '{"vp_token": 1}'])
def test_noise_is_refused(service: Service, body: str) -> None:
    question = ask(service)
    answer = service.client.post(f"/responses/{question['id']}", content=body, headers=FORM)
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_request"


def test_without_an_identity_nobody_is_asked(world: World, tmp_path: Path) -> None:
    with open_verifier(world, tmp_path, asking=False) as service:
        body = {"purpose": "x", "preset": "certificate"}
        answer = service.client.post("/requests", json=body, headers=service.token("fa"))
    assert (answer.status_code, answer.json()["code"]) == (503, "identity_missing")


def selective(kind: str, **meta: Any) -> JsonObject:
    return {"credentials": [{"id": "any", "format": kind, "meta": meta, "claims": [{"path": ["name"]}]}]}


CERTIFICATE = selective("dc+sd-jwt", vct_values=["urn:example:certificate"])


def shown_bound(request: PresentationRequest, token: str, world: World, **changes: Any) -> str:
    asked = {"audience": request.client_id, "nonce": request.nonce, **changes}
    presentation = bind(token, world, **asked).decode()
    return make_response_body(make_vp_token({"any": [presentation]}), state=request.state)


def test_an_sd_jwt_vc_is_shown_by_its_key_binding(service: Service, world: World) -> None:
    question = ask(service, dcql_query=CERTIFICATE)
    request = read(service, question)
    token = ietf(world.party("fa"), "/name", "/grade", bound=True)
    for body, code in (
        (shown_bound(request, shorten(token, "/grade"), world), "answer_mismatch"),
        (shown_bound(request, token, world, nonce="another"), "nonce_wrong"),
        (shown_bound(request, token, world, audience="https://x.example"), "audience_wrong"),
        (make_response_body(make_vp_token({"any": [token]}), state=request.state), "key_binding_missing"),
    ):
        answer = post(service, request, body)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
    good = shown_bound(request, shorten(token, "/name"), world)
    assert post(service, request, good).status_code == 200
    said = result(service, question).json()
    assert (said["state"], said["verdict"]) == ("answered", "valid")
    [shown] = said["presentations"]
    assert shown["holder"] is None
    [document] = shown["credentials"]
    assert document["sdJwtVc"]["name"] == "A bale"
    assert "grade" not in document["sdJwtVc"]


def test_an_expired_certificate_that_is_shown_by_its_key_is_an_answer(service: Service, world: World) -> None:
    question = ask(service, dcql_query=CERTIFICATE)
    request = read(service, question)
    ended = int(world.clock.timestamp()) - 4000
    token = ietf(world.party("fa"), "/name", bound=True, exp=ended)
    assert post(service, request, shown_bound(request, token, world)).status_code == 200
    said = result(service, question).json()
    assert (said["state"], said["verdict"]) == ("answered", "invalid")
    assert said["presentations"][0]["credentials"] == []


def unproven(kind: str, meta: JsonObject) -> JsonObject:
    asked = {"id": "any", "format": kind, "meta": meta, "require_cryptographic_holder_binding": False}
    return {"credentials": [asked]}


@pytest.mark.parametrize("kind", ["vc+jwt", "ldp_vc", "vc+sd-jwt", "dc+sd-jwt"])
def test_a_credential_alone_answers_who_wants_no_holder(service: Service, world: World, kind: str) -> None:
    issuer = world.party("fa")
    meta: JsonObject = {} if kind == "dc+sd-jwt" else {"type_values": [[CREDENTIAL]]}
    document = plain_credential(issuer, holder="did:example:holder")
    made: dict[str, Any] = {
        "vc+jwt": issuer.issue(document).decode(),
        "ldp_vc": json.loads(issuer.embed(document)),
        "vc+sd-jwt": w3c(issuer, bound=True),
        "dc+sd-jwt": ietf(issuer, bound=True),
    }
    question = ask(service, dcql_query=unproven(kind, meta))
    request = read(service, question)
    for other in made.keys() - {kind}:
        body = make_response_body(make_vp_token({"any": [made[other]]}), state=request.state)
        assert post(service, request, body).json()["code"] == "answer_mismatch"
    body = make_response_body(make_vp_token({"any": [made[kind]]}), state=request.state)
    assert post(service, request, body).status_code == 200
    said = result(service, question).json()
    assert (said["state"], said["verdict"]) == ("answered", "valid")
    assert said["presentations"][0]["holder"] is None


def test_a_presentation_for_others_is_none_for_who_wants_no_holder(
    service: Service, world: World, holder: Party
) -> None:
    issuer = world.party("fa")
    request = read(service, ask(service, dcql_query=unproven("vc+sd-jwt", {})))
    held = envelope(w3c(issuer, bound=True, credentialSubject={"id": holder.did, "name": "Yarn"}))
    answer = post(
        service, request, show(holder, request, held, nonce="another", audience="https://x.example")
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "key_binding_missing")


def test_a_w3c_credential_may_be_shown_by_its_key_binding(service: Service, world: World) -> None:
    wanted = {**ANY["credentials"][0], "format": "vc+sd-jwt"}
    question = ask(service, dcql_query={"credentials": [wanted]})
    request = read(service, question)
    token = w3c(world.party("fa"), "/credentialSubject/name", bound=True)
    assert post(service, request, shown_bound(request, shorten(token), world)).status_code == 200
    said = result(service, question).json()
    assert said["presentations"][0]["credentials"][0]["credentialSubject"] == {"id": "did:example:holder"}


def test_an_enveloped_credential_answers_for_its_own_format(
    service: Service, world: World, holder: Party
) -> None:
    issuer = world.party("fa")
    held = envelope(w3c(issuer, credentialSubject={"id": holder.did, "name": "Yarn"}))
    request = read(service, ask(service))
    assert post(service, request, show(holder, request, held)).json()["code"] == "answer_mismatch"
    wanted = {**ANY["credentials"][0], "format": "vc+sd-jwt"}
    request = read(service, ask(service, dcql_query={"credentials": [wanted]}))
    assert post(service, request, show(holder, request, held)).status_code == 200
