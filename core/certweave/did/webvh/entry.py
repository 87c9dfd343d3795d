"""One line of a did:webvh log: its form, its hashes and its proof.

Follows did:webvh 1.0, "The DID Log File", "SCID Generation and Verification", "Entry Hash Generation and
Verification" and "Authorized Keys" (https://identity.foundation/didwebvh/v1.0/). One entry alone: how
entries follow each other is fold.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from certweave.canon.jcs import canonicalize
from certweave.did.key import parse_did_key_method
from certweave.encoding.multibase import base58_encode, decode_multibase
from certweave.encoding.multihash import sha256_multihash
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import (
    Cause,
    CertweaveError,
    InvalidError,
    InvalidHistoryError,
    InvalidSignatureError,
    MalformedError,
    UndecidedError,
)
from certweave.keys.model import Algorithm, PublicKey
from certweave.limits import Limits
from certweave.proof.suites import eddsa_jcs_2022
from certweave.timestamps import parse_timestamp

PLACEHOLDER = "{SCID}"

_MEMBERS = {"versionId", "versionTime", "parameters", "state", "proof"}
_VERSION_ID = re.compile(r"([1-9][0-9]{0,8})-([1-9A-HJ-NP-Za-km-z]{46})")
_PROOF_MEMBERS = {
    "@context",
    "id",
    "type",
    "cryptosuite",
    "proofPurpose",
    "proofValue",
    "verificationMethod",
    "created",
    "expires",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, of the right form and otherwise unchecked. ``path`` is its line, from 0: ``/0``."""

    path: str
    version_id: str
    number: int
    entry_hash: str
    time: datetime
    time_text: str
    parameters: JsonObject
    state: JsonObject
    proofs: tuple[JsonObject, ...]

    @property
    def unsigned(self) -> JsonObject:
        """The entry without its proof."""
        return {
            "versionId": self.version_id,
            "versionTime": self.time_text,
            "parameters": self.parameters,
            "state": self.state,
        }


def split_log(log: bytes) -> Iterator[bytes]:
    """Yield the lines of a log; the last may lack its line feed. Blank lines are the reader's to refuse."""
    yield from log.removesuffix(b"\n").split(b"\n") if log else ()


def parse_entry(line: bytes, index: int, *, limits: Limits) -> Entry:
    """Read one line.

    Raises:
        MalformedError: not JSON, or not an entry.
        InvalidHistoryError: ``version_number_wrong`` or ``version_time_zone``.
        UndecidedError: a limit was reached.
    """
    path = join("", index)
    try:
        raw = parse_object(line, limits=limits)
    except CertweaveError as error:
        error.path = path + (error.path or "")
        raise
    if set(raw) != _MEMBERS:
        detail = "an entry has versionId, versionTime, parameters, state and proof, and nothing else"
        raise MalformedError(detail, code="entry_malformed", path=path)
    for name in ("parameters", "state"):
        if not isinstance(raw[name], dict):
            raise MalformedError(f"{name} is an object", code="entry_malformed", path=join(path, name))
    number, entry_hash = _split_version_id(raw["versionId"], join(path, "versionId"))
    return Entry(
        path=path,
        version_id=raw["versionId"],
        number=number,
        entry_hash=entry_hash,
        time=_parse_time(raw["versionTime"], join(path, "versionTime")),
        time_text=raw["versionTime"],
        parameters=raw["parameters"],
        state=raw["state"],
        proofs=_parse_proofs(raw["proof"], join(path, "proof"), limits),
    )


def hash_entry(unsigned: JsonObject, predecessor: str) -> str:
    """Return the hash of an entry without proof, with the predecessor's version id (or the SCID) in it."""
    return base58_encode(sha256_multihash(canonicalize({**unsigned, "versionId": predecessor})))


def make_scid(preliminary: JsonObject) -> str:
    """Return the SCID of a first entry that has the placeholder wherever the SCID will stand."""
    return base58_encode(sha256_multihash(canonicalize(preliminary)))


def replace_text(value: JsonObject, old: str, new: str, *, limits: Limits) -> JsonObject:
    """Return ``value`` with ``old`` replaced by ``new`` everywhere in its text, names of members included."""
    text = canonicalize(value).decode("utf-8").replace(old, new)
    return parse_object(text, limits=limits)


def check_scid(entry: Entry, scid: str, *, limits: Limits) -> None:
    """Hold the SCID against the first entry ("Verify SCID").

    Raises:
        InvalidHistoryError: ``scid_mismatch``.
    """
    path = join(entry.path, "parameters", "scid")
    if entry.parameters.get("scid") != scid:
        raise InvalidHistoryError("the log belongs to another DID", code="scid_mismatch", path=path)
    try:
        blank = replace_text({**entry.unsigned, "versionId": PLACEHOLDER}, scid, PLACEHOLDER, limits=limits)
    except MalformedError:
        # Only when two names of members become one; no honest first entry can come from that.
        blank = {}
    if make_scid(blank) != scid:
        detail = "the first entry is not the one that the DID's identifier was made of"
        raise InvalidHistoryError(detail, code="scid_mismatch", path=path)


