"""A did:webvh in a directory: its log, its did:web twin, and its private keys.

``did.jsonl``, ``did.json``, ``keys/{update,next,assertion,authentication}-N.jwk``. Which key is which is told
by the log, never by the numbers: the key that may sign next is the one whose hash the log commits to. Keys
lie in the clear, readable by the owner alone; services have a keystore instead. Publishing is not done here.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from certweave.did.history import History
from certweave.did.key import make_did_key_method
from certweave.did.webvh.entry import parse_entry, split_log
from certweave.did.webvh.fold import fold_log
from certweave.did.webvh.parameters import hash_key
from certweave.did.webvh.twin import make_twin
from certweave.did.webvh.write import (
    MethodTemplate,
    WrittenLog,
    create_log,
    deactivate_log,
    make_document,
    rotate_log,
)
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import InvalidError, InvalidHistoryError, MalformedError
from certweave.keys.jwk import make_private_jwk, make_private_key, parse_private_jwk
from certweave.keys.model import Algorithm, KeySigner, PrivateKey
from certweave.limits import DEFAULT_LIMITS
from certweave_edge.clock import entropy, now
from certweave_edge.files import PUBLIC_FILE, create_file, make_directory, read_file, write_file

LOG, TWIN, KEYS = "did.jsonl", "did.json", "keys"
_KEY_FILE = re.compile(r"(update|next|assertion|authentication)-([1-9][0-9]{0,5})\.jwk")
_ASSERTION, _AUTHENTICATION = "assertion", "authentication"
_RELATIONSHIPS = {_ASSERTION: "assertionMethod", _AUTHENTICATION: "authentication"}


@dataclass(frozen=True, slots=True)
class DidDirectory:
    """The directory of one DID; ``clock`` and ``pause`` are those of the machine."""

    path: Path
    clock: Callable[[], datetime] = now
    pause: Callable[[float], None] = time.sleep

    def create(self, location: str) -> WrittenLog:
        """Make keys and a DID at ``location`` (did:webvh after the SCID), with the next update key committed.

        Raises:
            InvalidError: there cannot be a DID at that place.
            FileExistsError: the directory holds a DID already.
        """
        if (self.path / LOG).exists() or (self.path / KEYS).exists():
            raise FileExistsError(f"{self.path} holds a DID already")
        keys = {kind: _new_key() for kind in ("update", "next", _ASSERTION, _AUTHENTICATION)}
        templates = [MethodTemplate(keys[kind].public, (name,)) for kind, name in _RELATIONSHIPS.items()]
        written = create_log(
            make_document(location, templates),
            signer=_signer(keys["update"]),
            time=self.clock(),
            next_keys=[keys["next"].public],
        )
        make_directory(self.path, mode=0o755)
        make_directory(self.path / KEYS)
        for kind, key in keys.items():
            self._put_key(kind, 1, key)
        self._publish(written)
        return written

    def rotate(self) -> WrittenLog:
        """Use the committed update key, and replace the assertion and authentication keys by new ones.

        Raises:
            CertweaveError: the log does not fold, or no committed key lies in ``keys``.
        """
        fresh = {kind: _new_key() for kind in _RELATIONSHIPS}
        document = _without_keys(self.load().versions[-1].document.raw)
        for kind, key in fresh.items():
            _add_method(document, key, _RELATIONSHIPS[kind])
        return self._append(document, fresh)

    def add_key(self) -> WrittenLog:
        """Add one more assertion key; the others stay. Raises as ``rotate``."""
        fresh = _new_key()
        document = _copy(self.load().versions[-1].document.raw)
        _add_method(document, fresh, _RELATIONSHIPS[_ASSERTION])
        return self._append(document, {_ASSERTION: fresh})

    def replace_document(self, document: JsonObject) -> WrittenLog:
        """Publish another document of the same DID. Raises as ``rotate``."""
        return self._append(document, {})

    def deactivate(self) -> WrittenLog:
        """End the DID: every key is retired, and the twin is taken away. Raises as ``rotate``."""
        history = self.load()
        signer = _signer(self._committed(history)[1])
        written = deactivate_log(history.did, self._read_log(), signer=signer, time=self._wait(history))
        self._publish(written)
        return written

    def load(self) -> History:
        """Fold the log.

        Raises:
            MalformedError, InvalidError, UndecidedError: it does not fold.
            OSError: there is none.
        """
        log = self._read_log()
        did = next((_did_of(line) for line in split_log(log)), "")
        return fold_log(did, log, fetched_at=self.clock(), now=self.clock())

    def _append(self, document: JsonObject, fresh: dict[str, PrivateKey]) -> WrittenLog:
        history = self.load()
        spent, key = self._committed(history)
        following = _new_key()
        written = rotate_log(
            history.did,
            self._read_log(),
            signer=_signer(key),
            time=self._wait(history),
            next_keys=[following.public],
            document=document,
        )
        # Keys first: a log must never commit to a key that is lost. What a crash leaves over does no harm.
        self._put_key("next", self._number("next"), following)
        self._put_key("update", self._number("update"), key)
        for kind, one in fresh.items():
            self._put_key(kind, self._number(kind), one)
        self._publish(written)
        spent.unlink()
        return written

    def _committed(self, history: History) -> tuple[Path, PrivateKey]:
        """Return the key that the log commits to, and its file."""
        hashes = history.parameters.next_key_hashes if history.parameters is not None else ()
        if history.versions[-1].deactivated:
            raise InvalidHistoryError("the DID is deactivated; nothing can follow", code="deactivated")
        for path, _ in self._files("next"):
            key = _read_key(path)
            if hash_key(key.public.multikey) in hashes:
                return path, key
        detail = f"no key in {self.path / KEYS} is one that the log has committed to"
        raise InvalidError(detail, code="next_key_missing")

    def _wait(self, history: History) -> datetime:
        """Return the time of the next entry; times have whole seconds, and each is later than the last."""
        last = history.versions[-1].time
        if last is not None and self.clock() <= last:
            self.pause((last - self.clock() + timedelta(seconds=1)).total_seconds())
        return self.clock()

    def _publish(self, written: WrittenLog) -> None:
        write_file(self.path / LOG, written.log, mode=PUBLIC_FILE)
        if written.history.versions[-1].deactivated:
            (self.path / TWIN).unlink(missing_ok=True)
            return
        twin = json.dumps(make_twin(written.history), indent=2, ensure_ascii=False).encode() + b"\n"
        write_file(self.path / TWIN, twin, mode=PUBLIC_FILE)

    def _read_log(self) -> bytes:
        return read_file(self.path / LOG, most=DEFAULT_LIMITS.did_log_bytes)

    def _files(self, kind: str) -> Iterator[tuple[Path, int]]:
        for path in sorted((self.path / KEYS).iterdir()):
            match = _KEY_FILE.fullmatch(path.name)
            if match is not None and match[1] == kind:
                yield path, int(match[2])

    def _number(self, kind: str) -> int:
        return max((number for _, number in self._files(kind)), default=0) + 1

    def _put_key(self, kind: str, number: int, key: PrivateKey) -> None:
        content = json.dumps(make_private_jwk(key), indent=2).encode() + b"\n"
        create_file(self.path / KEYS / f"{kind}-{number}.jwk", content)


def _new_key() -> PrivateKey:
    return make_private_key(Algorithm.ED25519, entropy=entropy)


def _signer(key: PrivateKey) -> KeySigner:
    return KeySigner(make_did_key_method(key.public), key)


def _read_key(path: Path) -> PrivateKey:
    content = read_file(path, most=DEFAULT_LIMITS.credential_bytes, follow=False)
    return parse_private_jwk(parse_object(content, limits=DEFAULT_LIMITS))


def _did_of(line: bytes) -> str:
    did = parse_entry(line, 0, limits=DEFAULT_LIMITS).state.get("id")
    if not isinstance(did, str):
        raise MalformedError("the log names no DID", code="did_malformed", path="/0/state/id")
    return did


def _copy(document: JsonObject) -> JsonObject:
    copied: JsonObject = json.loads(json.dumps(document))
    return copied


def _without_keys(document: JsonObject) -> JsonObject:
    """Return ``document`` without the keys that stand for assertion or authentication only."""
    left = _copy(document)
    for relationship in _RELATIONSHIPS.values():
        left.pop(relationship, None)
    kept = json.dumps([value for name, value in left.items() if name != "verificationMethod"])
    left["verificationMethod"] = [
        method for method in left.get("verificationMethod", []) if json.dumps(method.get("id")) in kept
    ]
    return left


def _add_method(document: JsonObject, key: PrivateKey, relationship: str) -> None:
    did = document["id"]
    method = f"{did}#{key.public.multikey}"
    document.setdefault("verificationMethod", []).append(
        {"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": key.public.multikey}
    )
    document.setdefault(relationship, []).append(method)
