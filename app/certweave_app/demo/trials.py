"""Tries the world out: showing, changing keys, forging, suspending, withdrawing, a silent ledger."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from certweave.encoding.multibase import base64url_decode
from certweave.keys.model import KeySigner
from certweave.proof.vc_jwt import sign_credential_jwt
from certweave_app.demo.api import StepError
from certweave_app.demo.seed import FACILITIES, SPINNER, Seeder
from certweave_app.world.cast import MEMBERS
from certweave_app.world.certificates import SALES
from certweave_edge.clock import now
from certweave_edge.keystore import Keystore
from certweave_edge.settings_base import Environment

TICK: Final = 1.1
"""Times of keys and receipts have whole seconds; what has to lie apart waits a little more than one."""
MISTAKE: Final = replace(SALES[2], number="FA-TC-9")


@dataclass(slots=True)
class Trials:
    """Goes on where the seeding ended. ``keystore`` is where a thief finds the wallet's open keys."""

    seeder: Seeder
    keystore: Path
    pause_ledger: Callable[[bool], None]

    def run(self) -> None:
        """Try everything."""
        tally = self.seeder.tally
        with tally.step("The verifier finds every document of the T-shirt valid"):
            for content in tally.each(paper.content for paper in self.seeder.papers.values()):
                self.expect("valid", content)
        with tally.step("İpek İplik shows its scope certificate to Meadow, who asked for it"):
            self.show()
        with tally.step("İpek İplik changes its keys; what it signed before stays valid"):
            stolen = self.steal()
            self.rotate()
        with tally.step("Somebody with the old key signs and writes an old date: not accepted"):
            self.expect_refusal(self.forge(stolen))
        with tally.step("Fibre Assurance suspends the certificate of Örgü Dokuma, and reinstates it"):
            self.suspend()
        with tally.step("Fibre Assurance withdraws a certificate that was issued twice"):
            self.withdraw()
        with tally.step("The ledger is silent: nobody can decide, and nobody pretends to"):
            self.silence()

    def show(self) -> None:
        """The brand asks, the spinner looks who asks and answers, the verifier checks (OID4VP)."""
        api, tokens = self.seeder.api, self.seeder.tokens
        ask = {"preset": "scope-certificate", "purpose": "Before we order, please show your certificate."}
        question = api.post("/verifier/requests", ask, token=tokens.asker)
        token, base = tokens.of[SPINNER], f"/wallet/orgs/{SPINNER}/requests"
        seen = api.post(base, {"url": question["openid4vp"]}, token=token)
        api.post(f"{base}/{seen['requestId']}/answer", token=token)
        result = api.get(f"/verifier/requests/{question['id']}/result", token=tokens.asker).json()
        if result["verdict"] != "valid":
            raise StepError(f"what was shown is {result['verdict']}")
        self.seeder.tally.count("presented")

    def steal(self) -> KeySigner:
        """Copy the spinner's signing key, as a thief does who gets at an unsealed keystore."""
        token = self.seeder.tokens.of[SPINNER]
        method = self.seeder.api.get(f"/wallet/orgs/{SPINNER}/identity", token=token).json()[
            "assertionMethod"
        ]
        keystore = Keystore.open(self.keystore, None, environment=Environment.DEVELOPMENT)
        return keystore.signer(SPINNER, method.partition("#")[2], method)

    def rotate(self) -> None:
        """Change the spinner's keys, then check what it signed before and after."""
        seeder = self.seeder
        time.sleep(TICK)
        seeder.api.post(f"/wallet/orgs/{SPINNER}/identity/rotate", token=seeder.tokens.of[SPINNER])
        for number in ("PLACE-1", "STEP-1"):
            self.expect("valid", seeder.papers[SPINNER, number].content)
        subject = seeder.voice.facility(SPINNER)
        fresh = seeder.say(
            SPINNER, "facility", "PLACE-2", f"Place of {MEMBERS[SPINNER].name}, next year", subject
        )
        self.expect("valid", fresh.content)

    def forge(self, stolen: KeySigner) -> bytes:
        """Sign with the old key what the spinner never said, and write a date from before the change."""
        paper = self.seeder.papers[SPINNER, "PLACE-1"]
        document = json.loads(base64url_decode(paper.content.decode("ascii").split(".")[1]))
        said = {name: value for name, value in document.items() if name not in {"iat", "iss", "jti", "sub"}}
        said["name"] = "A place that never was"
        return sign_credential_jwt(said, stolen, issued_at=now() - timedelta(days=10)).encode()

    def suspend(self) -> None:
        """Suspend, look, reinstate, look."""
        content = self.seeder.papers["fa", "SCOPE-orgu"].content
        self.expect("valid", content)
        self.decide("SCOPE-orgu", "suspend", "audit_overdue")
        self.expect_refusal(content)
        self.decide("SCOPE-orgu", "reinstate", "audit_done")
        self.expect("valid", content)
        self.seeder.tally.count("suspended")

    def withdraw(self) -> None:
        """Issue the same sale twice by mistake, and withdraw the second."""
        self.seeder.certify_sale(MISTAKE)
        content = self.seeder.papers["fa", MISTAKE.number].content
        self.expect("valid", content)
        self.decide(MISTAKE.number, "withdraw", "issued_in_error")
        self.expect_refusal(content)
        self.seeder.tally.count("withdrawn")

    def silence(self) -> None:
        """Stop the ledger, look, let it answer again, look."""
        content = self.seeder.papers[FACILITIES[1], "PLACE-1"].content
        self.pause_ledger(True)
        try:
            self.expect("undecided", content)
        finally:
            self.pause_ledger(False)
        self.expect("valid", content)

    def decide(self, number: str, act: str, reason: str) -> None:
        """Change the standing of a certificate."""
        body = {"reason": reason, "typed": number}
        self.seeder.api.post(
            f"/issuer/orgs/fa/certificates/{number}/{act}", body, token=self.seeder.tokens.of["fa"]
        )

    def expect(self, verdict: str, content: bytes) -> None:
        """Let the verifier judge, and hold its answer against what the story calls for."""
        report = self.seeder.api.verify(content)
        found = report.get("verdict")
        if found != verdict:
            raise StepError(f"{found}, not {verdict}: {report.get('code')} {report.get('detail')}")
        self.seeder.tally.count({"valid": "verified", "invalid": "refused"}.get(verdict, verdict))

    def expect_refusal(self, content: bytes) -> None:
        """Let the verifier judge; anything but valid is a refusal."""
        report = self.seeder.api.verify(content)
        if report.get("verdict") not in {"invalid", "undecided"}:
            raise StepError(f"{report.get('verdict')}, and should have been refused")
        self.seeder.tally.count("refused")
