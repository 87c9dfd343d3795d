"""``certweave commit``, and what ``issue`` and ``derive`` do with it."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from tests.support.committing import VERIFIER, present
from tests.support.disclosing import VOCABULARY, proof_bytes

from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.examine.report import Verdict
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.suites.bbs_2023 import find_pseudonym
from certweave.proof.suites.bbs_2023_json import parse_commitment, parse_secrets
from certweave.proof.suites.bbs_2023_values import Feature, parse_base_proof_value
from certweave_app.cli.main import main
from certweave_edge import clock

Output = pytest.CaptureFixture[str]
FEATURES = [str(one) for one in Feature if one is not Feature.BASELINE]
CREW: JsonObject = {
    "@context": ["https://www.w3.org/ns/credentials/v2", VOCABULARY],
    "type": ["VerifiableCredential"],
    "validFrom": "2026-01-01T00:00:00Z",
    "credentialSubject": {"type": ["Crew"], "name": "The crew"},
}


def run(capsys: Output, *arguments: str | Path) -> JsonObject:
    assert main([str(one) for one in arguments]) == 0
    return dict(json.loads(capsys.readouterr().out))


def refused(capsys: Output, *arguments: str | Path) -> tuple[int, str]:
    """Return how the command leaves, and what it says."""
    try:
        code = main([str(one) for one in arguments])
    except SystemExit as end:
        code = int(str(end.code))
    return code, capsys.readouterr().err


def write(path: Path, value: Any) -> Path:
    path.touch(0o600)
    path.write_text(json.dumps(value), "utf-8")
    return path


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "issuer.key"
    assert main(["key", "new", "--alg", "bbs", "--out", str(path)]) == 0
    write(tmp_path / "draft.json", CREW)
    return path


def commit(folder: Path, capsys: Output, feature: str, name: str = "mine", *more: str | Path) -> Path:
    """Return the file of a commitment; the secrets lie beside it."""
    sent = run(capsys, "commit", "--feature", feature, "--secrets", folder / f"{name}.secrets", *more)
    return write(folder / f"{name}.commitment", sent)


def issue(key: Path, capsys: Output, sent: Path, *more: str) -> Path:
    """Return the file of a credential that is bound to what was sent."""
    arguments: list[str | Path] = ["issue", key.parent / "draft.json", "--key", key, "--secure", "bbs-2023"]
    made = run(capsys, *arguments, "--commitment", sent, *more)
    return write(sent.with_name(f"{sent.stem}{len(more)}.base"), made)


def derive(base: Path, capsys: Output, *more: str | Path) -> JsonObject:
    return run(capsys, "derive", base, "--pointer", "/credentialSubject/name", *more)


@pytest.mark.parametrize("feature", FEATURES)
def test_from_a_commitment_to_what_a_verifier_takes(
    key: Path, tmp_path: Path, capsys: Output, feature: str
) -> None:
    base = issue(key, capsys, commit(tmp_path, capsys, feature))
    audience = ["--audience", VERIFIER] if Feature(feature).pseudonyms else []
    shown = derive(base, capsys, "--secrets", tmp_path / "mine.secrets", *audience)
    assert present(shown, at=clock.now()).verdict is Verdict.VALID


def test_a_pseudonym_needs_no_presentation(key: Path, tmp_path: Path, capsys: Output) -> None:
    base = issue(key, capsys, commit(tmp_path, capsys, "pseudonym"))
    asked = ("--audience", VERIFIER, "--nonce", "n-1")
    shown = write(tmp_path / "shown", derive(base, capsys, "--secrets", tmp_path / "mine.secrets", *asked))
    assert main(["verify", str(shown), "--offline", *asked]) == 0
    assert main(["verify", str(shown), "--offline", *asked[:3], "n-2"]) == 1
    assert main(["verify", str(shown), "--offline"]) == 2
    assert "pseudonym" in capsys.readouterr().out


def test_secrets_are_for_their_owner_alone(tmp_path: Path, capsys: Output) -> None:
    path = tmp_path / "mine.secrets"
    sent = commit(tmp_path, capsys, "holder_binding_pseudonym").read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    secrets = json.loads(path.read_text("utf-8"))
    assert secrets.keys() == {"secretProverBlind", "holderSecret", "proverNym"}
    assert not any(secret in sent for secret in secrets.values())
    code, said = refused(capsys, "commit", "--feature", "pseudonym", "--secrets", path)
    assert (code, "exists already" in said) == (64, True)
    path.chmod(0o644)
    commit(tmp_path, capsys, "pseudonym", "anew", "--again", path)


def test_a_pseudonym_comes_again_where_holder_and_issuer_want_it(
    key: Path, tmp_path: Path, capsys: Output
) -> None:
    first = issue(key, capsys, commit(tmp_path, capsys, "pseudonym"))
    value = parse_base_proof_value(proof_bytes(json.loads(first.read_text("utf-8"))), limits=DEFAULT_LIMITS)
    assert value.signer_nym_entropy is not None
    again = commit(tmp_path, capsys, "pseudonym", "anew", "--again", tmp_path / "mine.secrets")
    second = issue(key, capsys, again, "--signer-nym-entropy", value.signer_nym_entropy.hex())
    other = issue(key, capsys, again)

    def name(base: Path, secrets: str) -> bytes:
        shown = derive(base, capsys, "--secrets", tmp_path / secrets, "--audience", VERIFIER)
        found = find_pseudonym(proof_bytes(shown), DEFAULT_LIMITS)
        assert found is not None
        return found.name

    assert name(first, "mine.secrets") == name(second, "anew.secrets") != name(other, "anew.secrets")


def test_again_is_with_a_secret_that_there_was(tmp_path: Path, capsys: Output) -> None:
    commit(tmp_path, capsys, "pseudonym")
    again = ("--again", tmp_path / "mine.secrets")
    anew = ("--secrets", tmp_path / "anew.secrets")
    code, said = refused(capsys, "commit", "--feature", "anonymous_holder_binding", *anew, *again)
    assert (code, "holds no secret for anonymous_holder_binding" in said) == (64, True)
    assert not (tmp_path / "anew.secrets").exists()
    commit(tmp_path, capsys, "holder_binding_pseudonym", "anew", *again)


MISUSE = {
    "another way": (("--secure", "ecdsa-sd-2023", "--commitment", "C"), "--commitment means nothing"),
    "entropy alone": (("--secure", "bbs-2023", "--signer-nym-entropy", "00"), "goes with --commitment"),
    "no hexadecimal": (("--secure", "bbs-2023", "--signer-nym-entropy", "x"), "not hexadecimal"),
    "no commitment": (("--secure", "bbs-2023", "--commitment", "draft.json"), "is no commitment"),
}


@pytest.mark.parametrize("case", MISUSE)
def test_what_an_issuer_cannot_do(key: Path, tmp_path: Path, capsys: Output, case: str) -> None:
    arguments, expected = MISUSE[case]
    draft = tmp_path / "draft.json"
    more = [draft if one == "draft.json" else one for one in arguments]
    code, said = refused(capsys, "issue", draft, "--key", key, *more)
    assert (code, expected in said) == (64, True)


def test_what_a_holder_cannot_do(key: Path, tmp_path: Path, capsys: Output) -> None:
    base = issue(key, capsys, commit(tmp_path, capsys, "pseudonym"))
    own = ("--secrets", tmp_path / "mine.secrets")
    for more, code, expected in (
        ((), 1, "holder_secrets_unfit"),
        (own, 1, "nym_domain_unfit"),
        ((*own, "--audience", "A", "--key", "k"), 64, "--key is for SD-JWT"),
        ((*own, "--audience", "A", "--nonce", "n", "--presentation-header", "00"), 64, "give one of both"),
        (("--secrets", tmp_path / "draft.json"), 64, "no secrets that we can use"),
        (("--secrets", tmp_path / "none"), 66, ""),
    ):
        found, said = refused(capsys, "derive", base, *more)
        assert (found, expected in said) == (code, True), said
    token = tmp_path / "token"
    token.write_text("a.b.c~", "ascii")
    found, said = refused(capsys, "derive", token, *own)
    assert (found, "--secrets is for bbs-2023" in said) == (64, True)


SPOILT: dict[str, tuple[str, Any]] = {
    "no feature": ("featureOption", None),
    "a number": ("featureOption", 1),
    "no bytes": ("commitmentWithProof", "xy"),
    "capitals": ("commitmentWithProof", "AB"),
    "no text": ("commitmentWithProof", 7),
    "a part of the issuer's": ("signerNymEntropy", "00"),
}


@pytest.mark.parametrize("case", SPOILT)
def test_a_commitment_has_its_form(case: str) -> None:
    name, value = SPOILT[case]
    given = {"featureOption": "pseudonym", "commitmentWithProof": "00", name: value}
    with pytest.raises(CertweaveError) as caught:
        parse_commitment({key: one for key, one in given.items() if one is not None})
    assert caught.value.code == "commitment_malformed"


@pytest.mark.parametrize("name", ["secretProverBlind", "holderSecret", "proverNym", "more"])
def test_secrets_have_their_form(name: str) -> None:
    given = {"secretProverBlind": f"{1:064x}", "holderSecret": "ab" * 32, "proverNym": f"{1:064x}"}
    assert parse_secrets(dict(given)).feature is Feature.HOLDER_BINDING_PSEUDONYM
    with pytest.raises(CertweaveError) as caught:
        parse_secrets({**given, name: "0x"})
    assert caught.value.code == "holder_secrets_malformed"
