"""Answering the verifier service by OpenID4VP: who asks, what they see, answering and refusing."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from certweave.encoding.strict_json import JsonObject
from tests.support.asking import ask, look, result
from tests.support.holding import Purse, facility, open_wallet
from tests.support.verifier import PUBLIC, Service
from tests.support.world import plain_credential

ANY = {
    "credentials": [
        {
            "id": "any",
            "format": "vc+jwt",
            "meta": {"type_values": [["https://www.w3.org/2018/credentials#VerifiableCredential"]]},
            "claims": [{"path": ["credentialSubject", "name"]}],
        }
    ]
}


@pytest.fixture
def purse(tmp_path: Path) -> Iterator[Purse]:
    with open_wallet(tmp_path / "wallet") as opened:
        yield opened


def certificate(purse: Purse, name: str = "fa") -> JsonObject:
    issuer = purse.world.parties.get(name) or purse.world.party(name)
    return purse.keep(issuer.issue(plain_credential(issuer, holder=purse.did())))


def test_a_request_is_seen_and_answered(purse: Purse, service: Service) -> None:
    kept = certificate(purse)
    question = ask(service, ANY)
    seen = look(purse, question)
    assert seen["did"] == service.world.parties["verifier"].did
    assert (seen["host"], seen["sendsTo"]) == ("ledger.example", "verifier.example")
    [part] = seen["parts"]
    assert (part["chosen"], part["claims"]) == (kept["credentialId"], ["credentialSubject › name"])
    assert (seen["answerable"], seen["stays"]) == (True, [])
    path = f"/orgs/mill/requests/{seen['requestId']}"
    answer = purse.call("POST", f"{path}/answer", {})
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "answered"
    said = result(service, question)
    assert (said["state"], said["verdict"]) == ("answered", "valid")
    assert said["presentations"][0]["holder"] == purse.did()
    again = purse.call("POST", f"{path}/answer", {})
    assert (again.status_code, again.json()["code"]) == (409, "request_done")


def test_an_embedded_proof_is_shown_with_one(purse: Purse, service: Service) -> None:
    issuer = purse.world.party("fa")
    purse.keep(issuer.embed(plain_credential(issuer, holder=purse.did())))
    query = {"credentials": [{**ANY["credentials"][0], "format": "ldp_vc"}]}
    question = ask(service, query)
    seen = look(purse, question)
    purse.call("POST", f"/orgs/mill/requests/{seen['requestId']}/answer", {})
    assert result(service, question)["verdict"] == "valid"


def test_the_holder_chooses_among_several(purse: Purse, service: Service) -> None:
    certificate(purse)
    other = certificate(purse, "lab")
    question = ask(service, ANY)
    seen = look(purse, question)
    assert len(seen["parts"][0]["candidates"]) == 2
    path = f"/orgs/mill/requests/{seen['requestId']}/answer"
    wrong = purse.call("POST", path, {"choice": {"any": ["nothing-of-yours"]}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "answer_mismatch")
    none = purse.call("POST", path, {"choice": {"any": []}})
    assert none.json()["code"] == "answer_incomplete"
    done = purse.call("POST", path, {"choice": {"any": [other["credentialId"]]}})
    assert done.json()["shown"] == {"any": [other["credentialId"]]}
    assert result(service, question)["presentations"][0]["credentials"][0]["issuer"] == (
        purse.world.parties["lab"].did
    )


def test_refusing_tells_them_no(purse: Purse, service: Service) -> None:
    certificate(purse)
    question = ask(service, ANY)
    seen = look(purse, question)
    answer = purse.call("POST", f"/orgs/mill/requests/{seen['requestId']}/refuse")
    assert answer.json()["state"] == "refused"
    assert result(service, question)["error"] == "access_denied"


def test_with_nothing_that_fits_nothing_is_shown(purse: Purse, service: Service) -> None:
    seen = look(purse, ask(service, ANY))
    assert (seen["answerable"], seen["missing"]) == (False, ["any"])
    sent = len(purse.wire.sent)
    answer = purse.call("POST", f"/orgs/mill/requests/{seen['requestId']}/answer", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "request_unanswerable")
    assert len(purse.wire.sent) == sent


def test_a_request_ends(purse: Purse, service: Service) -> None:
    certificate(purse)
    seen = look(purse, ask(service, ANY))
    purse.world.clock += timedelta(hours=1)
    answer = purse.call("POST", f"/orgs/mill/requests/{seen['requestId']}/answer", {})
    assert answer.json()["code"] == "request_over"


def test_own_documents_can_be_shown_and_withdrawn_ones_cannot(purse: Purse, service: Service) -> None:
    purse.issue("facility", "F-1", facility())
    question = ask(service, ANY)
    seen = look(purse, question)
    assert seen["parts"][0]["chosen"] == "F-1"
    purse.call("POST", f"/orgs/mill/requests/{seen['requestId']}/answer", {})
    assert result(service, question)["verdict"] == "valid"
    purse.call("POST", "/orgs/mill/credentials/F-1/withdraw", {"reason": "issued_in_error"})
    assert look(purse, ask(service, ANY))["answerable"] is False


def test_a_request_stays_open_while_nobody_takes_the_answer(purse: Purse, service: Service) -> None:
    certificate(purse)
    seen = look(purse, ask(service, ANY))
    path = f"/orgs/mill/requests/{seen['requestId']}"
    client = purse.wire.hosts.pop(PUBLIC)
    assert purse.call("POST", f"{path}/answer", {}).status_code == 502
    assert purse.call("GET", path).json()["state"] == "open"
    purse.wire.hosts[PUBLIC] = client
    assert purse.call("POST", f"{path}/answer", {}).json()["state"] == "answered"
