"""``certweave serve all --conformance --tls``: over https, from issuing to a withdrawn credential."""

import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.support.servers import COMMAND
from tools.conformance.plan import TAGS, make_config

READY = "listens on "


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    data = tmp_path_factory.mktemp("data")
    asked = [*COMMAND, "serve", "all", "--conformance", "--tls", "--port", "0", "--data", str(data)]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout is not None else ""
            base = line.split(READY)[1].strip()
            assert base.startswith("https://127.0.0.1:")
            with _client(base, data / "tls" / "certificate.pem") as client:
                yield client
        finally:
            process.terminate()
        assert process.wait(timeout=30) == 0


def _client(base: str, certificate: Path) -> httpx.Client:
    # Nothing is turned off: the certificate is the one that we were told to trust.
    trust = ssl.create_default_context(cafile=str(certificate))
    return httpx.Client(base_url=base, verify=trust, timeout=60, trust_env=False)


def issuers(server: httpx.Client) -> list[dict[str, str]]:
    return list(server.get("/issuer/conformance").json()["issuers"])


def issued(server: httpx.Client, name: str) -> dict[str, Any]:
    did = next(one["id"] for one in issuers(server) if one["name"] == name)
    credential = {
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
        "id": f"urn:example:{name}",
        "type": ["VerifiableCredential", "ExampleCredential"],
        "issuer": did,
        "credentialSubject": {"alumniOf": "a school"},
    }
    answer = server.post(f"/issuer/conformance/{name}/credentials/issue", json={"credential": credential})
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["verifiableCredential"])


def verify(server: httpx.Client, secured: Any) -> httpx.Response:
    return server.post("/verifier/conformance/credentials/verify", json={"verifiableCredential": secured})


def test_every_issuer_has_an_address_and_tests_that_ask_for_it(server: httpx.Client) -> None:
    listed = issuers(server)
    assert {one["suite"] for one in listed} <= {*TAGS}
    config = make_config(str(server.base_url).rstrip("/"), listed)
    for one in listed:
        assert f"/issuer/conformance/{one['name']}/credentials/issue" in config


def test_issue_show_and_verify(server: httpx.Client) -> None:
    assert verify(server, issued(server, "eddsa-rdfc-2022")).status_code == 200
    base = issued(server, "ecdsa-sd-2023")
    asked = {"verifiableCredential": base, "options": {"selectivePointers": ["/credentialSubject"]}}
    shown = server.post("/wallet/conformance/credentials/derive", json=asked)
    assert shown.status_code == 201, shown.text
    derived = shown.json()["verifiableCredential"]
    assert verify(server, derived).status_code == 200
    presentation = {
        "@context": derived["@context"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [derived],
    }
    options = {"domain": "suite.example", "challenge": "c"}
    path = "/wallet/conformance/holders/ecdsa-rdfc-2019-p256/presentations"
    made = server.post(path, json={"presentation": presentation, "options": options})
    assert made.status_code == 201, made.text
    body = {**made.json(), "options": options}
    assert server.post("/verifier/conformance/presentations/verify", json=body).status_code == 200


def test_a_status_is_fetched_over_https_and_followed(server: httpx.Client) -> None:
    made = issued(server, "bitstring")
    entry = made["credentialStatus"][0]
    assert entry["statusListCredential"].startswith(str(server.base_url))
    assert verify(server, made).status_code == 200
    change = {"credentialId": made["id"], "credentialStatus": {"type": "BitstringStatusListEntry"}}
    change["credentialStatus"] |= {"statusPurpose": "revocation"}
    assert server.post("/issuer/conformance/bitstring/credentials/status", json=change).status_code == 200
    answer = verify(server, made)
    assert (answer.status_code, answer.json()["verdict"]) == (422, "invalid")


def test_the_ordinary_verifier_beside_it_stays_as_it_is(server: httpx.Client) -> None:
    made = issued(server, "eddsa-rdfc-2022")
    answer = server.post("/verifier/credentials/verify", json={"verifiableCredential": made})
    assert (answer.status_code, answer.json()["code"]) == (422, "context_unpinned")
