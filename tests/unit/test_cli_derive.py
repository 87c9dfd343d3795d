"""``certweave derive``: show a part of a credential."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.disclosing import SUITES, entropy, examine, secure
from tests.support.selective import as_json

from certweave.did.key import make_did_key, make_did_key_method
from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import Verdict
from certweave.keys.jwk import make_private_jwk, make_private_key
from certweave.keys.model import Algorithm, KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.sd_jwt.sd_jwt_vc import sign_sd_jwt_vc
from certweave.proof.sd_jwt.token import parse_sd_jwt, process_sd_jwt
from certweave.proof.sd_jwt.vc_sd_jwt import sign_credential_sd_jwt
from certweave.proof.vc_jwt import envelope
from certweave_app.cli.main import main
from certweave_edge import clock

Output = pytest.CaptureFixture[str]
ISSUER, HOLDER, OTHER = (
    make_private_key(Algorithm.P256, entropy=lambda size, seed=seed: bytes([seed]) * size)  # type: ignore[misc]
    for seed in (5, 6, 7)
)
SUBJECT = {"lot": "7", "buyer": {"name": "EGE", "price": "3", "terms": ["cif", "net 30"]}}
ASKED = ["--audience", "https://shop.example", "--nonce", "n-1"]


def sd_jwt(kind: str, *hidden: str, bound: bool = False) -> str:
    """Return an SD-JWT of W3C (``vc``) or the IETF (``dc``), issued now."""
    did = make_did_key(ISSUER.public)
    claims: JsonObject = {"iss": did, "vct": "urn:example:lot", "credentialSubject": SUBJECT}
    if kind == "vc":
        claims = {
            "@context": ["https://www.w3.org/ns/credentials/v2", {"@vocab": "https://mill.example/ns#"}],
            "type": ["VerifiableCredential"],
            "issuer": did,
            "credentialSubject": SUBJECT,
        }
    sign: Any = sign_credential_sd_jwt if kind == "vc" else sign_sd_jwt_vc
    signer = KeySigner(make_did_key_method(ISSUER.public), ISSUER)
    more = {"hidden": hidden, "entropy": entropy(), "holder": HOLDER.public if bound else None}
    token: str = sign(claims, signer, issued_at=clock.now(), **more)
    return token


def verified(folder: Path, capsys: Output, content: str, *arguments: str) -> int:
    """Return how ``certweave verify`` leaves for ``content``."""
    path = folder / "shown"
    path.write_text(content, "utf-8")
    code = main(["verify", str(path), "--offline", *arguments])
    capsys.readouterr()
    return code


def subject_of(token: str) -> Any:
    sd_jwt = parse_sd_jwt(token.strip(), limits=DEFAULT_LIMITS)
    return process_sd_jwt(sd_jwt, limits=DEFAULT_LIMITS).payload["credentialSubject"]


def key_file(folder: Path, key: Any = HOLDER) -> str:
    path = folder / "holder.jwk"
    path.touch(0o600)
    path.write_text(json.dumps(make_private_jwk(key)), "utf-8")
    return str(path)


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


LINES = ("/credentialSubject/lot", "/credentialSubject/buyer/price", "/credentialSubject/buyer/terms/0")


@pytest.mark.parametrize("kind", ["vc", "dc"])
@pytest.mark.parametrize(
    ("pointers", "subject"),
    [
        ([], {"buyer": {"name": "EGE", "terms": ["net 30"]}}),
        (["/credentialSubject/lot"], {"lot": "7", "buyer": {"name": "EGE", "terms": ["net 30"]}}),
        (["/credentialSubject/buyer"], {"buyer": SUBJECT["buyer"]}),
        (["/credentialSubject/buyer/terms/0"], {"buyer": {"name": "EGE", "terms": ["cif", "net 30"]}}),
        (["/credentialSubject/buyer/name"], {"buyer": {"name": "EGE", "terms": ["net 30"]}}),
        ([""], SUBJECT),
    ],
)
def test_an_sd_jwt_shows_what_was_chosen(
    tmp_path: Path, capsys: Output, kind: str, pointers: list[str], subject: JsonObject
) -> None:
    path = tmp_path / "credential.txt"
    path.write_text(sd_jwt(kind, *LINES) + "\n", "utf-8")
    chosen = [word for pointer in pointers for word in ("--pointer", pointer)]
    assert main(["derive", str(path), *chosen]) == 0
    shown = capsys.readouterr().out
    assert subject_of(shown) == subject
    assert verified(tmp_path, capsys, shown) == 0


@pytest.mark.parametrize("pointer", ["/credentialSubject/buyer", "/credentialSubject/buyer/price"])
def test_what_is_hidden_inside_of_the_hidden(tmp_path: Path, capsys: Output, pointer: str) -> None:
    path = tmp_path / "credential.txt"
    path.write_text(sd_jwt("vc", "/credentialSubject/buyer", *LINES), "utf-8")
    assert main(["derive", str(path), "--pointer", pointer]) == 0
    buyer: JsonObject = {"name": "EGE", "price": "3", "terms": ["cif", "net 30"]}
    if pointer.endswith("price"):
        buyer["terms"] = ["net 30"]
    shown = capsys.readouterr().out
    assert subject_of(shown) == {"buyer": buyer}
    assert verified(tmp_path, capsys, shown) == 0


def as_flattened(token: str) -> str:
    return json.dumps(as_json(token))


def as_general(token: str) -> str:
    return json.dumps(as_json(token, general=True))


@pytest.mark.parametrize(
    "around", [json.dumps, lambda token: json.dumps(envelope(token)), as_flattened, as_general]
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_what_may_stand_around_an_sd_jwt(tmp_path: Path, capsys: Output, around: Any, wrapped: bool) -> None:
    content = around(sd_jwt("vc", *LINES))
    path = tmp_path / "credential.json"
    path.write_text(f'{{"verifiableCredential": {content}}}' if wrapped else content, "utf-8")
    assert main(["derive", str(path), "--pointer", LINES[0]]) == 0
    assert capsys.readouterr().out.count("~") == 2


@pytest.mark.parametrize("kind", ["vc", "dc"])
def test_a_key_binding_for_who_asked(tmp_path: Path, capsys: Output, kind: str) -> None:
    path = tmp_path / "credential.txt"
    path.write_text(sd_jwt(kind, *LINES, bound=True), "utf-8")
    key = ["--key", key_file(tmp_path)]
    assert main(["derive", str(path), "--pointer", LINES[0], *key, *ASKED]) == 0
    presented = capsys.readouterr().out
    assert subject_of(presented)["lot"] == "7"
    assert verified(tmp_path, capsys, presented, *ASKED) == 0
    assert verified(tmp_path, capsys, presented, *ASKED[:3], "n-2") == 1
    assert main(["derive", str(path)]) == 0
    captured = capsys.readouterr()
    assert "bound it to a key" in captured.err
    assert verified(tmp_path, capsys, captured.out, *ASKED) == 1


@pytest.mark.parametrize(
    ("bound", "key", "arguments", "ending"),
    [
        (True, HOLDER, ASKED[:2], (64, "all of --key, --audience and --nonce")),
        (True, OTHER, ASKED, (64, "bound it to another key")),
        (False, HOLDER, ASKED, (64, "bound it to no key")),
        (False, None, ["--nonce", "n"], (64, "all of --key")),
        (False, None, ["--presentation-header", "00"], (64, "is for bbs-2023")),
        (False, None, ["--pointer", "/credentialSubject/nothing"], (1, "sd_pointer_unmatched")),
        (False, None, ["--pointer", "/credentialSubject/buyer/terms/2"], (1, "sd_pointer_unmatched")),
        (False, None, ["--pointer", "/credentialSubject/buyer/terms/x"], (1, "sd_pointer_unmatched")),
        (False, None, ["--pointer", "lot"], (1, "sd_pointer")),
    ],
)
def test_what_it_refuses_of_an_sd_jwt(
    tmp_path: Path, capsys: Output, *, bound: bool, key: Any, arguments: list[str], ending: tuple[int, str]
) -> None:
    code, says = ending
    path = tmp_path / "credential.txt"
    path.write_text(sd_jwt("vc", *LINES, bound=bound), "utf-8")
    held = [] if key is None else ["--key", key_file(tmp_path, key)]
    assert main(["derive", str(path), *held, *arguments]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert says in captured.err


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        ("a.b.c", 1, "sd_jwt_malformed"),
        (sd_jwt("vc", "/credentialSubject"), 1, "sd_too_little"),
        (sd_jwt("vc", *LINES) + "e30.e30.AAAA", 1, "key_binding_present"),
        (" \n", 1, "input is empty (input_form)"),
        ("[]", 1, "input_form"),
        ('{"verifiableCredential": []}', 1, "input_form"),
        (json.dumps(secure("ecdsa-sd-2023")), 64, "--nonce is for SD-JWT"),
    ],
)
def test_what_it_cannot_show(tmp_path: Path, capsys: Output, content: str, code: int, says: str) -> None:
    path = tmp_path / "credential"
    path.write_text(content, "utf-8")
    assert main(["derive", str(path), *(["--nonce", "n"] if code == 64 else [])]) == code
    assert says in capsys.readouterr().err


def test_a_part_of_a_part_cannot_show_what_is_not_there(tmp_path: Path, capsys: Output) -> None:
    path = tmp_path / "credential.txt"
    path.write_text(sd_jwt("vc", *LINES), "utf-8")
    assert main(["derive", str(path), "--pointer", LINES[0]]) == 0
    path.write_text(capsys.readouterr().out, "utf-8")
    assert main(["derive", str(path), "--pointer", LINES[2]]) == 1
    assert "sd_pointer_unmatched" in capsys.readouterr().err
    assert main(["derive", str(path)]) == 0
    assert capsys.readouterr().out.count("~") == 1
