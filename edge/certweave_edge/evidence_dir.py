"""Evidence as a directory: ``evidence.json`` beside files named by their SHA-256.

The form is that of docs/reference/verdicts.md, Evidence. A row of something that could not be fetched has the
reason, a sentence, for its file: so an undecided verdict replays in the same words. What is read here is
checked against the digests, never believed: whether a row counts as our own fetch is the caller's to say.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject, JsonValue, parse_json
from certweave.errors import CertweaveError, InvalidError, MalformedError
from certweave.examine.evidence import Evidence, Fetched, Kind, Need, Source, Unavailable
from certweave.limits import Limits
from certweave.timestamps import format_timestamp, parse_timestamp
from certweave_edge.files import make_directory, read_file, write_file
from certweave_edge.sizes import size_limit

INDEX = "evidence.json"
BUNDLE_SUFFIX = ".cwbundle"
"""How the file is named that holds such a directory with report and policy (bundle.py)."""
MEMBERS = frozenset({"kind", "url", "status", "mediaType", "fetchedAt", "source", "sha256"})
_OF_FILES = frozenset({"mediaType", "sha256"})
"""Members that say nothing where there is no file: a row of something that did not come may lack them."""
REASON_TYPE = "text/plain"
MAX_REASON = 4096
"""Bytes of the sentence that says why something could not be fetched."""

Load = Callable[[str, int], bytes]
"""From a file's name and its greatest size to its bytes, one more than allowed where there are more."""


def save_evidence(evidence: Evidence, directory: Path, *, only: Iterable[Need] | None = None) -> None:
    """Write ``evidence``, or of it what ``only`` names, into ``directory``: 0700, files 0600, each atomic.

    Raises:
        OSError: it cannot be written.
    """
    make_directory(directory)
    files = pack_evidence(evidence, only=only)
    for name, content in files.items():
        if name != INDEX:
            write_file(directory / name, content)
    # The index comes last: what it names is there.
    write_file(directory / INDEX, files[INDEX])


def load_evidence(directory: Path, *, limits: Limits) -> Evidence:
    """Read a directory that the operator gives: each row counts as what it says of itself.

    Raises:
        MalformedError, InvalidError: a row or file is not what it should be; ``path`` is in evidence.json.
        OSError: the directory or its index cannot be read.
    """
    return unpack_evidence(
        lambda name, most: read_file(directory / name, most=most, follow=False), limits=limits
    )


def pack_evidence(evidence: Evidence, *, only: Iterable[Need] | None = None) -> dict[str, bytes]:
    """Return the files of an evidence directory by name, in a stable order."""
    wanted = frozenset(evidence.documents if only is None else only)
    files: dict[str, bytes] = {}
    rows: list[JsonObject] = []
    for need in sorted(wanted & frozenset(evidence.documents)):
        row, content = _row(need, evidence.documents[need])
        rows.append(row)
        files[str(row["sha256"])] = content
    index = json.dumps(rows, indent=2, ensure_ascii=False).encode() + b"\n"
    return {INDEX: index, **dict(sorted(files.items()))}


def unpack_evidence(load: Load, *, limits: Limits) -> Evidence:
    """Read evidence whose files ``load`` hands out.

    Raises:
        MalformedError, InvalidError: as ``load_evidence``.
        OSError: what ``load`` raises for the index.
    """
    rows = parse_json(load(INDEX, limits.credential_bytes), limits=limits)
    if not isinstance(rows, list):
        raise MalformedError("evidence.json is not a list of rows", code="evidence_form", path="")
    documents: dict[Need, Fetched | Unavailable] = {}
    for place, row in enumerate(rows):
        path = join("", place)
        need, found = _read_row(row, path, load, limits)
        if need in documents:
            raise MalformedError("two rows of evidence answer the same need", code="evidence_form", path=path)
        documents[need] = found
    return Evidence(documents)


