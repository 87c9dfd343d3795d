"""``certweave issue``: what is signed, and what is not."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.shared import shared

from certweave.encoding.multibase import base64url_decode, encode_multibase
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import parse_compact
from certweave.proof.vc_jwt import open_envelope
from certweave.proof.ways import WAYS, Way
from certweave_app.cli.key import ALGORITHMS
from certweave_app.cli.main import main
from certweave_edge.contexts import load_context_store

Output = pytest.CaptureFixture[str]
Bytes = pytest.CaptureFixture[bytes]
PLAIN: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "credentialSubject": {"id": "https://mill.example/lot/7"},
}


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A directory with a key of each kind."""
    for name in ("ed25519", "p256", "p384", "p521", "bbs"):
        assert main(["key", "new", "--alg", name, "--out", str(tmp_path / f"{name}.jwk")]) == 0
    return tmp_path


def issue(work: Path, document: object, *arguments: str, key: str = "ed25519", secure: str = "vc+jwt") -> int:
    """Issue ``document``, and return the exit code."""
    path = work / "draft.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return main(["issue", str(path), "--key", str(work / f"{key}.jwk"), "--secure", secure, *arguments])


def payload(token: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(parse_compact(token.strip(), limits=DEFAULT_LIMITS).payload)
    return found


def did_of(work: Path, key: str = "ed25519") -> str:
    return f"did:key:{json.loads((work / f'{key}.jwk').read_bytes())['kid']}"


def untp() -> dict[str, Any]:
    path = shared("untp", "0.7.0", "samples", "DigitalProductPassport_instance.json")
    document: dict[str, Any] = json.loads(path.read_bytes())
    del document["issuer"]
    return document


@pytest.mark.parametrize("key", ["ed25519", "p256"])
def test_a_missing_issuer_is_the_keys_did(work: Path, capsys: Output, key: str) -> None:
    assert issue(work, PLAIN, key=key) == 0
    found = payload(capsys.readouterr().out)
    assert found["issuer"] == did_of(work, key)
    assert isinstance(found["iat"], int)


WHOLE = [way for way in WAYS.values() if way.pointers != "mandatory"]
"""Ways whose result is for everybody, and not for the holder to derive from."""


@pytest.mark.parametrize("way", WHOLE, ids=lambda way: way.name)
@pytest.mark.parametrize("key", ALGORITHMS)
def test_what_is_issued_is_valid(work: Path, capsysbinary: Bytes, way: Way, key: str) -> None:
    fits = ALGORITHMS[key] in way.algorithms
    for options in [[], ["--enveloped"]] if way.envelop is not None else [[]]:
        assert issue(work, PLAIN, *options, key=key, secure=way.name) == (0 if fits else 64)
        captured = capsysbinary.readouterr()
        if not fits:
            assert captured.out == b""
            assert f"{way.name} needs a key for ".encode() in captured.err
            continue
        (work / "issued").write_bytes(captured.out)
        assert main(["verify", str(work / "issued"), "--offline"]) == 0
        capsysbinary.readouterr()


EMBEDDED = [way for way in WAYS.values() if way.envelop is None]


@pytest.mark.parametrize("way", EMBEDDED, ids=lambda way: way.name)
def test_an_embedded_proof_needs_no_envelope(work: Path, capsys: Output, way: Way) -> None:
    assert issue(work, PLAIN, "--enveloped", secure=way.name) == 64
    assert "an embedded proof needs no envelope" in capsys.readouterr().err


def test_a_base_proof_is_for_the_holder_alone(work: Path, capsys: Output) -> None:
    pointers = ["--mandatory", "/issuer", "--mandatory", "/credentialSubject/id"]
    assert issue(work, PLAIN, *pointers, key="p256", secure="ecdsa-sd-2023") == 0
    base = json.loads(capsys.readouterr().out)
    assert base["proof"]["proofValue"].startswith("u2V0A")
    (work / "base").write_text(json.dumps(base), encoding="utf-8")
    assert main(["verify", str(work / "base"), "--offline"]) == 1
    assert issue(work, PLAIN, "--mandatory", "/nothing", key="p256", secure="ecdsa-sd-2023") == 1
    capsys.readouterr()
    assert issue(work, PLAIN, *pointers, key="bbs", secure="bbs-2023") == 0
    assert json.loads(capsys.readouterr().out)["issuer"].startswith("did:key:zUC7")


@pytest.mark.parametrize("way", WAYS.values(), ids=lambda way: way.name)
@pytest.mark.parametrize("option", ["mandatory", "withhold"])
def test_pointers_are_for_those_who_take_them(work: Path, capsys: Output, way: Way, option: str) -> None:
    if way.pointers != option:
        assert issue(work, PLAIN, f"--{option}", "/issuer", secure=way.name) == 64
        assert f"--{option} means nothing to {way.name}" in capsys.readouterr().err


def kid(work: Path, name: str) -> str:
    found: str = json.loads((work / f"{name}.jwk").read_bytes()).get("kid", "")
    return found


@pytest.mark.parametrize("start", ["", "did:key:"])
def test_it_is_bound_to_the_key_of_its_holder(work: Path, capsys: Output, start: str) -> None:
    held = ["--holder", start + kid(work, "p256"), "--withhold", "/name"]
    assert issue(work, {**PLAIN, "name": "Lot 7"}, *held, secure="vc+sd-jwt") == 0
    (work / "issued").write_text(capsys.readouterr().out, encoding="utf-8")
    asked = ["--audience", "https://shop.example", "--nonce", "n-1"]
    for name, code in (("p256", 0), ("p384", 64)):
        own = ["--key", str(work / f"{name}.jwk"), *asked]
        assert main(["derive", str(work / "issued"), "--pointer", "/name", *own]) == code
        if code == 0:
            (work / "shown").write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["verify", str(work / "shown"), "--offline", *asked]) == 0
    assert main(["verify", str(work / "issued"), "--offline", *asked]) == 1


