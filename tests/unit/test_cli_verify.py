"""``certweave verify``: inputs, evidence, exit codes and reports; ``certweave replay``."""

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.support.web import respond, serving

from certweave_app.cli.main import main

Output = pytest.CaptureFixture[str]
LOG_URL = "https://mill.example/.well-known/did.jsonl"
PLAIN: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "credentialSubject": {"id": "https://mill.example/lot/7"},
}


@dataclass(frozen=True)
class Mill:
    """An issuer with a did:webvh, and a credential of its own."""

    folder: Path
    token: Path
    log: Path

    @property
    def given(self) -> list[str]:
        """The arguments that hand in its DID log."""
        return ["--evidence-for", f"{LOG_URL}={self.log}"]


@pytest.fixture
def mill(tmp_path: Path, capsys: Output) -> Mill:
    directory = tmp_path / "mill"
    assert main(["did", "create", "--host", "mill.example", "--out", str(directory)]) == 0
    method = next(line for line in capsys.readouterr().err.splitlines() if "#" in line).rpartition(" ")[2]
    draft, token = tmp_path / "draft.json", tmp_path / "token.jwt"
    draft.write_text(json.dumps(PLAIN), encoding="utf-8")
    key = str(directory / "keys" / "assertion-1.jwk")
    assert main(["issue", str(draft), "--key", key, "--method", method, "--secure", "vc+jwt"]) == 0
    token.write_text(capsys.readouterr().out, encoding="utf-8")
    return Mill(tmp_path, token, directory / "did.jsonl")


