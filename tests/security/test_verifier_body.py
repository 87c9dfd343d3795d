"""Attacks on the verifier service by what is sent to it: unsigned, too large, too deep, without end."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.verifier import Service, open_verifier
from tests.support.world import World, plain_credential

from certweave.encoding.multibase import base64url_encode

JSON = {"content-type": "application/json"}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with open_verifier(World(), tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("alg", ["none", "None", "HS256"])
def test_an_unsigned_token_is_invalid(service: Service, alg: str) -> None:
    issuer = service.world.party("fa")
    header = {"alg": alg, "typ": "vc+jwt", "kid": issuer.signer.method}
    parts = (json.dumps(header).encode(), json.dumps(plain_credential(issuer)).encode())
    for signature in ("", "AAAA"):
        token = ".".join([*map(base64url_encode, parts), signature])
        answer = service.verify(token.encode())
        assert answer.status_code == 422
        assert (answer.json()["verdict"], answer.json()["code"]) == ("invalid", "alg_refused")


@pytest.mark.parametrize("path", ["/credentials/verify", "/presentations/verify"])
def test_a_body_beyond_the_limit_is_413(service: Service, path: str) -> None:
    answer = service.client.post(path, content=b" " * ((1 << 20) + 1), headers=JSON)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/checks", "/responses/x"])
def test_a_form_beyond_the_limit_is_413(service: Service, path: str) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert service.client.post(path, content=b"a" * ((4 << 20) + 1), headers=headers).status_code == 413


def test_a_large_upload_is_undecided_by_limit(service: Service) -> None:
    files = {"file": ("large.json", b"[" * ((1 << 20) + 1), "application/json")}
    said = service.client.post("/checks", files=files).json()
    assert (said["verdict"], said["checks"][0]["cause"]) == ("undecided", "limit")


def test_a_deep_body_is_refused(service: Service) -> None:
    body = b'{"verifiableCredential": ' + b"[" * 100 + b"]" * 100 + b"}"
    answer = service.client.post("/credentials/verify", content=body, headers=JSON)
    assert answer.status_code in {400, 422}
    assert answer.json()["code"] == "limit_depth"


@pytest.mark.parametrize(
    "body",
    [
        b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--",
        b"--x\r\nContent-Disposition: form-data; name=text",
        b"",
        b"\x00" * 100,
    ],
)
def test_a_broken_form_is_refused(service: Service, body: bytes) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert service.client.post("/checks", content=body, headers=headers).status_code == 400


@pytest.mark.parametrize("check_id", ["..%5c", "x" * 5000, "0" * 32, "%00"])
def test_an_invented_id_finds_nothing(service: Service, check_id: str) -> None:
    for path in (f"/checks/{check_id}", f"/checks/{check_id}/bundle"):
        assert service.client.get(path).status_code in {303, 404}
