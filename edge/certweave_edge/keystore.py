"""Private keys at rest, sealed: scrypt (RFC 7914) on the passphrase, AES-256-GCM on each private key.

A keystore is a directory: ``keystore.json`` (how to derive the key) and one file per organisation.
Organisation, key id, purpose and algorithm are the associated data, so a sealed key cannot be moved to
another name. Without a passphrase the keys lie open; that is allowed in development only. Hardware keys fit
core's ``Signer`` and do not pass through here.
"""

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final, NoReturn, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from certweave.encoding.multibase import base64url_decode, base64url_encode
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError
from certweave.keys.jwk import make_private_key
from certweave.keys.model import Algorithm, KeySigner, PrivateKey, PublicKey
from certweave.keys.multikey import parse_multikey
from certweave.limits import DEFAULT_LIMITS
from certweave.timestamps import format_timestamp, parse_timestamp
from certweave_edge.clock import entropy as system_entropy
from certweave_edge.files import make_directory, read_file, readable_by_others, write_file
from certweave_edge.locks import FileLock
from certweave_edge.names import check_org
from certweave_edge.settings_base import Environment

_LOG: Final = logging.getLogger("certweave.keystore")
_SCRYPT: Final = {"n": 1 << 17, "r": 8, "p": 1}
"""128 MiB and some tenths of a second for each guess; the first setting that OWASP names for scrypt."""
_CHECK: Final = b"certweave keystore 1"
_STRETCHED: dict[bytes, bytes] = {}
_STRETCHED_LOCK: Final = Lock()


class KeystoreError(CertweaveError):
    """The keystore cannot be opened, or has no such key."""

    default_code = "keystore"


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """What is known of a key in the open: everything but its private half."""

    key_id: str
    """The Multikey text of its public half; a verification method may use it as its fragment."""
    org: str
    purpose: str
    """Free words of the owner: ``assertion``, ``authentication``, ``update``, ``update-next`` …"""
    algorithm: Algorithm
    created: datetime
    retired: datetime | None
    """Since when it no longer signs; its private half was erased then."""
    sealed: str
    """Nonce and ciphertext in base64url, or the open secret after ``open:``; empty once retired."""

    @property
    def public(self) -> PublicKey:
        """The public half, which is kept for good: old signatures need it."""
        return parse_multikey(self.key_id)


