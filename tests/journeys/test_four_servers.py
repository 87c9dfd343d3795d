"""One certificate's life over four servers that know each other only by their addresses."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support.servers import Town, certweave

from certweave.encoding.multibase import base64url_decode
from certweave.encoding.multihash import make_digest_multibase
from certweave.keys.model import KeySigner
from certweave.proof.vc_jwt import sign_credential_jwt
from certweave.timestamps import format_timestamp
from certweave.trust.policy import Chain, LedgerSource, Policy, Role, Root
from certweave_app.world.cast import MEMBERS, SCHEME, Names
from certweave_app.world.certificates import Desk
from certweave_edge.keystore import Keystore
from certweave_edge.settings_base import Environment

pytestmark = pytest.mark.xdist_group("four-servers")

ISSUERS = ("ofs", "aab", "fa")
NUMBER = "SCOPE-1"
TICK = 1.1
"""Dates have whole seconds: what has to lie on another one waits for it."""
EXITS = {"valid": 0, "invalid": 1, "undecided": 2}


@dataclass
class Life:
    """What happened when: a moment, the evidence kept then, and what the verdict was."""

    town: Town
    names: Names
    content: bytes = b""
    seen: list[tuple[str, Path, str]] = field(default_factory=list)

    def verdict(self, content: bytes | None = None) -> str:
        answer = self.town.call(
            "verifier",
            "POST",
            "/credentials/verify",
            content=self.content if content is None else content,
            headers={"Content-Type": "application/vc+jwt"},
        )
        return str(answer.json()["verdict"])

    def see(self, expected: str) -> None:
        """Let the verifier and the command judge now; keep what the command's verdict stood on."""
        assert self.verdict() == expected
        kept = self.town.folder / f"evidence-{len(self.seen)}"
        ended = self.command("--save-evidence", str(kept), "--data", str(self.town.folder / "verifier"))
        assert ended == EXITS[expected]
        self.seen.append((format_timestamp(datetime.now(UTC)), kept, expected))
        time.sleep(TICK)

    def command(self, *options: str) -> int:
        token = self.town.folder / "certificate.jwt"
        token.write_bytes(self.content)
        policy = self.town.file("verifier", "policy.json")
        ended = certweave("verify", str(token), "--policy", str(policy), *options)
        assert ended.returncode in EXITS.values(), ended.stderr
        return ended.returncode

    def issue(self, org: str, kind: str, number: str, data: Any) -> Any:
        base = f"/orgs/{org}/certificates"
        entry = {"kind": kind, "number": number, "scheme": SCHEME, "data": data}
        self.town.done("issuer", base, org=org, body=entry)
        self.town.done("issuer", f"{base}/{number}/approve", org=org)
        return self.town.done("issuer", f"{base}/{number}/issue", org=org)

    def fetch(self, url: str) -> bytes:
        path = url.removeprefix("https://issuer.example")
        answer = self.town.call("issuer", "GET", path, headers={"Accept": "application/vc+jwt"})
        assert answer.is_success
        return answer.content

    def decide(self, act: str, reason: str) -> None:
        body = {"reason": reason, "typed": NUMBER}
        self.town.done("issuer", f"/orgs/fa/certificates/{NUMBER}/{act}", org="fa", body=body)


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """Ledger, issuer and wallet run, then the verifier, with a policy that names who they are."""
    town = Town(tmp_path_factory.mktemp("town"))
    town.prepare()
    with town.stack:
        for org in ISSUERS:
            town.enrol("issuer", org, MEMBERS[org].name)
        town.enrol("wallet", "ipek", MEMBERS["ipek"].name)
        town.enrol("verifier", "meadow", MEMBERS["meadow"].name)
        for service in ("ledger", "issuer", "wallet"):
            town.start(service)
        dids = {org: find_did(town, "issuer", org) for org in ISSUERS}
        dids["ipek"] = find_did(town, "wallet", "ipek")
        about = town.call("ledger", "GET", "/about").json()
        policy = make_policy(dids, LedgerSource(about["did"], about["receipts"]))
        town.file("verifier", "policy.json").write_text(json.dumps(policy.to_json()), encoding="utf-8")
        town.start("verifier")
        yield Life(town, Names(dids))


def find_did(town: Town, service: str, org: str) -> str:
    """Wait until an organisation's identity is made; that goes on beside the server."""
    for _ in range(300):
        answer = town.call(service, "GET", f"/orgs/{org}/identity", org=org)
        if answer.is_success:
            return str(answer.json()["did"])
        time.sleep(0.1)
    raise AssertionError(answer.text)


