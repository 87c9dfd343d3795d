"""Attack: an archive that unpacks into something else than a bundle (zip slip, zip bomb, doubled names)."""

import contextlib
import io
import warnings
import zipfile
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certweave.errors import Cause, CertweaveError, MalformedError, UndecidedError
from certweave.examine.evidence import Evidence
from certweave.limits import DEFAULT_LIMITS
from certweave_edge.bundle import MAX_ENTRIES, MAX_TOTAL, Bundle, make_bundle, parse_bundle

GOOD = make_bundle(Bundle(b"a.b.c", Evidence(), b"{}\n"))


def adding(*entries: tuple[str, bytes]) -> bytes:
    """Return a good bundle with more in it."""
    buffer = io.BytesIO(GOOD)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of doubled names, which is the point here
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/passwd",
        "evidence/../../evil",
        "evidence/..",
        "evidence/",
        "evidence/" + "0" * 63 + "/",
        "C:\\evil",
        "input/",
        "other.txt",
        "input",
        "evidence/evidence.json",
    ],
)
def test_a_strange_entry_is_refused(name: str) -> None:
    with pytest.raises(MalformedError):
        parse_bundle(adding((name, b"x")), limits=DEFAULT_LIMITS)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = adding(*((f"evidence/{number:064x}", bytes(MAX_TOTAL // 8)) for number in range(9)))
    assert len(bomb) < 2 << 20
    with pytest.raises(UndecidedError) as refused:
        parse_bundle(bomb, limits=DEFAULT_LIMITS)
    assert refused.value.cause is Cause.LIMIT


def test_too_many_entries_are_a_limit() -> None:
    def many() -> Iterator[tuple[str, bytes]]:
        for number in range(MAX_ENTRIES):
            yield f"evidence/{number:064x}", b""

    with pytest.raises(UndecidedError):
        parse_bundle(adding(*many()), limits=DEFAULT_LIMITS)


def test_a_size_that_lies_is_refused() -> None:
    """The central directory says less than what is there."""
    honest = adding(("evidence/" + "0" * 64, b"x" * 5000))
    place = honest.rindex(b"PK\x01\x02") + 24
    lying = honest[:place] + (10).to_bytes(4, "little") + honest[place + 4 :]
    with pytest.raises(CertweaveError):
        parse_bundle(lying, limits=DEFAULT_LIMITS)


@given(st.data())
def test_a_spoilt_bundle_raises_only_ours(data: st.DataObject) -> None:
    spoilt = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(CertweaveError):
        parse_bundle(bytes(spoilt), limits=DEFAULT_LIMITS)
