"""Whatever is sent as a DID, a document or a log: an answer or our error, and never another history."""

import json
from contextlib import suppress
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from tests.support.did_logs import LATER, day, join_entries, private_key, read_entries, signer, simple_log

from certweave.did.document import RELATIONSHIPS, parse_did_document
from certweave.did.history import make_single
from certweave.did.syntax import parse_did, parse_did_url, to_urls
from certweave.did.webvh.fold import fold_log
from certweave.did.webvh.twin import check_twin, make_twin
from certweave.did.webvh.write import rotate_log, update_log
from certweave.errors import CertweaveError

FIRST = simple_log(next_keys=[private_key(2).public])
SECOND = rotate_log(FIRST.did, FIRST.log, signer=signer(2), time=day(1))
LOG = update_log(FIRST.did, SECOND.log, signer=signer(2), time=day(2), ttl=5)
IDS = [version.version_id for version in LOG.history.versions]

WORDS = st.sampled_from(
    [
        "did:web:a.example",
        "did:web:a.example#k",
        "#k",
        "Multikey",
        "JsonWebKey",
        private_key(1).public.multikey,
        "",
    ]
)
ATOMS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WORDS | st.text(max_size=8)
NAMES = st.sampled_from(
    ["id", "type", "controller", "publicKeyMultibase", "publicKeyJwk", "revoked", "service", "alsoKnownAs"]
) | st.text(max_size=4)
VALUES = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
MEMBERS = st.sampled_from(
    ["verificationMethod", "controller", "alsoKnownAs", "service", "@context", *RELATIONSHIPS]
)
DOCUMENTS = st.dictionaries(MEMBERS, VALUES, max_size=6)


@given(st.text(max_size=80) | st.from_regex(r"\Adid:(web|webvh|key):[A-Za-z0-9.:%\-]{0,60}(#[a-z]*)?\Z"))
@example("did:web:\u3002")
@example("did:web:xn--a.xn--0.example")
def test_text_as_did(text: str) -> None:
    with suppress(CertweaveError):
        parse_did_url(text)
    with suppress(CertweaveError):
        urls = to_urls(parse_did(text))
        assert urls.document_url.startswith("https://")
        assert urls.document_url.isascii()
        host = urls.base.removeprefix("https://").partition("/")[0].partition(":")[0]
        assert "." in host
        assert not set(host) & set("@%#?[]\\ ")
        assert "/../" not in urls.document_url


@given(DOCUMENTS)
def test_object_as_document(members: dict[str, Any]) -> None:
    with suppress(CertweaveError):
        document = parse_did_document({**members, "id": "did:web:a.example"}, did="did:web:a.example")
        past = make_single(document)
        for name in (None, "did:web:a.example#k", *(one.id for one in document.methods)):
            with suppress(CertweaveError):
                past.find_keys(name, "assertionMethod", now=LATER)


@given(DOCUMENTS)
def test_object_as_twin(members: dict[str, Any]) -> None:
    with suppress(CertweaveError):
        check_twin({**make_twin(LOG.history), **members}, LOG.history)


def fold_to_prefix(log: bytes) -> None:
    """Fold; where that works, the versions are the first ones of the honest log."""
    with suppress(CertweaveError):
        history = fold_log(LOG.did, log, fetched_at=LATER, now=LATER)
        assert [version.version_id for version in history.versions] == IDS[: len(history.versions)]


@given(st.integers(0, len(LOG.log)), st.integers(0, 40), st.binary(max_size=6))
def test_bytes_changed_in_a_log(at: int, cut: int, new: bytes) -> None:
    fold_to_prefix(LOG.log[:at] + new + LOG.log[at + cut :])


@given(st.lists(st.sampled_from(LOG.log.splitlines(keepends=True)), max_size=5))
def test_lines_in_any_order(lines: list[bytes]) -> None:
    fold_to_prefix(b"".join(lines))


@given(st.data(), VALUES)
def test_value_changed_in_a_log(data: st.DataObject, value: Any) -> None:
    entries: Any = read_entries(LOG.log)
    target = entries
    while True:
        keys = list(target) if isinstance(target, dict) else list(range(len(target)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(target[key], dict | list) or not target[key] or data.draw(st.booleans()):
            break
        target = target[key]
    target[key] = value
    fold_to_prefix(json.dumps(entries).encode() if not isinstance(entries, list) else join_entries(entries))


@given(st.binary(max_size=200))
def test_bytes_as_log(log: bytes) -> None:
    with suppress(CertweaveError):
        fold_log(LOG.did, log, fetched_at=LATER, now=LATER)
