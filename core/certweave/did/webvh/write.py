"""Writing a did:webvh log: create, update, rotate, deactivate. Pure: bytes in, bytes out.

Follows did:webvh 1.0, "Create", "Update", "Deactivate" (https://identity.foundation/didwebvh/v1.0/). Every
writer folds what it wrote before it returns, so nothing leaves here that we would not accept ourselves.
Publishing, and keeping the keys, is for others. Witnesses and moves are not written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from certweave.canon.jcs import canonicalize
from certweave.did.history import History, LogParameters
from certweave.did.key import make_did_key_method
from certweave.did.syntax import Did, parse_did
from certweave.did.webvh.entry import PLACEHOLDER, hash_entry, make_scid, replace_text
from certweave.did.webvh.fold import fold_log
from certweave.did.webvh.parameters import METHOD, hash_key
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidHistoryError
from certweave.keys.model import PublicKey, Signer
from certweave.limits import DEFAULT_LIMITS, Limits
from certweave.proof.suites import eddsa_jcs_2022
from certweave.timestamps import format_timestamp

_CONTEXTS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")
_USUAL = ("assertionMethod", "authentication")


@dataclass(frozen=True, slots=True)
class WrittenLog:
    """A log that folds. ``log`` is the whole did.jsonl, ``history`` what it says."""

    did: Did
    log: bytes
    history: History


@dataclass(frozen=True, slots=True)
class MethodTemplate:
    """A public key for the document. ``fragment`` is the key's Multikey unless another is given."""

    key: PublicKey
    relationships: tuple[str, ...] = _USUAL
    fragment: str | None = None


@dataclass(frozen=True, slots=True)
class _Pen:
    """Who writes, when, and within which bounds."""

    signer: Signer
    time: datetime
    limits: Limits


def make_location(host: str, *, port: int | None = None, path: Sequence[str] = ()) -> str:
    """Return host, port and path as a did:webvh has them after the SCID; judged when the DID is written."""
    return ":".join([host if port is None else f"{host}%3A{port}", *path])


def make_document(
    location: str,
    methods: Sequence[MethodTemplate],
    *,
    did: Did | None = None,
    also_known_as: Sequence[str] = (),
    services: Sequence[JsonObject] = (),
) -> JsonObject:
    """Return a DID document that names its parallel did:web in alsoKnownAs.

    Without ``did`` it is for a DID that is yet to be created, and has the placeholder in its ids.
    """
    name = did.text if did is not None else f"did:webvh:{PLACEHOLDER}:{location}"
    document: JsonObject = {"@context": list(_CONTEXTS), "id": name, "controller": name}
    document["alsoKnownAs"] = list(dict.fromkeys([f"did:web:{location}", *also_known_as]))
    document["verificationMethod"] = []
    for template in methods:
        multikey = template.key.multikey
        method = f"{name}#{template.fragment or multikey}"
        document["verificationMethod"].append(
            {"id": method, "type": "Multikey", "controller": name, "publicKeyMultibase": multikey}
        )
        for relationship in template.relationships:
            document.setdefault(relationship, []).append(method)
    if services:
        document["service"] = list(services)
    return document