def report(capsys: Output, *arguments: str | Path, code: int) -> dict[str, Any]:
    """Run verify with --json, expect an exit code, and return the report."""
    assert main(["verify", *(str(one) for one in arguments), "--json"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def outcome(found: dict[str, Any], step: str) -> str:
    word: str = next(check["outcome"] for check in found["checks"] if check["step"] == step)
    return word


def test_offline_the_report_says_what_is_needed(mill: Mill, capsys: Output) -> None:
    found = report(capsys, mill.token, "--offline", code=2)
    assert found["verdict"] == "undecided"
    assert found["needs"] == [{"kind": "did", "url": LOG_URL}]
    assert len(found["checks"]) == 10


def test_what_is_given_for_an_address_decides(mill: Mill, capsys: Output) -> None:
    found = report(capsys, mill.token, "--offline", *mill.given, code=0)
    assert found["verdict"] == "valid"
    assert [row["url"] for row in found["evidence"]] == [LOG_URL]


def test_a_host_map_serves_it(mill: Mill, capsys: Output) -> None:
    with serving(lambda handler: respond(handler, mill.log.read_bytes())) as base:
        found = report(capsys, mill.token, "--host-map", f"mill.example={base}", code=0)
    assert found["evidence"][0]["source"] == "fetched"


def test_a_host_that_fails_leaves_it_undecided(mill: Mill, capsys: Output) -> None:
    with serving(lambda handler: respond(handler, status=503)) as base:
        found = report(capsys, mill.token, "--host-map", f"mill.example={base}", code=2)
    assert outcome(found, "history") == "undecided"
    assert "HTTP 503" in next(check["detail"] for check in found["checks"] if check["step"] == "history")


@pytest.mark.parametrize("status", [200, 503])
def test_kept_evidence_gives_the_same_report(mill: Mill, capsys: Output, status: int) -> None:
    at = ["--at", "2036-01-01T00:00:00Z"] if status == 503 else []
    with serving(lambda handler: respond(handler, mill.log.read_bytes(), status=status)) as base:
        mapped = ["--host-map", f"mill.example={base}"]
        code = 0 if status == 200 else 2
        first = report(capsys, mill.token, *mapped, *at, "--save-evidence", mill.folder / "kept", code=code)
    again = ["--evidence", mill.folder / "kept", "--offline", "--at", first["at"]]
    assert report(capsys, mill.token, *again, code=code) == first
    saved = mill.folder / "again"
    assert report(capsys, mill.token, *again, "--save-evidence", saved, code=code) == first
    for path in (mill.folder / "kept").iterdir():
        assert (saved / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("status", [200, 404])
def test_a_bundle_replays_byte_for_byte(mill: Mill, capsys: Output, status: int) -> None:
    bundle = mill.folder / "one.cwbundle"
    code = 0 if status == 200 else 2
    with serving(lambda handler: respond(handler, mill.log.read_bytes(), status=status)) as base:
        mapped = ["--host-map", f"mill.example={base}", "--json", "--save-evidence", str(bundle)]
        assert main(["verify", str(mill.token), *mapped]) == code
    printed = capsys.readouterr().out
    assert main(["replay", str(bundle), "--json"]) == code
    captured = capsys.readouterr()
    assert captured.out == printed
    assert "came out again" in captured.err


def test_a_bundle_whose_report_was_changed_is_found_out(mill: Mill, capsys: Output) -> None:
    bundle = mill.folder / "one.cwbundle"
    assert main(["verify", str(mill.token), "--offline", "--save-evidence", str(bundle)]) == 2
    from certweave.limits import DEFAULT_LIMITS
    from certweave_edge.bundle import Bundle, make_bundle, parse_bundle

    found = parse_bundle(bundle.read_bytes(), limits=DEFAULT_LIMITS)
    lying = Bundle(found.source, found.evidence, found.report.replace(b"undecided", b"valid"), found.policy)
    bundle.write_bytes(make_bundle(lying))
    assert main(["replay", str(bundle)]) == 1
    assert "NOT the report" in capsys.readouterr().err


def test_a_bundle_is_verified_as_somebody_elses(mill: Mill, capsys: Output) -> None:
    bundle = mill.folder / "one.cwbundle"
    assert main(["verify", str(mill.token), "--offline", *mill.given, "--save-evidence", str(bundle)]) == 0
    capsys.readouterr()
    found = report(capsys, bundle, "--offline", code=0)
    assert {row["source"] for row in found["evidence"]} == {"supplied"}


def test_changed_evidence_is_misuse_and_names_the_row(mill: Mill, capsys: Output) -> None:
    kept = mill.folder / "kept"
    report(capsys, mill.token, "--offline", *mill.given, "--save-evidence", kept, code=0)
    for path in kept.iterdir():
        if path.name != "evidence.json":
            path.write_bytes(b"other")
    assert main(["verify", str(mill.token), "--evidence", str(kept)]) == 64
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "/0: " in captured.err
    assert main(["verify", str(mill.token), "--evidence", str(mill.folder / "none")]) == 66


@pytest.mark.parametrize(
    ("text", "code"),
    [("", 1), ("{}", 1), ("a.b.c", 1), ("null", 1), ('{"a":1,"a":1}', 1), ("[" * 100 + "]" * 100, 2)],
)
def test_an_input_that_cannot_be_read(
    text: str, code: int, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert outcome(report(capsys, "-", code=code), "read") == ("invalid" if code == 1 else "undecided")


def test_an_input_at_an_address(mill: Mill, capsys: Output) -> None:
    with serving(lambda handler: respond(handler, mill.token.read_bytes())) as base:
        assert report(capsys, f"{base}/credential", *mill.given, code=0)["verdict"] == "valid"


@pytest.mark.parametrize("offline", [False, True])
def test_an_address_that_does_not_answer(offline: bool, capsys: Output) -> None:
    with serving(respond) as base:
        pass
    found = report(capsys, f"{base}/credential", *(["--offline"] if offline else []), code=2)
    assert outcome(found, "read") == "undecided"
    assert found["needs"] == [{"kind": "credential", "url": f"{base}/credential"}]
    assert len(found["checks"]) == 10


def test_a_data_directory_that_was_named_must_be_there(mill: Mill) -> None:
    assert main(["verify", str(mill.token), "--offline", "--data", str(mill.folder / "none")]) == 66


@pytest.mark.parametrize("policy", ["{}", "[]", '{"name": "x", "trust": "all"}'])
def test_a_wrong_policy_is_misuse(mill: Mill, policy: str) -> None:
    path = mill.folder / "policy.json"
    path.write_text(policy, encoding="utf-8")
    assert main(["verify", str(mill.token), "--policy", str(path)]) == 64


def test_a_policy_that_does_not_know_the_issuer_leaves_it_undecided(mill: Mill, capsys: Output) -> None:
    path = mill.folder / "policy.json"
    path.write_text('{"name": "buyers"}', encoding="utf-8")
    found = report(capsys, mill.token, "--offline", *mill.given, "--policy", path, code=2)
    assert found["policy"] == "buyers"
    assert outcome(found, "trust") == "undecided"


def test_the_report_for_people_names_every_step(mill: Mill, capsys: Output) -> None:
    assert main(["verify", str(mill.token), "--offline", *mill.given]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("VALID")
    assert "nobody vouches for them here" in shown.splitlines()[1]
    for step in report(capsys, mill.token, "--offline", *mill.given, code=0)["checks"]:
        assert f"{step['number']:>3} {step['step']}" in shown
    assert main(["verify", str(mill.token), "--offline"]) == 2
    shown = capsys.readouterr().out
    assert shown.startswith("UNDECIDED")
    assert "What would decide it" in shown
    assert f"did {LOG_URL}" in shown