@pytest.mark.parametrize("way", WAYS.values(), ids=lambda way: way.name)
def test_a_holder_is_for_ways_that_bind(work: Path, capsys: Output, way: Way) -> None:
    if not way.binds:
        assert issue(work, PLAIN, "--holder", kid(work, "p256"), secure=way.name) == 64
        assert f"--holder means nothing to {way.name}" in capsys.readouterr().err


def test_a_holder_has_a_key_that_signs_tokens(work: Path, capsys: Output) -> None:
    bbs = json.loads((work / "bbs.jwk").read_bytes())["publicKeyMultibase"]
    for text, says in ((bbs, "signs no token"), ("z6Mk", "names its algorithm"), ("", "starts with z")):
        assert issue(work, PLAIN, "--holder", text, secure="vc+sd-jwt") == 64
        assert says in capsys.readouterr().err.lower()


def test_what_the_holder_may_withhold_is_not_in_the_open(work: Path, capsys: Output) -> None:
    place = "/credentialSubject/id"
    assert issue(work, PLAIN, "--withhold", place, secure="vc+sd-jwt") == 0
    token = capsys.readouterr().out.strip()
    first, disclosure, rest = token.split("~")
    assert rest == ""
    assert "id" not in payload(first)["credentialSubject"]
    assert b"https://mill.example/lot/7" in base64url_decode(disclosure)
    (work / "issued").write_text(token, encoding="utf-8")
    assert main(["verify", str(work / "issued"), "--offline"]) == 0
    assert issue(work, PLAIN, "--withhold", "/issuer", secure="vc+sd-jwt") == 1


@pytest.mark.parametrize("pointer", ["", "credentialSubject", "/", "/nobody", "~"])
def test_a_pointer_to_nothing_withholds_nothing(work: Path, capsys: Output, pointer: str) -> None:
    assert issue(work, PLAIN, "--withhold", pointer, secure="vc+sd-jwt") == 1
    assert "nothing to hide stands at this place" in capsys.readouterr().err


def test_the_digest_of_a_context_is_compared(work: Path, capsys: Output) -> None:
    known = "https://www.w3.org/ns/credentials/v2"
    raw = bytes.fromhex(load_context_store(None).raw_digests[known])
    right = {"id": known, "digestMultibase": encode_multibase(b"\x12\x20" + raw)}
    assert issue(work, PLAIN | {"relatedResource": [right]}) == 0
    wrong = {"id": known, "digestMultibase": encode_multibase(b"\x12\x20" + bytes(32))}
    assert issue(work, PLAIN | {"relatedResource": [wrong]}) == 1
    assert "digest_mismatch" in capsys.readouterr().err


def test_a_way_that_nobody_knows_is_misuse(work: Path, capsys: Output) -> None:
    assert issue(work, PLAIN, secure="eddsa-2099") == 64
    assert "eddsa-rdfc-2022" in capsys.readouterr().err


