"""Runs the four services of the demonstration and does the seeding beside them.

Two rounds: in the first, organisations are registered and get their DIDs; then the policy that names them can
be written, and in the second round, in which the judges read it, everything else happens over HTTP.
"""

import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from certweave.errors import CertweaveError
from certweave.trust.policy import Chain, LedgerSource, Policy, Role, Root
from certweave_app.cli.frame import CommandError, describe
from certweave_app.demo.api import Api, StepError
from certweave_app.demo.people import enrol, give_tokens, load_demo, save_demo, take_tokens
from certweave_app.demo.seed import Seeder
from certweave_app.demo.tally import Tally
from certweave_app.demo.trials import Trials
from certweave_app.serve.founding import Founding
from certweave_app.serve.front import Account, Landing
from certweave_app.serve.parts import POLICY
from certweave_app.serve.server import LOOPBACK, Server, bind, port_of, run_server
from certweave_app.serve.together import Plan, make_all
from certweave_app.world.cast import BRAND_HOST, MEMBERS, SCHEME, Names
from certweave_edge.clock import now
from certweave_edge.files import PUBLIC_FILE, make_directory, write_file

PUBLIC: Final = "https://certweave.example"
SAMPLES: Final = "samples.json"
_SAMPLES: Final = (
    ("PASSPORT-17", "meadow", {"en": "A passport", "de": "Ein Produktpass", "ar": "جواز منتج"}),
    ("PLACE-1", "ipek", {"en": "A spinning mill", "de": "Eine Spinnerei", "ar": "مصنع غزل"}),
)
Services = Mapping[str, FastAPI]


class Gate:
    """A layer around a service that can make it silent."""

    def __init__(self) -> None:
        self.closed = False

    def wrap(self, name: str, app: ASGIApp) -> ASGIApp:
        """Put the layer around the ledger, and leave the others."""
        if name != "ledger":
            return app

        async def through(scope: Scope, receive: Receive, send: Send) -> None:
            if self.closed and scope["type"] == "http":
                await PlainTextResponse("silent", 503)(scope, receive, send)
            else:
                await app(scope, receive, send)

        return through

    def pause(self, closed: bool) -> None:
        """Close it or open it."""
        self.closed = closed


@dataclass(slots=True)
class Stage:
    """One demonstration on one port and one data directory."""

    data: Path
    port: int
    tally: Tally
    gate: Gate = field(default_factory=Gate)
    accounts: list[Account] = field(default_factory=list)

    def play(self, *, once: bool) -> None:
        """Seed where nothing was seeded yet, then serve until told to stop, or with ``once`` stop.

        Raises:
            StepError: a step did not hold.
            CertweaveError: a database or keystore does not open.
        """
        make_directory(self.data)
        kept = load_demo(self.data)
        if kept is not None:
            self.accounts = kept[0]
            self._serve(Landing(*kept), lambda _, __: self._ready(), stay=True)
            return
        landing = Landing()
        self._serve(landing, self._found, stay=False)
        self._serve(
            landing, lambda services, api: self._seed(services, api, landing, not once), stay=not once
        )

    def _found(self, services: Services, api: Api) -> None:
        with self.tally.step("Twelve organisations get names and keys that anybody can look up"):
            self.accounts = enrol(services)
            founding = Founding()
            for name, app in services.items():
                founding.start(name, app)
            founding.wait()
            about = api.get("/ledger/about").json()
            policy = make_policy(self._names(services), LedgerSource(about["did"], about["receipts"]))
        text = json.dumps(policy.to_json(), indent=2, ensure_ascii=False)
        write_file(self.data / POLICY, text.encode() + b"\n", mode=PUBLIC_FILE)
        samples = [
            {"name": name, "link": f"{PUBLIC}/wallet/orgs/{org}/credentials/{number}"}
            for number, org, name in _SAMPLES
        ]
        write_file(self.data / SAMPLES, json.dumps(samples, ensure_ascii=False).encode(), mode=PUBLIC_FILE)

    def _seed(self, services: Services, api: Api, landing: Landing, stay: bool) -> None:
        tokens = give_tokens(services)
        try:
            seeder = Seeder(api, tokens, self.tally, self._names(services), now().date())
            landing.places[:] = seeder.seed()
            Trials(seeder, self.data / "keys" / "wallet", self.gate.pause).run()
        finally:
            take_tokens(services)
        landing.accounts[:] = self.accounts
        save_demo(self.data, landing.accounts, landing.places)
        self.tally.say(f"\n{self.tally.table()}")
        if stay:
            self._ready()

    def _names(self, services: Services) -> Names:
        return Names(
            {org: services[member.service].state.identities.did_of(org) for org, member in MEMBERS.items()}
        )

    def _ready(self) -> None:
        width = max(len(one.login) for one in self.accounts)
        lines = [f"  {one.service:9} {one.login:{width}}  {one.password}" for one in self.accounts]
        self.tally.say("\nAccounts of this demonstration, for this machine only:\n\n" + "\n".join(lines))
        self.tally.say(f"\nEverything is at http://{LOOPBACK}:{self.port}/ — stop with Ctrl-C.")

    def _serve(self, landing: Landing, work: Callable[[Services, Api], None], *, stay: bool) -> None:
        """Serve, and do some work beside it; then stop, or with ``stay`` go on until told to."""
        bound = bind(LOOPBACK, self.port)
        self.port = port_of(bound)
        local = f"http://{LOOPBACK}:{self.port}"
        hosts = {BRAND_HOST: f"{local}/wallet/hosts/{BRAND_HOST}"}
        try:
            plan = Plan(self.data, local, PUBLIC, hosts, {"verifier": {"brand_hosts": BRAND_HOST}})
            app, services = make_all(plan, os.environ, landing=landing, wrap=self.gate.wrap)
        except (CertweaveError, CommandError):
            bound.close()
            raise
        failed: list[CommandError] = []

        def beside() -> None:
            try:
                with Api(local, PUBLIC) as api:
                    work(services, api)
            except CommandError as error:
                failed.append(error)
            except CertweaveError as error:
                failed.append(StepError(describe(error)))
            if failed or not stay:
                server.stop()

        worker = threading.Thread(target=beside, name="demonstration", daemon=True)
        server = Server(app, ready=worker.start)
        started = run_server(server, bound)
        if failed:
            raise failed[0]
        if not started or (not stay and worker.is_alive()):
            raise StepError("it was stopped before it was done")


def make_policy(names: Names, ledger: LedgerSource) -> Policy:
    """Return whom the demonstration trusts: one scheme owner, one accreditation body, one register."""
    schemes = (SCHEME,)
    return Policy(
        "Certweave demonstration",
        roots=(
            Root(names.dids["ofs"], MEMBERS["ofs"].name, Role.SCHEME_OWNER, schemes),
            Root(names.dids["aab"], MEMBERS["aab"].name, Role.ACCREDITATION_BODY, schemes),
            Root(names.dids["abr"], MEMBERS["abr"].name, Role.REGISTER),
        ),
        schemes={SCHEME: frozenset({Chain.APPROVAL, Chain.ACCREDITATION})},
        ledgers=(ledger,),
    )