def make_policy(dids: dict[str, str], ledger: LedgerSource) -> Policy:
    return Policy(
        "four servers",
        roots=(
            Root(dids["ofs"], "Owner", Role.SCHEME_OWNER, (SCHEME,)),
            Root(dids["aab"], "Board", Role.ACCREDITATION_BODY, (SCHEME,)),
        ),
        schemes={SCHEME: frozenset({Chain.APPROVAL, Chain.ACCREDITATION})},
        ledgers=(ledger,),
    )


def accredit(life: Life, desk: Desk) -> None:
    links = []
    for authority, kind in (("aab", "accreditation"), ("ofs", "schemeOwnerApproval")):
        made = life.issue(authority, "approval", f"{authority}-1", desk.approval("fa", kind))
        links.append(
            {
                "name": made["name"],
                "url": made["url"],
                "digestMultibase": make_digest_multibase(life.fetch(made["url"])),
                "authority": life.names.dids[authority],
                "authorityName": MEMBERS[authority].name,
            }
        )
    profile = {"name": MEMBERS["fa"].name, "role": "certifier", "authorisations": links}
    life.town.done("issuer", "/orgs/fa/profile", org="fa", body=profile, method="PUT")


def hand_over(life: Life) -> None:
    town = life.town
    offer = town.done("issuer", f"/orgs/fa/certificates/{NUMBER}/offer", org="fa", body={"txCode": True})
    seen = town.done("wallet", "/orgs/ipek/offers", org="ipek", body={"offer": offer["shortLink"]})
    assert seen["asksCode"] is True
    body = {"code": offer["txCode"]}
    kept = town.done("wallet", f"/orgs/ipek/offers/{seen['offerId']}/accept", org="ipek", body=body)
    assert kept["credentials"][0]["name"] == "Scope certificate of İpek İplik"


def present(life: Life) -> str:
    town = life.town
    ask = {"preset": "scope-certificate", "purpose": "Before we order"}
    question = town.done("verifier", "/requests", org="meadow", body=ask)
    seen = town.done("wallet", "/orgs/ipek/requests", org="ipek", body={"url": question["openid4vp"]})
    town.done("wallet", f"/orgs/ipek/requests/{seen['requestId']}/answer", org="ipek")
    result = town.call("verifier", "GET", f"/requests/{question['id']}/result", org="meadow")
    return str(result.json()["verdict"])


def steal(life: Life) -> KeySigner:
    method = life.town.call("issuer", "GET", "/orgs/fa/identity", org="fa").json()["assertionMethod"]
    keystore = Keystore.open(
        life.town.folder / "issuer" / "keys" / "issuer", None, environment=Environment.DEVELOPMENT
    )
    return keystore.signer("fa", method.partition("#")[2], method)


def forge(life: Life, stolen: KeySigner) -> bytes:
    said = json.loads(base64url_decode(life.content.decode("ascii").split(".")[1]))
    document = {name: value for name, value in said.items() if name not in {"iat", "iss", "jti", "sub"}}
    document["name"] = "A certificate that never was"
    then = datetime.now(UTC) - timedelta(days=30)
    return sign_credential_jwt(document, stolen, issued_at=then).encode()


def test_the_life_of_a_certificate(life: Life) -> None:
    desk = Desk(datetime.now(UTC).date(), life.names)
    accredit(life, desk)
    life.content = life.fetch(life.issue("fa", "scope", NUMBER, desk.scope("ipek"))["url"])
    hand_over(life)
    assert present(life) == "valid"
    life.see("valid")

    stolen = steal(life)
    life.town.done("issuer", "/orgs/fa/identity/rotate", org="fa")
    life.see("valid")
    assert life.verdict(forge(life, stolen)) in {"invalid", "undecided"}

    life.decide("suspend", "audit_overdue")
    life.see("invalid")
    life.decide("reinstate", "audit_done")
    life.see("valid")
    life.decide("withdraw", "sites_closed")
    life.see("invalid")
    assert present_is_refused(life)

    # Later, each date still has its own verdict, from what was kept on that day.
    for moment, kept, expected in life.seen:
        assert life.command("--offline", "--evidence", str(kept), "--at", moment) == EXITS[expected]

    assert life.town.running["ledger"].stop() == 0
    assert life.verdict() == "undecided"
    assert life.command("--data", str(life.town.folder / "verifier")) == EXITS["undecided"]


def present_is_refused(life: Life) -> bool:
    """A withdrawn certificate may still be shown; it is not found valid."""
    return present(life) != "valid"


def test_a_second_process_is_refused_in_a_sentence(life: Life) -> None:
    ended = certweave("serve", "wallet", "--port", "0", "--data", str(life.town.folder / "wallet"))
    assert ended.returncode == 64
    assert "in use by process" in ended.stderr
    added = certweave("org", "add", "x", "--service", "wallet", "--data", str(life.town.folder / "wallet"))
    assert added.returncode == 64
    assert "CERTWEAVE_DATABASE_URL" in added.stderr
