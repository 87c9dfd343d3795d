"""The containers: no secret has a default, nobody runs as root, and only what the services need is copied."""

import re
from typing import Any

import pytest
import yaml

from certweave_app.serve.parts import PACKAGES
from tests.support.shared import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SECRET = re.compile(r"PASSPHRASE|TOKEN|MEMBER")
REQUIRED = re.compile(r"\$\{[A-Z_]+:\?[^}]+\}")


def test_the_four_services_run() -> None:
    assert COMPOSE["services"].keys() == PACKAGES.keys()
    for name, service in COMPOSE["services"].items():
        assert service["command"][:2] == ["serve", name]
        assert service["read_only"] is True
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])


@pytest.mark.parametrize("name", PACKAGES)
def test_no_secret_has_a_default(name: str) -> None:
    variables = COMPOSE["services"][name]["environment"]
    secrets = {key: value for key, value in variables.items() if SECRET.search(key)}
    assert "CERTWEAVE_KEYSTORE_PASSPHRASE" in secrets
    assert not {key: value for key, value in secrets.items() if not REQUIRED.fullmatch(value)}
    assert variables["CERTWEAVE_ENVIRONMENT"].endswith(":-production}")


def test_the_image_is_made_of_the_product_alone() -> None:
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    assert rules[0] == "*"
    assert not copied & {"tests", "tools", ".git", "docs"}
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER (?!root)", image, re.MULTILINE)
    assert "--require-hashes" in image
    assert "HEALTHCHECK" in image