class Keystore:
    """The keys of every organisation, in one directory. Several threads may use it."""

    def __init__(self, path: Path, seal: AESGCM | None, *, entropy: Callable[[int], bytes]) -> None:
        """Use ``Keystore.open``."""
        self._path = path
        self._seal = seal
        self._entropy = entropy

    @classmethod
    def open(
        cls,
        path: Path,
        passphrase: str | None,
        *,
        environment: Environment,
        entropy: Callable[[int], bytes] = system_entropy,
        cost: int = _SCRYPT["n"],
    ) -> Self:
        """Open the keystore in a directory, or make one there.

        Args:
            path: the directory; it is made with mode 0700.
            passphrase: what seals the keys. None leaves them open, in development only.
            environment: ``PRODUCTION`` refuses an open keystore.
            entropy: the source of keys and nonces.
            cost: scrypt's N for a new keystore; an existing one keeps its own.

        Raises:
            KeystoreError: wrong passphrase; sealed and none given; open and one given; open in production;
                a file that others may read; a file that cannot be read.
        """
        if passphrase is None and environment is not Environment.DEVELOPMENT:
            raise KeystoreError(
                "production keeps no open keys: set CERTWEAVE_KEYSTORE_PASSPHRASE", code="keystore_open"
            )
        if passphrase == "":
            raise KeystoreError("the keystore's passphrase is empty", code="keystore_passphrase_empty")
        make_directory(path)
        with FileLock(path / "keystore.lock"):
            header = _load_header(path) or _make_header(path, passphrase, entropy=entropy, cost=cost)
        return cls(path, _open_header(header, passphrase), entropy=entropy)

    def create_key(self, org: str, purpose: str, algorithm: Algorithm, *, now: datetime) -> str:
        """Make a key and return its id, the Multikey text of its public half."""
        private = make_private_key(algorithm, entropy=self._entropy)
        record = KeyRecord(private.public.multikey, org, purpose, algorithm, now, None, "")
        with self._changing(org) as keys:
            keys[record.key_id] = replace(record, sealed=self._close_up(record, private))
        return record.key_id

    def keys(self, org: str, purpose: str | None = None) -> tuple[KeyRecord, ...]:
        """Return the keys of an organisation, oldest first, retired ones included."""
        return tuple(k for k in self._load(org).values() if purpose is None or k.purpose == purpose)

    def find_key(self, org: str, key_id: str) -> KeyRecord | None:
        """Return one key of an organisation, or None."""
        return self._load(org).get(key_id)

    def signer(self, org: str, key_id: str, method: str) -> KeySigner:
        """Return what signs with a key under the name of a verification method.

        Raises:
            KeystoreError: ``key_unknown``, ``key_retired``; ``keystore_broken`` where the seal does not hold.
        """
        record = self.find_key(org, key_id)
        if record is None:
            raise KeystoreError("this organisation has no such key", code="key_unknown")
        if record.retired is not None:
            raise KeystoreError("this key is retired and no longer signs", code="key_retired")
        return KeySigner(method, self._open_up(record))

    def rotate(self, org: str, key_id: str, *, now: datetime) -> str:
        """Make a key with the purpose and algorithm of another and return its id.

        The old key signs on until ``retire``: the entry that announces the new key is often signed by it.
        """
        record = self.find_key(org, key_id)
        if record is None:
            raise KeystoreError("this organisation has no such key", code="key_unknown")
        return self.create_key(org, record.purpose, record.algorithm, now=now)

    def retire(self, org: str, key_id: str, *, now: datetime) -> None:
        """Erase the private half of a key for good; its public half stays."""
        with self._changing(org) as keys:
            if key_id not in keys:
                raise KeystoreError("this organisation has no such key", code="key_unknown")
            if keys[key_id].retired is None:
                keys[key_id] = replace(keys[key_id], retired=now, sealed="")

    def _close_up(self, record: KeyRecord, private: PrivateKey) -> str:
        if self._seal is None:
            return "open:" + base64url_encode(private.secret)
        nonce = self._entropy(12)
        return base64url_encode(nonce + self._seal.encrypt(nonce, private.secret, _bound_to(record)))

    def _open_up(self, record: KeyRecord) -> PrivateKey:
        if self._seal is None:
            secret = base64url_decode(record.sealed.removeprefix("open:"))
        else:
            secret = _unseal(
                self._seal,
                record.sealed,
                _bound_to(record),
                "a key does not open: its file was changed",
            )
        private = PrivateKey(record.algorithm, secret)
        if private.public.multikey != record.key_id:
            raise KeystoreError("a key does not fit its id: its file was changed", code="keystore_broken")
        return private

    @contextmanager
    def _changing(self, org: str) -> Iterator[dict[str, KeyRecord]]:
        with FileLock(self._path / "keystore.lock"):
            keys = self._load(org)
            yield keys
            _write(self._path / f"{org}.json", {"keys": [_to_json(key) for key in keys.values()]})

    def _load(self, org: str) -> dict[str, KeyRecord]:
        check_org(org)
        path = self._path / f"{org}.json"
        document = _read(path)
        try:
            records = [] if document is None else [_from_json(org, item) for item in document["keys"]]
        except (KeyError, TypeError, ValueError):
            _broken(path)
        return {record.key_id: record for record in records}


def _bound_to(record: KeyRecord) -> bytes:
    return "\x1f".join((record.org, record.key_id, record.purpose, record.algorithm)).encode()


def _unseal(seal: AESGCM, text: str, bound: bytes, detail: str) -> bytes:
    sealed = base64url_decode(text)
    try:
        return seal.decrypt(sealed[:12], sealed[12:], bound)
    except (InvalidTag, ValueError):
        raise KeystoreError(detail, code="keystore_broken") from None


def _make_header(
    path: Path, passphrase: str | None, *, entropy: Callable[[int], bytes], cost: int
) -> JsonObject:
    header: JsonObject = {"version": 1, "kdf": None}
    if passphrase is not None:
        salt, nonce = entropy(16), entropy(12)
        header["kdf"] = {"name": "scrypt", **_SCRYPT, "n": cost, "salt": base64url_encode(salt)}
        seal = AESGCM(_stretch(passphrase, salt, cost))
        header["check"] = base64url_encode(nonce + seal.encrypt(nonce, _CHECK, _CHECK))
    _write(path / "keystore.json", header)
    return header


