"""DID logs for tests: keys by number, honest logs, and the tool of a forger who holds the keys."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from certweave.did.key import make_did_key_method
from certweave.did.webvh.entry import PLACEHOLDER, hash_entry, make_scid
from certweave.did.webvh.write import MethodTemplate, WrittenLog, create_log, make_document
from certweave.keys.model import Algorithm, KeySigner, PrivateKey
from certweave.proof.suites import eddsa_jcs_2022

LOCATION = "ledger.cotton.example:issuers:mill"
START = datetime(2025, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 1, 1, tzinfo=UTC)

Entry = dict[str, Any]


def private_key(number: int, algorithm: Algorithm = Algorithm.ED25519) -> PrivateKey:
    """Return the key of a seed that is ``number``, as the published vectors count their keys."""
    return PrivateKey(algorithm, number.to_bytes(32))


def signer(number: int) -> KeySigner:
    key = private_key(number)
    return KeySigner(make_did_key_method(key.public), key)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def simple_log(*, location: str = LOCATION, update_key: int = 1, key: int = 9, **more: Any) -> WrittenLog:
    """Create a DID with one assertion key; ``next_keys`` and the like are passed on."""
    document = make_document(location, [MethodTemplate(private_key(key).public)])
    return create_log(document, signer=signer(update_key), time=START, **more)


def read_entries(log: bytes) -> list[Entry]:
    return [json.loads(line) for line in log.splitlines()]


def join_entries(entries: Sequence[Entry]) -> bytes:
    return b"".join(json.dumps(entry).encode() + b"\n" for entry in entries)


def reseal(entries: Sequence[Entry], signers: Sequence[int | None]) -> tuple[str, bytes]:
    """Make hashes, SCID and proofs fit whatever ``entries`` say; return the DID and the log.

    ``signers`` are key numbers, one per entry; None leaves the proof as it is.
    """
    old = entries[0]["parameters"]["scid"]
    blank: list[Entry] = json.loads(json.dumps(list(entries)).replace(old, PLACEHOLDER))
    first = {**{k: v for k, v in blank[0].items() if k != "proof"}, "versionId": PLACEHOLDER}
    scid = make_scid(first)
    whole: list[Entry] = json.loads(json.dumps(blank).replace(PLACEHOLDER, scid))
    predecessor = scid
    for number, (entry, who) in enumerate(zip(whole, signers, strict=True), start=1):
        proof = entry.pop("proof")
        entry["versionId"] = f"{number}-{hash_entry(entry, predecessor)}"
        predecessor = entry["versionId"]
        entry["proof"] = proof if who is None else [sign_entry(entry, who)]
    return whole[0]["state"]["id"], join_entries(whole)


def sign_entry(entry: Entry, who: int, **changed: Any) -> Entry:
    """Return a proof by key ``who`` over ``entry`` without its proof; ``changed`` options are signed too."""
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": eddsa_jcs_2022.NAME,
        "verificationMethod": signer(who).method,
        "created": entry["versionTime"],
        "proofPurpose": "assertionMethod",
        **changed,
    }
    unsigned = {name: value for name, value in entry.items() if name != "proof"}
    return eddsa_jcs_2022.create_proof(unsigned, options, signer(who))
