"""``certweave key``."""

import json
from pathlib import Path

import pytest

from certweave.keys.jwk import parse_private_jwk
from certweave.keys.multikey import parse_secret_multikey
from certweave_app.cli.main import main


@pytest.mark.parametrize(
    ("name", "curve"), [("ed25519", "Ed25519"), ("p256", "P-256"), ("p384", "P-384"), ("p521", "P-521")]
)
def test_a_key_is_printed_as_a_jwk(name: str, curve: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["key", "new", "--alg", name]) == 0
    jwk = json.loads(capsys.readouterr().out)
    assert jwk["crv"] == curve
    assert jwk["kid"] == parse_private_jwk(jwk).public.multikey


def test_a_bbs_key_is_printed_as_a_multikey(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["key", "new", "--alg", "bbs"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["type"] == "Multikey"
    assert parse_secret_multikey(found["secretKeyMultibase"]).public.multikey == found["publicKeyMultibase"]


def test_two_keys_differ(capsys: pytest.CaptureFixture[str]) -> None:
    main(["key", "new", "--alg", "ed25519"])
    main(["key", "new", "--alg", "ed25519"])
    first, second = capsys.readouterr().out.split("}\n", 1)
    assert first + "}\n" != second


def test_a_key_file_is_the_owners_alone_and_never_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "key.jwk"
    assert main(["key", "new", "--alg", "ed25519", "--out", str(path)]) == 0
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    assert main(["key", "new", "--alg", "ed25519", "--out", str(path)]) == 64
    assert path.read_bytes() == before
    assert "exists already" in capsys.readouterr().err


def test_a_key_is_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.jwk").symlink_to(tmp_path / "target")
    assert main(["key", "new", "--alg", "ed25519", "--out", str(tmp_path / "link.jwk")]) == 64
    assert not (tmp_path / "target").exists()