def check_proofs(entry: Entry, allowed: tuple[str, ...]) -> None:
    """Verify every proof of an entry; each must be of an update key that was authorised.

    Raises:
        MalformedError: a proof lacks a member or has an unknown one.
        InvalidHistoryError: ``proof_suite_wrong``, ``proof_purpose_wrong``, ``proof_method_wrong``,
            ``proof_expired``, ``update_key_not_authorised`` or ``entry_signature_mismatch``.
    """
    for index, proof in enumerate(entry.proofs):
        path = join(entry.path, "proof", index)
        _check_options(proof, entry, path)
        key = _signing_key(proof, allowed, path)
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        try:
            value = decode_multibase(proof["proofValue"])
            eddsa_jcs_2022.verify_proof(entry.unsigned, options, value, key)
        except InvalidSignatureError:
            detail = "the signature of the entry does not match"
            raise InvalidHistoryError(detail, code="entry_signature_mismatch", path=path) from None
        except (InvalidError, MalformedError) as error:
            raise InvalidHistoryError(error.detail, code="proof_malformed", path=path) from None


def _check_options(proof: JsonObject, entry: Entry, path: str) -> None:
    if proof.get("type") != "DataIntegrityProof" or proof.get("cryptosuite") != eddsa_jcs_2022.NAME:
        detail = f"the proof of a log entry is a DataIntegrityProof of suite {eddsa_jcs_2022.NAME}"
        raise InvalidHistoryError(detail, code="proof_suite_wrong", path=join(path, "cryptosuite"))
    if proof.get("proofPurpose") != "assertionMethod":
        detail = "the purpose of the proof of a log entry is assertionMethod"
        raise InvalidHistoryError(detail, code="proof_purpose_wrong", path=join(path, "proofPurpose"))
    unknown = next((name for name in proof if name not in _PROOF_MEMBERS), None)
    if unknown is not None:
        detail = f"the proof has the unknown member {unknown[:80]!r}"
        raise InvalidHistoryError(detail, code="proof_malformed", path=join(path, unknown))
    value = proof.get("proofValue")
    if not isinstance(value, str) or not value.startswith("z"):
        detail = "the proof has no value in base58"
        raise InvalidHistoryError(detail, code="proof_malformed", path=join(path, "proofValue"))
    for name in ("created", "expires"):
        if name in proof:
            moment = _parse_moment(proof[name], join(path, name))
            if name == "expires" and moment < entry.time:
                raise InvalidHistoryError("the proof had expired", code="proof_expired", path=path)


def _signing_key(proof: JsonObject, allowed: tuple[str, ...], path: str) -> PublicKey:
    method = proof.get("verificationMethod")
    place = join(path, "verificationMethod")
    if not isinstance(method, str):
        raise InvalidHistoryError("the proof names no key", code="proof_method_wrong", path=place)
    try:
        key = parse_did_key_method(method)
    except CertweaveError as error:
        raise InvalidHistoryError(error.detail, code="proof_method_wrong", path=place) from None
    if method.partition("#")[2] not in allowed:
        detail = "the entry is signed by a key that was not authorised to update the DID"
        raise InvalidHistoryError(detail, code="update_key_not_authorised", path=place)
    if key.algorithm is not Algorithm.ED25519:
        detail = "log entries are signed by Ed25519 keys only"
        raise InvalidHistoryError(detail, code="proof_method_wrong", path=place)
    return key


def _split_version_id(value: Any, path: str) -> tuple[int, str]:
    match = _VERSION_ID.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        detail = "a versionId is a number, a dash and a hash"
        raise InvalidHistoryError(detail, code="version_id_malformed", path=path)
    return int(match[1]), match[2]


def _parse_time(value: Any, path: str) -> datetime:
    moment = _parse_moment(value, path)
    if not value.endswith(("Z", "+00:00")):
        raise InvalidHistoryError("versionTime is not in UTC", code="version_time_zone", path=path)
    return moment


def _parse_moment(value: Any, path: str) -> datetime:
    try:
        return parse_timestamp(value)
    except MalformedError as error:
        raise MalformedError(error.detail, code=error.code, path=path) from None


def _parse_proofs(value: Any, path: str, limits: Limits) -> tuple[JsonObject, ...]:
    proofs = value if isinstance(value, list) else [value]
    if not proofs or not all(isinstance(one, dict) for one in proofs):
        detail = "an entry has a proof or several, each an object"
        raise MalformedError(detail, code="entry_malformed", path=path)
    if len(proofs) > limits.proofs:
        detail = f"an entry has more than {limits.proofs} proofs"
        raise UndecidedError(detail, code="limit_proofs", path=path, cause=Cause.LIMIT)
    return tuple(proofs)