def test_the_proof_of_an_old_suite_brings_its_context(work: Path, capsys: Output) -> None:
    assert issue(work, PLAIN, secure="Ed25519Signature2020") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["@context"] == [*PLAIN["@context"], "https://w3id.org/security/suites/ed25519-2020/v1"]
    assert found["proof"]["type"] == "Ed25519Signature2020"


def test_an_envelope_holds_the_token(work: Path, capsys: Output) -> None:
    assert issue(work, PLAIN, "--enveloped", "--issuer-name", "Green Mill") == 0
    media_type, token = open_envelope(json.loads(capsys.readouterr().out))
    assert media_type == "application/vc+jwt"
    assert payload(token)["issuer"] == {"id": did_of(work), "name": "Green Mill"}


def test_the_method_names_the_issuer(work: Path, capsys: Output) -> None:
    assert issue(work, PLAIN, "--method", "did:web:mill.example#key-1") == 0
    token = capsys.readouterr().out.strip()
    assert payload(token)["issuer"] == "did:web:mill.example"
    assert parse_compact(token, limits=DEFAULT_LIMITS).header["kid"] == "did:web:mill.example#key-1"


@pytest.mark.parametrize(
    "issuer", ["did:web:other.example", {"id": "did:web:other.example", "name": "Other"}], ids=str
)
def test_another_issuer_is_refused(work: Path, capsys: Output, issuer: object) -> None:
    assert issue(work, PLAIN | {"issuer": issuer}) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "/issuer: " in captured.err
    assert "issuer_mismatch" in captured.err


@pytest.mark.parametrize("method", ["nonsense", "did:web:mill.example", "did:key:z6Mkother#z6Mkother"])
def test_a_wrong_method_is_misuse(work: Path, method: str) -> None:
    assert issue(work, PLAIN, "--method", method) == 64


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", "json"),
        ("[]", "json_not_object"),
        ('{"a": 1, "a": 2}', "json_duplicate_member"),
        (PLAIN | {"credentialSubject": {}}, "subject_empty"),
        (PLAIN | {"@context": ["https://www.w3.org/ns/did/v1"]}, "context"),
        (PLAIN | {"colour": "green"}, "term_unknown"),
    ],
    ids=str,
)
def test_what_a_rule_refuses_is_not_signed(work: Path, capsys: Output, document: object, code: str) -> None:
    assert issue(work, document) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert code in captured.err


def test_a_key_that_does_not_fit_the_suite_is_misuse(work: Path) -> None:
    assert issue(work, PLAIN, key="p256", secure="eddsa-jcs-2022") == 64


def test_a_file_that_holds_no_key_is_misuse(work: Path) -> None:
    (work / "none.jwk").write_text("{}", encoding="utf-8")
    assert issue(work, PLAIN, key="none") == 64


def test_a_key_that_others_may_read_is_said(work: Path, capsys: Output) -> None:
    (work / "ed25519.jwk").chmod(0o644)
    assert issue(work, PLAIN) == 0
    assert "can be read by other users" in capsys.readouterr().err


def test_a_untp_issuer_needs_a_name(work: Path, capsys: Output) -> None:
    assert issue(work, untp()) == 64
    assert "--issuer-name" in capsys.readouterr().err
    assert issue(work, untp(), "--issuer-name", "Green Mill") == 0
    found = payload(capsys.readouterr().out)["issuer"]
    assert found == {"type": ["CredentialIssuer"], "id": did_of(work), "name": "Green Mill"}


@pytest.mark.parametrize(("key", "secure"), [("ed25519", "eddsa-jcs-2022"), ("p256", "vc+jwt")])
def test_untp_types_are_secured_as_untp_says_unless_told(
    work: Path, capsys: Output, key: str, secure: str
) -> None:
    assert issue(work, untp(), "--issuer-name", "M", key=key, secure=secure) == 64
    assert "--allow-non-untp" in capsys.readouterr().err
    assert issue(work, untp(), "--issuer-name", "M", "--allow-non-untp", key=key, secure=secure) == 0


@pytest.mark.parametrize(
    ("change", "place"),
    [({"colour": "green"}, "/colour"), ({"validFrom": 7}, "/validFrom"), ({"name": None}, "/name")],
    ids=str,
)
def test_what_untp_does_not_know_is_not_signed(
    work: Path, capsys: Output, change: dict[str, Any], place: str
) -> None:
    assert issue(work, untp() | change, "--issuer-name", "M") == 1
    assert f"{place}: " in capsys.readouterr().err