def create_log(
    document: JsonObject,
    *,
    signer: Signer,
    time: datetime,
    next_keys: Sequence[PublicKey] = (),
    ttl: int | None = None,
    watchers: Sequence[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> WrittenLog:
    """Create a DID. ``document`` has ids of the form ``did:webvh:{SCID}:…``, as ``make_document`` gives.

    ``signer`` is the first update key (Ed25519). ``next_keys`` commits to the keys that may come after it
    (pre-rotation).

    Raises:
        InvalidError: the place cannot be one, or the result breaks a rule.
    """
    parameters: JsonObject = {
        "method": METHOD,
        "scid": PLACEHOLDER,
        "updateKeys": [signer.public.multikey],
        "portable": False,
    }
    if next_keys:
        parameters["nextKeyHashes"] = _commit(next_keys)
    if ttl is not None:
        parameters["ttl"] = ttl
    if watchers:
        parameters["watchers"] = list(watchers)
    preliminary: JsonObject = {
        "versionId": PLACEHOLDER,
        "versionTime": format_timestamp(time),
        "parameters": parameters,
        "state": document,
    }
    pen = _Pen(signer, time, limits)
    scid = make_scid(preliminary)
    entry = replace_text(preliminary, PLACEHOLDER, scid, limits=limits)
    did = parse_did(entry["state"].get("id"))
    return _append(did, b"", _seal(entry, 1, scid, pen), pen)


def update_log(
    did: Did | str,
    log: bytes,
    *,
    signer: Signer,
    time: datetime,
    document: JsonObject | None = None,
    ttl: int | None = None,
    watchers: Sequence[str] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> WrittenLog:
    """Append a version with another document, or other hints, under the same update keys.

    Where keys are committed to, no entry can keep its keys: use ``rotate_log``.

    Raises:
        InvalidHistoryError: ``log`` or the result does not fold, or keys are committed to.
    """
    parameters: JsonObject = {}
    if ttl is not None:
        parameters["ttl"] = ttl
    if watchers is not None:
        parameters["watchers"] = list(watchers)
    pen = _Pen(signer, time, limits)
    before = _fold(did, log, pen)
    if _last_parameters(before).next_key_hashes:
        detail = "the DID has committed to its next key, so the next entry has to use it"
        raise InvalidHistoryError(detail, code="pre_rotation_violated")
    return _extend(before, log, parameters, document, pen)


def rotate_log(
    did: Did | str,
    log: bytes,
    *,
    signer: Signer,
    time: datetime,
    update_keys: Sequence[PublicKey] | None = None,
    next_keys: Sequence[PublicKey] = (),
    document: JsonObject | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> WrittenLog:
    """Append a version with other update keys.

    Where keys are committed to, ``signer`` is one of those and becomes the update key; ``next_keys`` commits
    to the ones after it, and none at all ends pre-rotation. Else ``signer`` is the key in force until now
    and ``update_keys`` names the new ones.

    Raises:
        InvalidHistoryError: ``log`` or the result does not fold.
    """
    pen = _Pen(signer, time, limits)
    before = _fold(did, log, pen)
    keys = [signer.public] if update_keys is None else update_keys
    parameters: JsonObject = {
        "updateKeys": [key.multikey for key in keys],
        "nextKeyHashes": _commit(next_keys),
    }
    return _extend(before, log, parameters, document, pen)


def deactivate_log(
    did: Did | str, log: bytes, *, signer: Signer, time: datetime, limits: Limits = DEFAULT_LIMITS
) -> WrittenLog:
    """Append the last version: every key of the DID is retired from it on.

    Where keys are committed to, ``signer`` is one of those.

    Raises:
        InvalidHistoryError: ``log`` or the result does not fold.
    """
    pen = _Pen(signer, time, limits)
    before = _fold(did, log, pen)
    committed = bool(_last_parameters(before).next_key_hashes)
    parameters: JsonObject = {
        "deactivated": True,
        # A committed key must sign, so it has to be named; without commitment nobody needs a key any more.
        "updateKeys": [signer.public.multikey] if committed else [],
        "nextKeyHashes": [],
    }
    return _extend(before, log, parameters, None, pen)


def _extend(
    before: History, log: bytes, parameters: JsonObject, document: JsonObject | None, pen: _Pen
) -> WrittenLog:
    last = before.versions[-1]
    preliminary: JsonObject = {
        "versionId": last.version_id,
        "versionTime": format_timestamp(pen.time),
        "parameters": parameters,
        "state": last.document.raw if document is None else document,
    }
    number, predecessor = (last.number or 0) + 1, last.version_id or ""
    return _append(before.did, log, _seal(preliminary, number, predecessor, pen), pen)


def _seal(preliminary: JsonObject, number: int, predecessor: str, pen: _Pen) -> JsonObject:
    """Give an entry its version id and its proof, under the key's did:key name whatever its own name is."""
    entry = {**preliminary, "versionId": f"{number}-{hash_entry(preliminary, predecessor)}"}
    options: JsonObject = {
        "type": "DataIntegrityProof",
        "cryptosuite": eddsa_jcs_2022.NAME,
        "verificationMethod": make_did_key_method(pen.signer.public),
        "created": format_timestamp(pen.time),
        "proofPurpose": "assertionMethod",
    }
    return {**entry, "proof": [eddsa_jcs_2022.create_proof(entry, options, pen.signer)]}


def _append(did: Did, log: bytes, entry: JsonObject, pen: _Pen) -> WrittenLog:
    whole = log + (b"" if not log or log.endswith(b"\n") else b"\n") + canonicalize(entry) + b"\n"
    return WrittenLog(did, whole, _fold(did, whole, pen))


def _fold(did: Did | str, log: bytes, pen: _Pen) -> History:
    # What is written at a moment is dated to its second, and is there at that moment.
    return fold_log(did, log, fetched_at=pen.time, now=pen.time, limits=pen.limits)


def _last_parameters(history: History) -> LogParameters:
    return history.parameters or LogParameters("")


def _commit(keys: Sequence[PublicKey]) -> list[str]:
    return [hash_key(key.multikey) for key in keys]
