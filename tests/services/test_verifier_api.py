"""The verifier's VC API: what is answered to whom, with which status, and that nothing is open by mistake."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from certweave.proof.vc_cose import envelope_cose, sign_credential_cose
from certweave.proof.vc_jwt import envelope
from certweave.trust.policy import Policy, TrustedIssuer
from certweave_edge.web import unguarded
from tests.support.verifier import OutsideWorld, Service, open_verifier
from tests.support.world import Party, World, plain_credential


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def issuer(world: World) -> Party:
    return world.party("fa")


@pytest.fixture
def service(world: World, tmp_path: Path) -> Iterator[Service]:
    with open_verifier(world, tmp_path) as opened:
        yield opened


def test_a_good_credential_is_200(service: Service, issuer: Party) -> None:
    answer = service.verify(issuer.issue(plain_credential(issuer, credentialStatus=issuer.entry(3))))
    said = answer.json()
    assert answer.status_code == 200, said
    assert said["verified"] is True
    assert said["verdict"] == "valid"
    assert [check["number"] for check in said["checks"]] == list(range(1, 11))
    assert said["checks"][-1]["code"] == "trust_not_asked"
    assert {row["kind"] for row in said["evidence"]} == {"did", "status"}


@pytest.mark.parametrize("form", ["envelope", "embedded", "raw", "raw object"])
def test_other_forms_are_read_too(service: Service, issuer: Party, form: str) -> None:
    document = plain_credential(issuer)
    if form == "raw":
        headers = {"content-type": "application/vc+jwt"}
        answer = service.client.post("/credentials/verify", content=issuer.issue(document), headers=headers)
    elif form == "raw object":
        headers = {"content-type": "application/vc"}
        answer = service.client.post("/credentials/verify", content=issuer.embed(document), headers=headers)
        other = service.client.post(
            "/presentations/verify",
            content=issuer.embed(document),
            headers={"content-type": "application/vp"},
        )
        assert (other.status_code, other.json()["code"]) == (400, "input_form")
    elif form == "embedded":
        body = b'{"verifiableCredential": ' + issuer.embed(document) + b"}"
        headers = {"content-type": "application/json"}
        answer = service.client.post("/credentials/verify", content=body, headers=headers)
    else:
        answer = service.verify(envelope(issuer.issue(document).decode()))
    assert answer.status_code == 200, answer.text


def test_a_message_of_cose_is_read_as_it_is(service: Service, issuer: Party) -> None:
    message = sign_credential_cose(plain_credential(issuer), issuer.signer, issued_at=issuer.world.clock)
    headers = {"content-type": "application/vc+cose"}
    answer = service.client.post("/credentials/verify", content=message, headers=headers)
    assert answer.status_code == 200, answer.text
    assert service.verify(envelope_cose(message)).status_code == 200
    spoilt = service.client.post(
        "/credentials/verify", content=message.replace(b"bale", b"ball"), headers=headers
    )
    assert (spoilt.status_code, spoilt.json()["code"]) == (422, "signature_mismatch")
    cut = service.client.post("/credentials/verify", content=message[:-1], headers=headers)
    assert (cut.status_code, cut.json()["code"]) == (400, "cbor_truncated")
    presented = service.client.post(
        "/presentations/verify", content=message, headers={"content-type": "application/vp+cose"}
    )
    assert presented.status_code == 400


def test_a_withdrawn_one_is_422_and_a_problem(service: Service, issuer: Party) -> None:
    token = issuer.issue(plain_credential(issuer, credentialStatus=issuer.entry(3)))
    assert service.verify(token).status_code == 200
    issuer.set_status(3, True)
    answer = service.verify(token)
    said = answer.json()
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert (said["verified"], said["verdict"], said["code"]) == (False, "invalid", "suspended")
    assert {"type", "title", "status", "detail", "path", "request", "problemDetails"} <= said.keys()


def test_what_could_not_be_decided_is_422_and_says_so(service: Service, issuer: Party) -> None:
    token = issuer.issue(plain_credential(issuer, credentialStatus=issuer.entry(3)))
    service.world.down.add("certs.example")
    answer = service.verify(token)
    said = answer.json()
    assert answer.status_code == 422
    assert said["verdict"] == "undecided"
    assert said["needs"] == [{"kind": "status", "url": issuer.list_url}]


def test_an_unknown_issuer_is_undecided_by_a_policy(world: World, issuer: Party, tmp_path: Path) -> None:
    stranger = world.party("stranger")
    trusted = TrustedIssuer(issuer.did, "Fibre Assurance", ("VerifiableCredential",))
    with open_verifier(world, tmp_path, policy=Policy("buyers", issuers=(trusted,))) as service:
        assert service.verify(issuer.issue(plain_credential(issuer))).status_code == 200
        said = service.verify(stranger.issue(plain_credential(stranger))).json()
    assert (said["verdict"], said["checks"][-1]["cause"]) == ("undecided", "unknown_issuer")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"verifiableCredential": 3}',
        b'{"verifiableCredential": ""}',
        b'{"verifiableCredential": "not a token"}',
        b'{"verifiableCredential": {"type": "x"}, "verifiableCredential": "y"}',
        b'{"verifiableCredential": {"type": "x"}, "options": 3}',
        b'\xef\xbb\xbf{"verifiableCredential": "a.b.c"}',
    ],
)
def test_what_cannot_be_read_is_400(service: Service, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    answer = service.client.post("/credentials/verify", content=body, headers=headers)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_presentation_is_no_credential(service: Service, issuer: Party) -> None:
    held = envelope(issuer.issue(plain_credential(issuer, holder=issuer.did)).decode())
    shown = issuer.present([held], audience="https://buyer.example", nonce="n")
    assert service.verify(shown).status_code == 400
    wanted = {"verifiablePresentation": held}
    assert service.client.post("/presentations/verify", json=wanted).status_code == 400


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        ({"domain": "https://buyer.example", "challenge": "n"}, 200, None),
        ({}, 200, None),
        ({"domain": "https://other.example", "challenge": "n"}, 422, "audience_wrong"),
        ({"domain": "https://buyer.example", "challenge": "m"}, 422, "nonce_wrong"),
    ],
)
def test_a_presentation_is_held_against_its_request(
    service: Service, issuer: Party, options: dict[str, str], status: int, code: str | None
) -> None:
    held = envelope(issuer.issue(plain_credential(issuer, holder=issuer.did)).decode())
    shown = issuer.present([held], audience="https://buyer.example", nonce="n").decode()
    body = {"verifiablePresentation": shown, "options": options}
    answer = service.client.post("/presentations/verify", json=body)
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    raw = service.client.post(
        "/presentations/verify", content=shown, params=options, headers={"content-type": "application/vp+jwt"}
    )
    assert raw.status_code == status


@pytest.mark.parametrize(
    ("path", "media_type", "query"),
    [
        ("/presentations/verify", "application/vp+jwt", "nonce=n"),
        ("/presentations/verify", "application/vp+jwt", "challenge=m&challenge=n"),
        ("/presentations/verify", "application/json", "challenge=n"),
        ("/credentials/verify", "application/vc+jwt", "challenge=n"),
        ("/credentials/verify", "application/json", "domain=n"),
    ],
)
def test_a_parameter_that_would_be_left_aside_is_refused(
    service: Service, path: str, media_type: str, query: str
) -> None:
    answer = service.client.post(f"{path}?{query}", content=b"{}", headers={"content-type": media_type})
    assert (answer.status_code, answer.json()["code"]) == (400, "option_unknown")


def test_an_old_document_never_takes_validity_away(world: World, issuer: Party, tmp_path: Path) -> None:
    """A key that is newer than what we kept of the issuer's log is found by looking again."""
    with open_verifier(world, tmp_path, network=OutsideWorld(world, keep_seconds=60)) as service:
        assert service.verify(issuer.issue(plain_credential(issuer))).status_code == 200
        fetched = len(world.fetched)
        assert service.verify(issuer.issue(plain_credential(issuer))).status_code == 200
        assert len(world.fetched) == fetched
        world.clock += timedelta(seconds=5)
        issuer.rotate()
        assert service.verify(issuer.issue(plain_credential(issuer))).status_code == 200


def test_no_route_is_open_by_mistake(service: Service) -> None:
    assert unguarded(service.app) == []


def test_too_many_waiting_checks_are_told_to_come_back(world: World, issuer: Party, tmp_path: Path) -> None:
    with open_verifier(world, tmp_path, checks_waiting=0) as service:
        answer = service.verify(issuer.issue(plain_credential(issuer)))
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


def test_pages_of_others_may_have_something_checked(service: Service) -> None:
    asked = {"origin": "https://shop.example", "access-control-request-method": "POST"}
    for path, status in {"/credentials/verify": 204, "/presentations/verify": 204, "/checks": 405}.items():
        said = service.client.request("OPTIONS", path, headers=asked)
        assert said.status_code == status
        assert ("access-control-allow-origin" in said.headers) is (status == 204)
    answer = service.client.post(
        "/credentials/verify", content=b"{", headers={"origin": "https://shop.example"}
    )
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (400, "*")
