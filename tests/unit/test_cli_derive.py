"""``certweave derive``: show a part of a credential."""

import json
from pathlib import Path

import pytest
from tests.support.disclosing import SUITES, examine, secure

from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import Verdict
from certweave_app.cli.main import main


def written(folder: Path, document: JsonObject) -> str:
    path = folder / "credential.json"
    path.write_text(json.dumps(document), "utf-8")
    return str(path)


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("wrapped", [False, True])
def test_it_prints_what_was_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], suite: str, wrapped: bool
) -> None:
    secured = secure(suite)
    name = written(tmp_path, {"verifiableCredential": secured} if wrapped else secured)
    code = main(["derive", name, "--pointer", "/credentialSubject/name"])
    assert code == 0
    derived = json.loads(capsys.readouterr().out)
    assert derived["credentialSubject"] == {"type": ["Crew"], "name": "The crew"}
    assert examine(derived).verdict is Verdict.VALID


def test_a_proof_of_bbs_is_bound_to_the_header(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = written(tmp_path, secure("bbs-2023"))
    chosen = ["--pointer", "/credentialSubject/name", "--presentation-header", "00ff"]
    assert main(["derive", name, *chosen]) == 0
    assert examine(json.loads(capsys.readouterr().out)).verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--pointer", "/credentialSubject/nothing"], 1, "sd_pointer_unmatched"),
        (["--pointer", "credentialSubject"], 1, "sd_pointer"),
        ([], 1, "sd_too_little"),
        (["--presentation-header", "xyz"], 64, "not hexadecimal"),
    ],
)
def test_what_it_refuses(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    says: str,
) -> None:
    assert main(["derive", written(tmp_path, secure("bbs-2023")), *arguments]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert says in captured.err


def test_no_such_file() -> None:
    assert main(["derive", "nowhere.json"]) == 66