def _load_header(path: Path) -> JsonObject | None:
    header = _read(path / "keystore.json")
    if header is None and any(path.glob("*.json")):
        raise KeystoreError("keystore.json is missing beside sealed keys", code="keystore_broken")
    return header


def _open_header(header: JsonObject, passphrase: str | None) -> AESGCM | None:
    kdf = header.get("kdf")
    if kdf is None:
        if passphrase is not None:
            raise KeystoreError(
                "this keystore is open, but a passphrase was given; make a new one and rotate the keys",
                code="keystore_not_sealed",
            )
        _LOG.warning("keystore_open: PRIVATE KEYS LIE UNSEALED ON DISK; this is for development only")
        return None
    if passphrase is None:
        raise KeystoreError(
            "this keystore is sealed: set CERTWEAVE_KEYSTORE_PASSPHRASE", code="keystore_sealed"
        )
    try:
        fits = kdf["name"] == "scrypt" and (kdf["r"], kdf["p"]) == (_SCRYPT["r"], _SCRYPT["p"])
        cost, salt, check = int(kdf["n"]), base64url_decode(kdf["salt"]), header["check"]
    except (KeyError, TypeError, ValueError):
        fits = False
    # The file is ours, yet a cost beyond 1 GiB of memory is a mistake, not a setting.
    if not fits or not 2 <= cost <= 1 << 20:
        raise KeystoreError("keystore.json names a way to derive keys that we lack", code="keystore_broken")
    seal = AESGCM(_stretch(passphrase, salt, cost))
    try:
        _unseal(seal, check, _CHECK, "")
    except KeystoreError:
        raise KeystoreError(
            "the passphrase does not open this keystore", code="keystore_passphrase_wrong"
        ) from None
    return seal


def _stretch(passphrase: str, salt: bytes, cost: int) -> bytes:
    """Return the sealing key; kept for the life of the process, because it takes tenths of a second."""
    known_as = hashlib.sha256(b"%d\x1f%b\x1f%b" % (cost, salt, passphrase.encode())).digest()
    with _STRETCHED_LOCK:
        if known_as not in _STRETCHED:
            kdf = Scrypt(salt=salt, length=32, n=cost, r=_SCRYPT["r"], p=_SCRYPT["p"])
            _STRETCHED[known_as] = kdf.derive(passphrase.encode())
        return _STRETCHED[known_as]


def _to_json(key: KeyRecord) -> JsonObject:
    return {
        "id": key.key_id,
        "purpose": key.purpose,
        "algorithm": key.algorithm.value,
        "created": format_timestamp(key.created),
        "retired": None if key.retired is None else format_timestamp(key.retired),
        "sealed": key.sealed,
    }


def _from_json(org: str, item: JsonObject) -> KeyRecord:
    retired = item["retired"]
    return KeyRecord(
        item["id"],
        org,
        item["purpose"],
        Algorithm(item["algorithm"]),
        parse_timestamp(item["created"]),
        None if retired is None else parse_timestamp(retired),
        item["sealed"],
    )


def _read(path: Path) -> JsonObject | None:
    try:
        content = read_file(path, most=DEFAULT_LIMITS.credential_bytes, follow=False)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeystoreError(
            f"{path.name} cannot be read: {error.strerror}", code="keystore_unreadable"
        ) from error
    if readable_by_others(path):
        raise KeystoreError(
            f"{path.name} may be read by others; run chmod 600 on it", code="keystore_exposed"
        )
    try:
        return parse_object(content, limits=DEFAULT_LIMITS)
    except CertweaveError:
        _broken(path)


def _broken(path: Path) -> NoReturn:
    raise KeystoreError(f"{path.name} cannot be read as a part of a keystore", code="keystore_broken")


def _write(path: Path, document: JsonObject) -> None:
    try:
        write_file(path, json.dumps(document, indent=1).encode() + os.linesep.encode())
    except OSError as error:
        raise KeystoreError(
            f"{path.name} cannot be written: {error.strerror}", code="keystore_unwritable"
        ) from error