def as_supplied(evidence: Evidence) -> Evidence:
    """Return the same evidence as handed in by somebody else: it counts up to the times it is signed for."""
    return Evidence(
        {need: replace(found, source=Source.SUPPLIED) for need, found in evidence.documents.items()}
    )


def _row(need: Need, found: Fetched | Unavailable) -> tuple[JsonObject, bytes]:
    if isinstance(found, Fetched):
        content, media_type, at = found.content, found.media_type, found.fetched_at
    else:
        content, media_type, at = found.reason.encode(), REASON_TYPE, found.at
    row: JsonObject = {
        "kind": need.kind.value,
        "url": need.url,
        "status": found.status,
        "mediaType": media_type,
        "fetchedAt": format_timestamp(at),
        "source": found.source.value,
        "sha256": sha256(content).hexdigest(),
    }
    return row, content


def _read_row(row: JsonValue, path: str, load: Load, limits: Limits) -> tuple[Need, Fetched | Unavailable]:
    if not isinstance(row, dict) or row.keys() - MEMBERS or MEMBERS - row.keys() - _OF_FILES:
        names = ", ".join(sorted(MEMBERS))
        raise MalformedError(f"a row of evidence has exactly: {names}", code="evidence_form", path=path)
    kind = Kind(_one_of(row, "kind", frozenset(Kind), path))
    source = Source(_one_of(row, "source", frozenset(Source), path))
    need = Need(kind, _text(row, "url", path))
    try:
        at = parse_timestamp(_text(row, "fetchedAt", path))
    except MalformedError as error:
        raise MalformedError(error.detail, code=error.code, path=join(path, "fetchedAt")) from None
    status = row["status"]
    if not isinstance(status, int) or isinstance(status, bool) or not 0 <= status <= 599:
        raise _wrong(row, "status", path)
    media_type = "" if row.get("mediaType") is None else _text(row, "mediaType", path)
    if status != 200:
        return need, Unavailable(_read_reason(row, media_type, path, load, limits), at, status, source)
    content = _load_file(row, path, load, size_limit(kind, limits)[1])
    return need, Fetched(content, need.url, media_type, at, source, status)


def _read_reason(row: JsonObject, media_type: str, path: str, load: Load, limits: Limits) -> str:
    """Return why something could not be fetched: our own sentence, or one for what a host answered."""
    status = row["status"]
    words = f"the host answered HTTP {status}" if status else "nothing answered"
    if not row.get("sha256"):
        return words
    if media_type != REASON_TYPE:  # the body of an answer, which explains nothing
        _load_file(row, path, load, size_limit(Kind(row["kind"]), limits)[1])
        return words
    return _load_file(row, path, load, MAX_REASON).decode("utf-8", errors="replace") or words


def _load_file(row: JsonObject, path: str, load: Load, most: int) -> bytes:
    digest = _text(row, "sha256", path)
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise _wrong(row, "sha256", path)
    try:
        content = load(digest, most)
    except OSError:
        raise MalformedError(
            "the file that this row names is missing or unreadable", code="evidence_form", path=path
        ) from None
    if len(content) > most:
        raise MalformedError("the file that this row names is too large", code="evidence_form", path=path)
    if sha256(content).hexdigest() != digest:
        raise InvalidError(
            "the file is not the one that this row's sha256 names", code="evidence_digest", path=path
        )
    return content


def _text(row: JsonObject, member: str, path: str) -> str:
    value = row.get(member)
    if not isinstance(value, str):
        raise _wrong(row, member, path)
    return value


def _one_of(row: JsonObject, member: str, allowed: frozenset[str], path: str) -> str:
    value = _text(row, member, path)
    if value not in allowed:
        raise _wrong(row, member, path)
    return value


def _wrong(row: JsonObject, member: str, path: str) -> CertweaveError:
    return MalformedError(
        f"{member} of a row of evidence cannot be {row.get(member)!r:.80}",
        code="evidence_form",
        path=join(path, member),
    )
