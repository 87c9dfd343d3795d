"""The world of a shirt on a loopback server, and a verifier in front of it on another: for real browsers."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from certweave.examine.evidence import Fetched, Kind, Need
from certweave_verifier.app import make_app
from certweave_verifier.settings import VerifierSettings
from tests.support.loopback import serving_app, write_host_map
from tests.support.shirt import HOST, Shirt
from tests.support.web import respond, serving

HOSTS = (HOST, "certs.example", "ledger.example")


@dataclass
class Stand:
    """Where the brand's host and the verifier are found."""

    shirt: Shirt
    brand: str
    verifier: str


@contextmanager
def open_stand(data: Path, shirt: Shirt) -> Iterator[Stand]:
    """Serve the shirt's documents and the verifier; the verifier finds its hosts by a host map."""
    with ExitStack() as stack:
        stand = Stand(shirt, "", "")
        stand.brand = stack.enter_context(serving(lambda handler: _answer(handler, stand)))
        write_host_map(data, {host: f"{stand.brand}/{host}" for host in HOSTS})
        policy = data / "policy.json"
        policy.write_text(json.dumps(shirt.policy.to_json()), encoding="utf-8")
        settings = VerifierSettings(data=data, policy=policy, brand_hosts=HOST)
        app = make_app(settings, clock=lambda: shirt.world.clock)
        stack.callback(app.state.close)
        stand.verifier = stack.enter_context(serving_app(app))
        yield stand


def _answer(handler: BaseHTTPRequestHandler, stand: Stand) -> None:
    """Answer as the brand's host: links when asked for them, else the way to the shopper's page."""
    address = handler.path[1:]
    host = address.split("/")[0]
    if address.startswith(f"{HOST}/01/") and "linkType" not in address:
        respond(handler, status=307, headers={"Location": f"{stand.verifier}/p/{address}"})
        return
    found = stand.shirt.world.fetch(Need(Kind.CREDENTIAL, f"https://{address}")) if host in HOSTS else None
    if isinstance(found, Fetched):
        respond(handler, found.content)
    else:
        respond(handler, status=404 if found is None or found.status == 404 else 503)
