"""The keystore: what is sealed stays sealed, what is moved does not open, production takes nothing open."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from certweave.errors import MalformedError
from certweave.keys.model import JWS_ALGORITHMS, Algorithm
from certweave_edge.keystore import Keystore, KeystoreError
from certweave_edge.settings_base import Environment

NOW = datetime(2026, 3, 12, tzinfo=UTC)
METHOD = "did:example:fa#key-1"
DEVELOPMENT, PRODUCTION = Environment.DEVELOPMENT, Environment.PRODUCTION


PASSPHRASE = "woven"


def open_keystore(
    path: Path, passphrase: str | None = PASSPHRASE, environment: Environment = PRODUCTION
) -> Keystore:
    return Keystore.open(path, passphrase, environment=environment, cost=1 << 4)


def code_of(path: Path, passphrase: str | None, environment: Environment = PRODUCTION) -> str:
    with pytest.raises(KeystoreError) as caught:
        open_keystore(path, passphrase, environment)
    return caught.value.code


@pytest.mark.parametrize("algorithm", JWS_ALGORITHMS)
@pytest.mark.parametrize("passphrase", ["woven", None])
def test_a_key_signs_after_reopening(tmp_path: Path, algorithm: Algorithm, passphrase: str | None) -> None:
    key_id = open_keystore(tmp_path / "k", passphrase, DEVELOPMENT).create_key(
        "fa", "assertion", algorithm, now=NOW
    )
    again = open_keystore(tmp_path / "k", passphrase, DEVELOPMENT)
    signer = again.signer("fa", key_id, METHOD)
    again.keys("fa", "assertion")[0].public.verify(signer.sign(b"x"), b"x")
    assert (signer.method, signer.public.multikey) == (METHOD, key_id)
    assert again.keys("fa", "update") == again.keys("other") == ()


def test_files_are_private_and_hold_no_secret(tmp_path: Path) -> None:
    store = open_keystore(tmp_path / "k")
    key_id = store.create_key("fa", "assertion", Algorithm.ED25519, now=NOW)
    secret = store.signer("fa", key_id, METHOD).private.secret
    for file in (tmp_path / "k").iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
        assert secret not in file.read_bytes()
    assert (tmp_path / "k").stat().st_mode & 0o777 == 0o700


def test_what_does_not_open(tmp_path: Path) -> None:
    open_keystore(tmp_path / "k").create_key("fa", "assertion", Algorithm.ED25519, now=NOW)
    assert code_of(tmp_path / "k", "wrong") == "keystore_passphrase_wrong"
    assert code_of(tmp_path / "k", "") == "keystore_passphrase_empty"
    assert code_of(tmp_path / "k", None, DEVELOPMENT) == "keystore_sealed"
    assert code_of(tmp_path / "new", None) == "keystore_open"
    open_keystore(tmp_path / "open", None, DEVELOPMENT)
    assert code_of(tmp_path / "open", "woven") == "keystore_not_sealed"
    (tmp_path / "k" / "keystore.json").chmod(0o644)
    assert code_of(tmp_path / "k", "woven") == "keystore_exposed"
    (tmp_path / "k" / "keystore.json").unlink()
    assert code_of(tmp_path / "k", "woven") == "keystore_broken"


@pytest.mark.parametrize(("member", "value"), [("purpose", "update"), ("algorithm", "P-256"), ("id", None)])
def test_a_sealed_key_is_bound_to_its_names(tmp_path: Path, member: str, value: str | None) -> None:
    store = open_keystore(tmp_path / "k")
    first, _ = (store.create_key("fa", "assertion", Algorithm.ED25519, now=NOW) for _ in range(2))
    file = tmp_path / "k" / "fa.json"
    document = json.loads(file.read_text())
    document["keys"][0][member] = value
    if value is None:
        document["keys"] = [{**document["keys"][1], "id": first}]
    file.write_text(json.dumps(document))
    with pytest.raises(KeystoreError, match="changed"):
        store.signer("fa", first, METHOD)


def test_a_key_file_of_another_organisation_does_not_open(tmp_path: Path) -> None:
    store = open_keystore(tmp_path / "k")
    key_id = store.create_key("fa", "assertion", Algorithm.ED25519, now=NOW)
    (tmp_path / "k" / "fa.json").rename(tmp_path / "k" / "other.json")
    with pytest.raises(KeystoreError, match="changed"):
        store.signer("other", key_id, METHOD)


def test_rotation_keeps_the_old_public_key(tmp_path: Path) -> None:
    store = open_keystore(tmp_path / "k")
    old = store.create_key("fa", "assertion", Algorithm.P256, now=NOW)
    new = store.rotate("fa", old, now=NOW)
    signature = store.signer("fa", old, METHOD).sign(b"x")
    store.retire("fa", old, now=NOW)
    assert [(key.key_id, key.retired) for key in store.keys("fa")] == [(old, NOW), (new, None)]
    store.keys("fa")[0].public.verify(signature, b"x")
    assert store.keys("fa")[0].sealed == ""
    with pytest.raises(KeystoreError) as caught:
        store.signer("fa", old, METHOD)
    assert caught.value.code == "key_retired"
    with pytest.raises(KeystoreError):
        store.rotate("fa", "z6MkNone", now=NOW)


@pytest.mark.parametrize("org", ["../fa", "", "FA", "keystore.json", "a" * 64, "fa\n"])
def test_an_organisation_names_no_other_file(tmp_path: Path, org: str) -> None:
    with pytest.raises(MalformedError):
        open_keystore(tmp_path / "k").create_key(org, "assertion", Algorithm.ED25519, now=NOW)
