"""Attack: find an instance in production whose issuers for test suites sign whatever anybody sends."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from tests.support.client import open_client

from certweave.errors import InvalidError
from certweave_app.cli.main import main
from certweave_app.serve.parts import make_service, read_settings
from certweave_edge.conformance import check_conformance
from certweave_edge.settings_base import BaseSettings, Environment

PRODUCTION = {
    "CERTWEAVE_ENVIRONMENT": "production",
    "CERTWEAVE_PUBLIC_URL": "https://mill.org",
    "CERTWEAVE_DID_HOST": "ids.mill.org",
    "CERTWEAVE_KEYSTORE_PASSPHRASE": "a long one of our own",
}
SERVICES = ["issuer", "verifier", "wallet"]


@pytest.mark.parametrize("service", ["all", *SERVICES])
@pytest.mark.parametrize("by", ["argument", "variable"])
def test_it_does_not_start(
    service: str,
    by: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    asked = ["serve", service, "--port", "0", "--data", str(tmp_path / "data")]
    if by == "argument":
        asked.append("--conformance")
    else:
        monkeypatch.setenv("CERTWEAVE_CONFORMANCE", "true")
    assert main(asked) == 64
    assert "not for production" in capsys.readouterr().err


@pytest.mark.parametrize(
    "settings",
    [BaseSettings(), BaseSettings(conformance=True, environment=Environment.PRODUCTION)],
)
def test_the_part_itself_refuses(settings: BaseSettings) -> None:
    """Whoever makes settings without reading them does not get past this either."""
    with pytest.raises(InvalidError) as caught:
        check_conformance(settings)
    assert caught.value.code == "setting_conformance"


def routes(app: FastAPI) -> set[str]:
    with open_client(app) as client:
        return {path for path in client.get("/openapi.json").json()["paths"] if "conformance" in path}


@pytest.mark.parametrize("service", SERVICES)
def test_without_being_asked_nothing_is_open(service: str, tmp_path: Path) -> None:
    app = make_service(service, read_settings(service, {}, data=tmp_path))
    try:
        assert routes(app) == set()
    finally:
        app.state.close()
