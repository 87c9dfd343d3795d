"""Requests that want to be shown something under a false name: nothing is kept and nothing is sent."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support.holding import Purse, open_wallet
from tests.support.world import Party, plain_credential

from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.exchange.vp_request import make_client_id, make_request_link, sign_request
from certweave.keys.model import Signer
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import sign_compact
from certweave_edge.send import Answer

URI = "https://certs.example/request"
QUERY = {
    "credentials": [
        {
            "id": "any",
            "format": "vc+jwt",
            "meta": {"type_values": [["https://www.w3.org/2018/credentials#VerifiableCredential"]]},
        }
    ]
}


@pytest.fixture
def purse(tmp_path: Path) -> Iterator[Purse]:
    with open_wallet(tmp_path) as opened:
        issuer = opened.world.party("fa")
        opened.keep(issuer.issue(plain_credential(issuer, holder=opened.did())))
        yield opened


def authentication(purse: Purse) -> Signer:
    """Return a signer whose key is under ``authentication`` of a published DID."""
    found: Signer = purse.app.state.identities.signer("other", "authentication")
    return found


def payload(purse: Purse, signer: Signer, **changes: Any) -> JsonObject:
    now = int(purse.world.clock.timestamp())
    made: JsonObject = {
        "aud": "https://self-issued.me/v2",
        "client_id": make_client_id(signer.method.partition("#")[0]),
        "client_metadata": {"vp_formats_supported": {"vc+jwt": {"alg_values": ["EdDSA"]}}},
        "dcql_query": QUERY,
        "exp": now + 300,
        "iat": now,
        "nonce": "n" * 22,
        "response_mode": "direct_post",
        "response_type": "vp_token",
        "response_uri": "https://certs.example/response",
        "state": "s" * 22,
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def look(purse: Purse, token: str, client_id: str) -> tuple[int, Any]:
    purse.world.documents[URI] = token.encode()
    link = make_request_link(client_id, URI)
    answer = purse.call("POST", "/orgs/mill/requests", {"url": link})
    return answer.status_code, answer.json()


def signed(purse: Purse, **changes: Any) -> tuple[str, str]:
    signer = authentication(purse)
    body = payload(purse, signer, **changes)
    token = sign_compact(json.dumps(body).encode(), {"typ": "oauth-authz-req+jwt"}, signer)
    return token, make_client_id(signer.method.partition("#")[0])


def test_the_honest_request_is_seen(purse: Purse) -> None:
    status, said = look(purse, *signed(purse))
    assert (status, said.get("answerable")) == (201, True), said


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example"},
        {"client_id": "redirect_uri:https://evil.example"},
        {"client_id": "decentralized_identifier:did:web:bank.example"},
        {"client_id": "https://bank.example"},
        {"response_mode": "fragment"},
        {"response_uri": "http://certs.example/response"},
        {"response_uri": None},
        {"nonce": None},
        {"nonce": "a b"},
        {"exp": 1},
        {"iat": 4_000_000_000, "exp": 4_000_000_300},
        {"aud": "https://another-wallet.example"},
        {"transaction_data": ["x"]},
        {"dcql_query": {"credentials": []}},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_request_that_breaks_a_rule_is_refused(purse: Purse, changes: dict[str, Any]) -> None:
    status, said = look(purse, *signed(purse, **changes))
    assert status in (400, 422), said
    assert purse.call("GET", "/orgs/mill/requests").json()["requests"] == []
    assert not purse.wire.sent


def test_an_unsigned_request_is_refused(purse: Purse) -> None:
    signer = authentication(purse)
    header = base64url_encode(b'{"alg":"none","typ":"oauth-authz-req+jwt"}')
    body = base64url_encode(json.dumps(payload(purse, signer)).encode())
    status, _ = look(purse, f"{header}.{body}.", make_client_id(signer.method.partition("#")[0]))
    assert status in (400, 422)


def _by_a_thief(purse: Purse, thief: Party) -> tuple[str, str]:
    """Signed by a stranger who writes somebody else's name and key into it."""
    honest = authentication(purse)
    body = payload(purse, honest)
    header = {"typ": "oauth-authz-req+jwt"}

    class Forged:
        method = honest.method
        algorithm = thief.signer.algorithm
        public = thief.signer.public

        def sign(self, data: bytes) -> bytes:
            return thief.signer.sign(data)

    return sign_compact(json.dumps(body).encode(), header, Forged()), body["client_id"]


def _by_its_assertion_key(purse: Purse, _: Party) -> tuple[str, str]:
    """Signed with the client's key for issuing, which is not for speaking in its name."""
    signer = purse.app.state.identities.signer("other")
    body = payload(purse, signer)
    return sign_compact(json.dumps(body).encode(), {"typ": "oauth-authz-req+jwt"}, signer), body["client_id"]


def _by_an_old_key(purse: Purse, _: Party) -> tuple[str, str]:
    token, client_id = signed(purse)
    purse.world.clock += timedelta(minutes=1)
    purse.app.state.identities.rotate_identity("other")
    purse.world.clock += timedelta(minutes=1)
    return token, client_id


@pytest.mark.parametrize("forge", [_by_a_thief, _by_its_assertion_key, _by_an_old_key])
def test_a_request_by_another_key_is_refused(
    purse: Purse, forge: Callable[[Purse, Party], tuple[str, str]]
) -> None:
    status, said = look(purse, *forge(purse, purse.world.party("thief")))
    assert status == 422, said
    assert purse.call("GET", "/orgs/mill/requests").json()["requests"] == []


def test_the_link_must_name_the_same_client(purse: Purse) -> None:
    token, _ = signed(purse)
    status, said = look(purse, token, make_client_id("did:web:bank.example"))
    assert (status, said["code"]) == (422, "request_other_client")


def test_a_client_that_does_not_answer_is_not_believed(purse: Purse) -> None:
    token, client_id = signed(purse)
    del purse.wire.ledger.logs["wallet/other"]
    assert look(purse, token, client_id)[0] in (404, 422)


def test_where_the_browser_goes_next_is_https_or_nowhere(purse: Purse) -> None:
    answers = iter(
        (b'{"redirect_uri": "javascript:alert(1)"}', b'{"redirect_uri": "https://shop.example/ok"}')
    )
    purse.wire.posts["https://certs.example/response"] = lambda *_: Answer(
        200, "application/json", next(answers)
    )
    for expected in (None, "https://shop.example/ok"):
        _, seen = look(purse, *signed(purse))
        said = purse.call("POST", f"/orgs/mill/requests/{seen['requestId']}/answer", {}).json()
        assert (said["state"], said["next"]) == ("answered", expected)


def test_our_own_maker_agrees(purse: Purse) -> None:
    signer = authentication(purse)
    now = purse.world.clock
    token = sign_request(
        signer,
        response_uri="https://certs.example/response",
        nonce="n" * 22,
        state="s" * 22,
        query=QUERY,
        issued_at=now,
        expires_at=now + timedelta(minutes=5),
        limits=DEFAULT_LIMITS,
    )
    assert look(purse, token, make_client_id(signer.method.partition("#")[0]))[0] == 201
