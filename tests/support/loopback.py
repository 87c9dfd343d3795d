"""Real servers on loopback: the documents of a world by host, and an app under uvicorn."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from certweave.examine.evidence import Fetched, Kind, Need
from tests.support.web import respond, serving
from tests.support.world import World

HOSTS = ("ledger.example", "certs.example")


@contextmanager
def serving_world(world: World) -> Iterator[dict[str, str]]:
    """Serve what the parties of a world publish; yield the host map that leads there."""
    lock = threading.Lock()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        with lock:
            found = world.fetch(Need(Kind.DID, f"https:/{handler.path}"))
        if isinstance(found, Fetched):
            respond(handler, found.content, media_type=found.media_type)
        else:
            respond(handler, status=found.status or 503)

    with serving(answer) as base:
        yield {host: f"{base}/{host}" for host in HOSTS}


def write_host_map(data: Path, hosts: dict[str, str]) -> None:
    """Put a host map where a service looks for it."""
    data.mkdir(exist_ok=True)
    (data / "host-map.json").write_text(json.dumps(hosts), encoding="utf-8")


@contextmanager
def serving_app(app: ASGIApp) -> Iterator[str]:
    """Run an app under uvicorn; yield its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
