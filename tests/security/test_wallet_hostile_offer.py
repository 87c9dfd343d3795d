"""Offers that want to lead a wallet astray: inside hosts, floods, false issuers, others' certificates."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.support.holding import Purse, open_wallet
from tests.support.keys import P256
from tests.support.selective import entropy
from tests.support.world import plain_credential

from certweave.encoding.multibase import base64url_decode
from certweave.exchange.vci_metadata import (
    Configuration,
    make_authorization_server_metadata,
    make_issuer_metadata,
)
from certweave.exchange.vci_offer import make_offer, make_offer_link, make_reference_link
from certweave.keys.model import PublicKey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.sd_jwt.sd_jwt_vc import sign_sd_jwt_vc
from certweave_edge.budget import Allowance
from certweave_edge.hostmap import HostMap
from certweave_edge.network import FetchError
from certweave_edge.send import Answer
from certweave_wallet.service.network import Reach

ISSUER = "https://certs.example/fa"
BASE = "https://certs.example"
KIND = Configuration(
    id="certificate",
    format="vc+jwt",
    types=("VerifiableCredential",),
    contexts=("https://www.w3.org/ns/credentials/v2",),
    names={"en": "Certificate"},
    algorithms=("EdDSA",),
)


@pytest.fixture
def purse(tmp_path: Path) -> Iterator[Purse]:
    with open_wallet(tmp_path) as opened:
        yield opened


def serve(purse: Purse, handed: str, *, kind: Configuration = KIND, **answers: Any) -> str:
    """Stand in for an issuer that hands out ``handed``; return the link to its offer."""
    metadata = make_issuer_metadata(
        ISSUER,
        [kind],
        credential_endpoint=f"{BASE}/credential",
        nonce_endpoint=f"{BASE}/nonce",
        names={"en": "Fibre Assurance"},
    )
    server = make_authorization_server_metadata(ISSUER, token_endpoint=f"{BASE}/token")
    documents = purse.world.documents
    documents[f"{BASE}/.well-known/openid-credential-issuer/fa"] = json.dumps(
        answers.get("metadata", metadata)
    ).encode()
    documents[f"{BASE}/.well-known/oauth-authorization-server/fa"] = json.dumps(
        answers.get("server", server)
    ).encode()
    said = {
        "token": {"access_token": "t-1", "token_type": "Bearer", "expires_in": 60},
        "nonce": {"c_nonce": "n-1"},
        "credential": {"credentials": [{"credential": handed}]},
        **answers,
    }

    def answer(name: str) -> Any:
        found = said[name]
        content = found if isinstance(found, bytes) else json.dumps(found).encode()
        return lambda body, media_type, token: Answer(200, "application/json", content)

    for name in ("token", "nonce", "credential"):
        purse.wire.posts[f"{BASE}/{name}"] = answer(name)
    return make_offer_link(make_offer(ISSUER, [kind.id], code="c-1", transaction_code=None))


def take(purse: Purse, link: str) -> tuple[int, Any]:
    seen = purse.call("POST", "/orgs/mill/offers", {"offer": link})
    if seen.status_code != 201:
        return seen.status_code, seen.json()
    answer = purse.call("POST", f"/orgs/mill/offers/{seen.json()['offerId']}/accept", {})
    return answer.status_code, answer.json()


def mine(purse: Purse, **more: Any) -> str:
    issuer = purse.world.parties.get("fa") or purse.world.party("fa")
    return issuer.issue(plain_credential(issuer, **{"holder": purse.did(), **more})).decode()


def held(purse: Purse) -> int:
    return len(purse.call("GET", "/orgs/mill/credentials").json()["credentials"])


def test_the_stand_in_is_honest_so_far(purse: Purse) -> None:
    status, said = take(purse, serve(purse, mine(purse)))
    assert (status, held(purse)) == (200, 1), said
    proof = next(json.loads(body) for url, body, token in purse.wire.sent if url == f"{BASE}/credential")
    assert list(proof["proofs"]) == ["jwt"]


@pytest.mark.parametrize(
    ("methods", "member"),
    [(("did:webvh", "jwk"), "kid"), (("did:key",), "kid"), (("did:key", "jwk"), "jwk"), (("jwk",), "jwk")],
)
def test_the_key_is_named_as_the_issuer_binds(purse: Purse, methods: tuple[str, ...], member: str) -> None:
    status, said = take(purse, serve(purse, mine(purse), kind=replace(KIND, binding_methods=methods)))
    assert (status, held(purse)) == (200, 1), said
    request = next(json.loads(body) for url, body, _ in purse.wire.sent if url == f"{BASE}/credential")
    header = json.loads(base64url_decode(request["proofs"]["jwt"][0].partition(".")[0]))
    assert [name for name in ("kid", "jwk") if name in header] == [member]


def test_a_certificate_for_somebody_else_is_refused(purse: Purse) -> None:
    status, said = take(purse, serve(purse, mine(purse, holder=purse.did("other"))))
    assert (status, said["code"], held(purse)) == (422, "holder_foreign", 0)


def test_a_spoiled_certificate_is_refused(purse: Purse) -> None:
    head, body, signature = mine(purse).split(".")
    spoiled = ".".join((head, body, signature[:-4] + ("AAAA" if signature[-4:] != "AAAA" else "BBBB")))
    status, said = take(purse, serve(purse, spoiled))
    assert (status, said["code"], held(purse)) == (422, "document_invalid", 0)


def test_a_certificate_of_an_unreachable_issuer_is_refused(purse: Purse) -> None:
    token = mine(purse)
    link = serve(purse, token)
    purse.world.down.add("https://ledger.example/fa/did.jsonl")
    status, said = take(purse, link)
    assert (status, said["code"], held(purse)) == (422, "document_unproven", 0)


def test_another_kind_than_offered_is_refused(purse: Purse) -> None:
    kind = Configuration(
        id="scope",
        format="vc+jwt",
        types=("ScopeCertificate", "VerifiableCredential"),
        contexts=("https://www.w3.org/ns/credentials/v2",),
        names={"en": "Scope"},
        algorithms=("EdDSA",),
    )
    status, said = take(purse, serve(purse, mine(purse), kind=kind))
    assert (status, said["code"], held(purse)) == (422, "document_other_type", 0)


SD_JWT = Configuration("bale", "dc+sd-jwt", ("urn:example:certificate",), (), {"en": "Bale"}, ("EdDSA",))


def bale(purse: Purse, key: PublicKey | None, **more: Any) -> str:
    issuer = purse.world.parties.get("fa") or purse.world.party("fa")
    claims = {"iss": issuer.did, "vct": "urn:example:certificate", "name": "A bale", **more}
    now = purse.world.clock
    return sign_sd_jwt_vc(
        claims, issuer.signer, issued_at=now, hidden=["/name"], entropy=entropy(), holder=key
    )


def test_an_sd_jwt_vc_is_what_was_offered_or_refused(purse: Purse) -> None:
    key = purse.app.state.identities.signer("mill", "authentication").public
    for token, code in (
        (bale(purse, key, vct="urn:example:certificate2"), "document_other_type"),
        (bale(purse, key, vct="urn:example:Certificate"), "document_other_type"),
        (bale(purse, P256.public), "cnf_foreign"),
        (bale(purse, None), "holder_foreign"),
        (mine(purse), "document_other_form"),
    ):
        status, said = take(purse, serve(purse, token, kind=SD_JWT))
        assert (status, said["code"], held(purse)) == (422, code, 0)
    assert take(purse, serve(purse, bale(purse, key), kind=SD_JWT))[0] == 200


def mine_as_jwt(purse: Purse) -> str:
    return mine(purse, holder=purse.did())


def test_of_an_offer_for_many_wallets_what_can_be_kept_is_taken(purse: Purse) -> None:
    link = serve(purse, mine(purse))
    address = f"{BASE}/.well-known/openid-credential-issuer/fa"
    metadata = json.loads(purse.world.documents[address])
    metadata["credential_configurations_supported"] |= {
        "mdoc": {"format": "mso_mdoc", "doctype": "x"},
        "draft": {"format": "vc+sd-jwt", "vct": "urn:example:certificate"},
    }
    purse.world.documents[address] = json.dumps(metadata).encode()
    names = ["mdoc", KIND.id, "draft"]
    link = make_offer_link(make_offer(ISSUER, names, code="c-1", transaction_code=None))
    assert (take(purse, link)[0], held(purse)) == (200, 1)
    none = make_offer_link(make_offer(ISSUER, ["mdoc", "draft"], code="c-1", transaction_code=None))
    assert take(purse, none)[1]["code"] == "offer_format"


def test_a_presentation_is_no_certificate(purse: Purse) -> None:
    party = purse.world.party("p")
    status, _ = take(purse, serve(purse, party.present([], audience=None, nonce=None).decode()))
    assert (status, held(purse)) == (422, 0)


def test_metadata_of_another_issuer_is_refused(purse: Purse) -> None:
    other = make_issuer_metadata(
        "https://bank.example",
        [KIND],
        credential_endpoint="https://bank.example/c",
        nonce_endpoint="https://bank.example/n",
        names={"en": "Bank"},
    )
    status, said = take(purse, serve(purse, mine(purse), metadata=other))
    assert (status, said["code"]) == (422, "metadata_issuer_mismatch")
    assert not purse.wire.sent


def test_a_token_server_of_another_is_refused(purse: Purse) -> None:
    server = make_authorization_server_metadata(
        "https://bank.example", token_endpoint="https://bank.example/t"
    )
    status, _ = take(purse, serve(purse, mine(purse), server=server))
    assert status == 422
    assert not purse.wire.sent


@pytest.mark.parametrize("what", ["token", "nonce", "credential"])
@pytest.mark.parametrize("said", [b"", b"<html>", b"[]", b'{"a":' * 100, b"\xff\xfe"])
def test_answers_that_cannot_be_read_are_refused(purse: Purse, what: str, said: bytes) -> None:
    spoiled: dict[str, Any] = {what: said}
    status, _ = take(purse, serve(purse, mine(purse), **spoiled))
    assert (400 <= status < 503, held(purse)) == (True, 0)


def test_a_spent_offer_stays_spent(purse: Purse) -> None:
    link = serve(purse, "no certificate at all")
    seen = purse.call("POST", "/orgs/mill/offers", {"offer": link}).json()
    path = f"/orgs/mill/offers/{seen['offerId']}"
    assert purse.call("POST", f"{path}/accept", {}).status_code == 400
    assert purse.call("GET", path).json()["state"] == "failed"
    assert purse.call("POST", f"{path}/accept", {}).json()["code"] == "offer_done"


@pytest.mark.parametrize(
    "url",
    [
        "http://certs.example/offer",
        "https://127.0.0.1/offer",
        "https://[::1]/offer",
        "https://10.0.0.7/offer",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/offer",
    ],
)
def test_the_real_network_does_not_go_inside(url: str) -> None:
    reach = Reach(
        limits=DEFAULT_LIMITS,
        host_map=HostMap(),
        allowance=Allowance(),
        clock=lambda: datetime(2026, 3, 12, tzinfo=UTC),
        resolve=lambda host, port: ["127.0.0.1"],
    )
    with pytest.raises(FetchError):
        reach.open().get(url)
    with pytest.raises(FetchError):
        reach.open().post(url, b"secret", "text/plain", token="t")


def test_a_reference_by_http_is_no_offer(purse: Purse) -> None:
    link = make_reference_link("https://certs.example/offer").replace("https%3A", "http%3A")
    status, said = take(purse, link)
    assert (status, said["code"]) == (400, "offer_malformed")
