"""A ``.cwbundle``: one examination in one file, which replays to the same report, byte for byte, offline.

A zip archive (PKWARE APPNOTE 6.3) of the input, the evidence directory, the report, the policy and what was
expected of a presentation. Equal contents give equal bytes. The bundle proves nothing by itself: it says when
its evidence was fetched, and that is its own word. ``Bundle.supplied`` is the evidence without that word.
"""

import io
import json
import zipfile
import zlib
from dataclasses import dataclass

from certweave.encoding.strict_json import parse_object
from certweave.errors import Cause, MalformedError, UndecidedError
from certweave.examine.evidence import Evidence
from certweave.examine.expectation import NOTHING_EXPECTED, Expectation
from certweave.limits import Limits
from certweave_edge.evidence_dir import INDEX, as_supplied, pack_evidence, unpack_evidence

INPUT, REPORT, POLICY, EXPECT = "input", "report.json", "policy.json", "expect.json"
EVIDENCE = "evidence/"

MAX_ENTRIES = 512
"""An examination fetches 64 documents; a presentation of many credentials stays below this."""
MAX_TOTAL = 128 << 20
"""Bytes of everything unpacked: what a run may fetch, twice."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip entry can bear; ours bear no other, so that equal contents are equal bytes."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What an examination had before it, and what it found.

    Attributes:
        source: the input, byte for byte.
        evidence: what it stood on, as recorded.
        report: the JSON report, byte for byte.
        policy: the policy file, or None for the policy ``integrity``.
        expect: audience and nonce that were expected.
    """

    source: bytes
    evidence: Evidence
    report: bytes
    policy: bytes | None = None
    expect: Expectation = NOTHING_EXPECTED

    @property
    def supplied(self) -> Evidence:
        """The evidence as somebody else's: it counts only up to the times it is signed for."""
        return as_supplied(self.evidence)


def make_bundle(bundle: Bundle) -> bytes:
    """Return the file of ``bundle``."""
    files = {INPUT: bundle.source, REPORT: bundle.report}
    if bundle.policy is not None:
        files[POLICY] = bundle.policy
    if bundle.expect != NOTHING_EXPECTED:
        expect = {"audience": bundle.expect.audience, "nonce": bundle.expect.nonce}
        files[EXPECT] = json.dumps(expect, sort_keys=True).encode() + b"\n"
    files.update({EVIDENCE + name: content for name, content in pack_evidence(bundle.evidence).items()})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o600 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return buffer.getvalue()


def parse_bundle(data: bytes, *, limits: Limits) -> Bundle:
    """Read a bundle. Nothing is written anywhere, so no name in it can lead outside.

    Raises:
        MalformedError, InvalidError: it is no bundle, or its evidence does not match its digests.
        UndecidedError: a limit was reached.
    """
    files = _unpack(data)
    for name in (INPUT, REPORT, EVIDENCE + INDEX):
        if name not in files:
            raise MalformedError(f"the bundle has no {name}", code="bundle_form")

    def load(name: str, most: int) -> bytes:
        content = files.get(EVIDENCE + name)
        if content is None:
            raise FileNotFoundError(name)
        return content[: most + 1]

    evidence = unpack_evidence(load, limits=limits)
    expect = _parse_expect(files[EXPECT], limits) if EXPECT in files else NOTHING_EXPECTED
    return Bundle(files[INPUT], evidence, files[REPORT], files.get(POLICY), expect)


def _unpack(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            return {entry.filename: _read_entry(archive, entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError):
        # zipfile raises the last four for methods, encryption and structures that it does not read.
        raise MalformedError("the bundle cannot be unpacked", code="bundle_form") from None


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise _too_large(f"more than {MAX_ENTRIES} entries")
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise _too_large(f"more than {MAX_TOTAL} bytes unpacked")
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise MalformedError("two entries of the bundle have the same name", code="bundle_form")
    for entry in entries:
        rest = entry.filename.removeprefix(EVIDENCE)
        hexadecimal = len(rest) == 64 and set(rest) <= set("0123456789abcdef")
        known = entry.filename in {INPUT, REPORT, POLICY, EXPECT, EVIDENCE + INDEX}
        if not known and not (hexadecimal and entry.filename.startswith(EVIDENCE)):
            raise MalformedError("the bundle has an entry that does not belong there", code="bundle_form")
        if entry.flag_bits & 0x1 or entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise MalformedError(
                "an entry of the bundle is packed in a way we do not read", code="bundle_form"
            )


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    # The declared size bounds what is unpacked: zipfile stops there, and checks the CRC.
    with archive.open(entry) as stream:
        content = stream.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise MalformedError("an entry of the bundle is not as long as it says", code="bundle_form")
    return content


def _parse_expect(content: bytes, limits: Limits) -> Expectation:
    found = parse_object(content, limits=limits)
    if found.keys() != {"audience", "nonce"}:
        raise MalformedError("expect.json has exactly audience and nonce", code="bundle_form")
    for value in found.values():
        if value is not None and not isinstance(value, str):
            raise MalformedError("audience and nonce are strings or null", code="bundle_form")
    return Expectation(found["audience"], found["nonce"])


def _too_large(what: str) -> UndecidedError:
    return UndecidedError(f"the bundle has {what}", code="limit_bundle", cause=Cause.LIMIT)
