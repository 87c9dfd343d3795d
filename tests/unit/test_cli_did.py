"""``certweave did``: a DID from its creation to its end, and resolution."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.support.web import respond, serving

from certweave_app.cli.main import main

Output = pytest.CaptureFixture[str]


def run(capsys: Output, *arguments: str | Path, code: int = 0) -> str:
    assert main([str(one) for one in arguments]) == code, capsys.readouterr().err
    return capsys.readouterr().out


def create(capsys: Output, directory: Path, host: str = "mill.example", path: str = "dids/green") -> str:
    return run(capsys, "did", "create", "--host", host, "--path", path, "--out", directory).strip()


def resolve(capsys: Output, *arguments: str | Path, code: int = 0) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(run(capsys, "did", "resolve", *arguments, code=code))
    return result


def keys(directory: Path) -> list[str]:
    return sorted(path.name for path in (directory / "keys").iterdir())


def names(document: dict[str, Any], relationship: str) -> Sequence[str]:
    found: list[str] = document[relationship]
    return found


def test_creation_writes_log_twin_and_keys(tmp_path: Path, capsys: Output) -> None:
    directory = tmp_path / "mill"
    did = create(capsys, directory)
    assert did.startswith("did:webvh:Qm")
    assert did.endswith(":mill.example:dids:green")
    assert keys(directory) == ["assertion-1.jwk", "authentication-1.jwk", "next-1.jwk", "update-1.jwk"]
    assert {path.stat().st_mode & 0o777 for path in (directory / "keys").iterdir()} == {0o600}
    twin = json.loads((directory / "did.json").read_bytes())
    assert twin["id"] == "did:web:mill.example:dids:green"
    assert did in twin["alsoKnownAs"]


def test_a_did_is_not_written_over_another(tmp_path: Path, capsys: Output) -> None:
    create(capsys, tmp_path / "mill")
    before = (tmp_path / "mill" / "did.jsonl").read_bytes()
    run(capsys, "did", "create", "--host", "other.example", "--out", tmp_path / "mill", code=64)
    assert (tmp_path / "mill" / "did.jsonl").read_bytes() == before


def test_a_life(tmp_path: Path, capsys: Output) -> None:
    directory = tmp_path / "mill"
    log = directory / "did.jsonl"
    did = create(capsys, directory, host="mill.example:8443")
    first = resolve(capsys, did, "--log", log)["didDocument"]

    run(capsys, "did", "update", "--dir", directory, "--rotate")
    rotated = resolve(capsys, did, "--log", log)["didDocument"]
    for relationship in ("assertionMethod", "authentication"):
        assert len(names(rotated, relationship)) == 1
        assert set(names(rotated, relationship)).isdisjoint(names(first, relationship))
    assert len(rotated["verificationMethod"]) == 2
    assert "next-1.jwk" not in keys(directory)
    assert {"next-2.jwk", "update-2.jwk", "assertion-2.jwk", "authentication-2.jwk"} <= set(keys(directory))

    run(capsys, "did", "update", "--dir", directory, "--add-key")
    added = resolve(capsys, did, "--log", log)["didDocument"]
    assert names(added, "assertionMethod")[0] == names(rotated, "assertionMethod")[0]
    assert len(names(added, "assertionMethod")) == 2
    assert "assertion-3.jwk" in keys(directory)
    assert "authentication-3.jwk" not in keys(directory)

    document = {
        **added,
        "service": [{"id": f"{did}#s", "type": "Shop", "serviceEndpoint": "https://a.example"}],
    }
    (tmp_path / "document.json").write_text(json.dumps(document), encoding="utf-8")
    run(capsys, "did", "update", "--dir", directory, "--document", tmp_path / "document.json")
    assert resolve(capsys, did, "--log", log)["didDocument"]["service"][0]["type"] == "Shop"

    old = resolve(capsys, did, "--log", log, "--version-number", "1")
    assert old["didDocument"] == first
    at = old["didDocumentMetadata"]["versionTime"]
    assert resolve(capsys, did, "--log", log, "--at", at)["didDocument"] == first
    version = old["didDocumentMetadata"]["versionId"]
    assert resolve(capsys, did, "--log", log, "--version-id", version)["didDocument"] == first
    gone = resolve(capsys, did, "--log", log, "--version-number", "9", code=1)
    assert gone["didResolutionMetadata"]["error"] == "notFound"

    run(capsys, "did", "deactivate", "--dir", directory)
    assert not (directory / "did.json").exists()
    ended = resolve(capsys, did, "--log", log)
    assert ended["didDocument"] is None
    assert ended["didDocumentMetadata"]["deactivated"] is True
    run(capsys, "did", "update", "--dir", directory, "--rotate", code=1)


def test_a_document_of_another_did_is_refused(tmp_path: Path, capsys: Output) -> None:
    create(capsys, tmp_path / "mill")
    before = (tmp_path / "mill" / "did.jsonl").read_bytes()
    (tmp_path / "other.json").write_text('{"id": "did:web:other.example"}', encoding="utf-8")
    run(capsys, "did", "update", "--dir", tmp_path / "mill", "--document", tmp_path / "other.json", code=1)
    assert (tmp_path / "mill" / "did.jsonl").read_bytes() == before
    assert "next-2.jwk" not in keys(tmp_path / "mill")


def test_a_lost_next_key_is_said(tmp_path: Path, capsys: Output) -> None:
    create(capsys, tmp_path / "mill")
    (tmp_path / "mill" / "keys" / "next-1.jwk").unlink()
    assert main(["did", "update", "--dir", str(tmp_path / "mill"), "--rotate"]) == 1
    assert "next_key_missing" in capsys.readouterr().err


def test_a_spoilt_log_is_refused(tmp_path: Path, capsys: Output) -> None:
    did = create(capsys, tmp_path / "mill")
    log = tmp_path / "mill" / "did.jsonl"
    log.write_bytes(log.read_bytes().replace(b"#files", b"#fires").replace(b'"ttl"', b'"tt1"')[:-20] + b"\n")
    result = resolve(capsys, did, "--log", log, code=1)
    assert result["didDocument"] is None
    assert "error" in result["didResolutionMetadata"]


@pytest.mark.parametrize("prefix", ["did:webvh", "did:web"])
def test_a_did_is_resolved_over_the_host_map(tmp_path: Path, capsys: Output, prefix: str) -> None:
    directory = tmp_path / "mill"
    did = create(capsys, directory)
    files = {
        "/base/dids/green/did.jsonl": (directory / "did.jsonl").read_bytes(),
        "/base/dids/green/did.json": (directory / "did.json").read_bytes(),
    }
    wanted = did if prefix == "did:webvh" else "did:web:mill.example:dids:green"
    with serving(lambda handler: respond(handler, files[handler.path])) as base:
        result = resolve(capsys, wanted, "--host-map", f"mill.example={base}/base")
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "host-map.json").write_text(
            json.dumps({"mill.example": f"{base}/base"}), encoding="utf-8"
        )
        assert resolve(capsys, wanted, "--data", tmp_path / "data")["didDocument"] == result["didDocument"]
    assert result["didDocument"]["id"] == wanted


def test_a_host_that_does_not_answer_is_2(capsys: Output) -> None:
    with serving(respond) as base:
        pass
    result = resolve(capsys, "did:web:mill.example", "--host-map", f"mill.example={base}", code=2)
    assert result["didResolutionMetadata"]["error"] == "notFound"


@pytest.mark.parametrize(
    ("did", "code", "word"),
    [
        ("did:foo:bar", 2, "methodNotSupported"),
        ("nonsense", 1, "invalidDid"),
        ("did:web:localhost", 1, "invalidDid"),
        ("did:web:127.0.0.1", 1, "invalidDid"),
        ("did:key:zzz", 1, "invalidDid"),
    ],
)
def test_a_refusal_is_a_resolution_result(did: str, code: int, word: str, capsys: Output) -> None:
    assert resolve(capsys, did, code=code)["didResolutionMetadata"]["error"] == word


def test_a_did_key_resolves_to_itself(capsys: Output) -> None:
    did = "did:key:z6MkpQF5yX5zFcws6CrNGCbh3fEJ3RfTxW6uniz5pgHW3LJ2"
    assert resolve(capsys, did)["didDocument"]["id"] == did
