"""Attack: a stranger makes the verifier service ask addresses inside of our network, by any of its inputs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.support.client import Client, open_client
from tests.support.loopback import serving_world, write_host_map
from tests.support.web import respond, serving
from tests.support.world import World, plain_credential

from certweave.encoding.multibase import base64url_encode
from certweave.examine.report import Step
from certweave_verifier.app import make_app
from certweave_verifier.settings import VerifierSettings

DRAFT = "https://json-schema.org/draft/2020-12/schema"


@contextmanager
def inside() -> Iterator[tuple[str, list[str]]]:
    """Run a server that nobody outside may reach; yield its address and what it was asked."""
    asked: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        respond(handler, b'{"secret": true}')

    with serving(answer) as base:
        yield urlsplit(base).netloc, asked


@contextmanager
def verifier(world: World, data: Path, hosts: dict[str, str]) -> Iterator[Client]:
    """Run a verifier with the production network."""
    write_host_map(data, hosts)
    app = make_app(VerifierSettings(data=data), clock=lambda: world.clock)
    with open_client(app) as client:
        yield client
    app.state.close()


def outcome_of(client: Client, token: bytes, step: Step) -> tuple[str, str | None]:
    answer = client.post("/credentials/verify", json={"verifiableCredential": token.decode()})
    check = next(check for check in answer.json()["checks"] if check["step"] == step)
    return check["outcome"], check["cause"]


def test_a_status_list_inside_is_not_asked_for(tmp_path: Path) -> None:
    world = World()
    issuer = world.party("fa")
    with (
        serving_world(world) as hosts,
        inside() as (address, asked),
        verifier(world, tmp_path, hosts) as client,
    ):
        for url in (
            f"https://{address}/status/1",
            f"http://{address}/status/1",
            "https://localhost/status/1",
        ):
            entry = {**issuer.entry(1), "statusListCredential": url}
            token = issuer.issue(plain_credential(issuer, credentialStatus=entry))
            assert outcome_of(client, token, Step.STATUS) == ("undecided", "unreachable")
        assert asked == []


@pytest.mark.parametrize("kind", ["JsonSchema", "JsonSchemaCredential"])
def test_a_schema_inside_is_not_asked_for(tmp_path: Path, kind: str) -> None:
    world = World()
    issuer = world.party("fa")
    outside = "https://schemas.example/1"
    with inside() as (address, asked):
        leading = {"$id": outside, "$schema": DRAFT, "$ref": f"https://{address}/other"}
        world.documents[outside] = json.dumps(leading).encode()
        cases = [
            (f"https://{address}/schema", "unreachable"),
            (f"http://{address}/schema", "unsupported"),
            ("https://localhost/schema", "unreachable"),
            ("https://169.254.169.254/latest/meta-data", "unreachable"),
        ]
        with serving_world(world) as hosts:
            hosts["schemas.example"] = hosts["certs.example"].replace("certs.", "schemas.")
            with verifier(world, tmp_path, hosts) as client:
                for url, cause in cases:
                    entry = {"id": url, "type": kind}
                    token = issuer.issue(plain_credential(issuer, credentialSchema=entry))
                    assert outcome_of(client, token, Step.RULES) == ("undecided", cause)
                # A schema that may be asked for, but refers to one that may not.
                entry = {"id": outside, "type": "JsonSchema"}
                token = issuer.issue(plain_credential(issuer, credentialSchema=entry))
                assert outcome_of(client, token, Step.RULES) == ("undecided", "unreachable")
        assert outside in {need.url for need in world.fetched}
        assert asked == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "inner.localhost"])
def test_an_issuer_inside_is_not_asked_for(tmp_path: Path, host: str) -> None:
    world = World()
    issuer = world.party("fa")
    with inside() as (address, asked), verifier(world, tmp_path, {}) as client:
        port = address.rpartition(":")[2]
        document = {**plain_credential(issuer), "issuer": f"did:web:{host}%3A{port}"}
        header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": f"{document['issuer']}#key"}
        parts = (json.dumps(header).encode(), json.dumps(document).encode(), bytes(64))
        token = ".".join(base64url_encode(part) for part in parts).encode()
        assert outcome_of(client, token, Step.SIGNATURE) == ("not_applicable", None)
        assert asked == []


@pytest.mark.parametrize("form", ["http://{}/x", "https://{}/x", "HTTP://{}/x"])
def test_a_typed_address_inside_is_a_strangers(tmp_path: Path, form: str) -> None:
    with inside() as (address, asked), verifier(World(), tmp_path, {}) as client:
        for data in ({"link": form.format(address)}, {"text": form.format(address)}):
            answer = client.post("/checks", data=data)
            assert (answer.json()["verdict"], answer.json()["checks"][0]["code"]) == (
                "undecided",
                "input_unreachable",
            )
            assert "secret" not in answer.text
        assert asked == []


def test_a_typed_address_that_the_operator_mapped_is_asked_for(tmp_path: Path) -> None:
    world = World()
    issuer = world.party("fa")
    world.documents["https://certs.example/one"] = issuer.issue(plain_credential(issuer))
    with serving_world(world) as hosts, verifier(world, tmp_path, hosts) as client:
        answer = client.post("/checks", data={"link": "https://certs.example/one"})
    assert answer.json()["verdict"] == "valid"
