"""Our logs before a second implementation: the did-webvh library (PyPI), in an environment of its own."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.did_logs import (
    LATER,
    LOCATION,
    day,
    private_key,
    read_entries,
    sign_entry,
    signer,
    simple_log,
)
from tests.support.peers import ask_python

from certweave.did.resolution import Selection, resolve
from certweave.did.webvh.write import (
    MethodTemplate,
    WrittenLog,
    deactivate_log,
    make_document,
    rotate_log,
    update_log,
)

PROGRAM = """
import asyncio, json, sys
from pathlib import Path
from did_webvh.resolver import resolve
print(json.dumps(asyncio.run(resolve(sys.argv[1], local_history=Path(sys.argv[2])))))
"""


def ask_peer(text: str, log: bytes, folder: Path) -> dict[str, Any]:
    file = folder / "did.jsonl"
    file.write_bytes(log)
    answer: dict[str, Any] = ask_python(PROGRAM, text, str(file))
    return answer


def life() -> list[WrittenLog]:
    """Create with a commitment, rotate to it with a new document, end commitments, update, deactivate."""
    logs = [simple_log(next_keys=[private_key(2).public])]
    did = logs[0].did
    document = make_document(LOCATION, [MethodTemplate(private_key(10).public)], did=did)
    logs.append(
        rotate_log(
            did,
            logs[-1].log,
            signer=signer(2),
            time=day(1),
            next_keys=[private_key(3).public],
            document=document,
        )
    )
    logs.append(rotate_log(did, logs[-1].log, signer=signer(3), time=day(2)))
    logs.append(update_log(did, logs[-1].log, signer=signer(3), time=day(3), ttl=60))
    logs.append(deactivate_log(did, logs[-1].log, signer=signer(3), time=day(4)))
    return logs


SAME = ("versionId", "versionNumber", "versionTime", "created", "updated", "deactivated", "portable", "scid")


@pytest.mark.parametrize("number", range(1, 6))
def test_peer_resolves_every_state_of_our_log_as_we_do(number: int, tmp_path: Path) -> None:
    log = life()[number - 1]
    theirs = ask_peer(log.did.text, log.log, tmp_path)
    ours = resolve(log.history, now=LATER)
    for name in SAME:
        assert theirs["didDocumentMetadata"][name] == ours["didDocumentMetadata"][name]
    if not log.history.versions[-1].deactivated:
        assert theirs["didDocument"] == ours["didDocument"]


def test_peer_finds_our_earlier_version(tmp_path: Path) -> None:
    log = life()[-1]
    theirs = ask_peer(f"{log.did}?versionNumber=1", log.log, tmp_path)
    ours = resolve(log.history, now=LATER, select=Selection(version_number=1))
    assert theirs["didDocument"] == ours["didDocument"]


def test_peer_refuses_what_we_refuse(tmp_path: Path) -> None:
    log = life()[3]
    entries = read_entries(log.log)
    entries[3]["proof"] = [sign_entry(entries[3], 5)]
    forged = b"".join(json.dumps(entry).encode() + b"\n" for entry in entries)
    answer = ask_peer(log.did.text, forged, tmp_path)
    assert answer["didResolutionMetadata"]["error"] == "invalidDid"
