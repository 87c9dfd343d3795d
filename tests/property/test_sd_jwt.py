"""SD-JWT: what is hidden and shown comes back as it was; what is spoilt raises only our own errors."""

import contextlib
import itertools
import zlib
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.support.keys import ED25519, signer
from tests.support.world import START

from certweave.encoding.multibase import base64url_encode
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.derive import derive_sd_jwt
from certweave.proof.sd_jwt.issue import present_sd_jwt, sign_sd_jwt
from certweave.proof.sd_jwt.json_form import to_compact
from certweave.proof.sd_jwt.token import RESERVED, parse_sd_jwt, process_sd_jwt
from certweave.proof.sd_jwt.type_metadata import parse_type_metadata
from certweave.status.token_list import (
    TokenEntry,
    decode_token_list,
    get_status,
    make_statuses,
    parse_status_claim,
    read_token_status,
    set_status,
)

PACKED = base64url_encode(zlib.compress(bytes(8)))
ENTRY = TokenEntry(0, "https://certs.example/list")
NAMES = st.text(max_size=4).filter(lambda name: name not in RESERVED)
SCALARS = (
    st.none()
    | st.booleans()
    | st.sampled_from([0.5, 1.0, 2.0, 1e9])
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(max_size=5)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
CLAIMS = st.dictionaries(NAMES, VALUES, max_size=4)


def places(value: Any, path: str = "") -> list[str]:
    """Every place below a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = []
    for name, item in items:
        found += [join(path, name), *places(item, join(path, name))]
    return found


def sign(claims: JsonObject, hidden: list[str], decoys: dict[str, int], typ: str = "example+sd-jwt") -> str:
    counter = itertools.count(1)
    return sign_sd_jwt(
        claims,
        signer(ED25519),
        header={"typ": typ},
        hidden=hidden,
        decoys=decoys,
        entropy=lambda size: next(counter).to_bytes(size),
    )


def without(value: Any, gone: set[str], path: str = "") -> Any:
    """The value without what stands at ``gone``."""
    if isinstance(value, dict):
        return {
            name: without(item, gone, join(path, name))
            for name, item in value.items()
            if join(path, name) not in gone
        }
    if isinstance(value, list):
        return [
            without(item, gone, join(path, index))
            for index, item in enumerate(value)
            if join(path, index) not in gone
        ]
    return value


@given(claims=CLAIMS, data=st.data())
def test_what_is_shown_is_what_was_signed(claims: JsonObject, data: st.DataObject) -> None:
    every = places(claims)
    hidden = data.draw(st.lists(st.sampled_from(every), unique=True) if every else st.just([]))
    shown = data.draw(st.lists(st.sampled_from(hidden), unique=True) if hidden else st.just([]))
    token = sign(claims, hidden, {"": data.draw(st.integers(0, 2))})
    whole = process_sd_jwt(parse_sd_jwt(token, limits=DEFAULT_LIMITS), limits=DEFAULT_LIMITS)
    assert whole.payload == claims
    assert set(whole.places) == set(hidden)
    part = present_sd_jwt(token, shown, limits=DEFAULT_LIMITS)
    found = process_sd_jwt(parse_sd_jwt(part, limits=DEFAULT_LIMITS), limits=DEFAULT_LIMITS)
    open_ = {place for place in hidden for one in shown if (one + "/").startswith(place + "/")}
    assert found.payload == without(claims, set(hidden) - open_)


@given(claims=CLAIMS, data=st.data())
def test_a_pointer_shows_all_that_is_there(claims: JsonObject, data: st.DataObject) -> None:
    every = ["", *places(claims)]
    hidden = data.draw(st.lists(st.sampled_from(every[1:]), unique=True) if every[1:] else st.just([]))
    pointers = data.draw(st.lists(st.sampled_from(every), max_size=3))
    token = sign(claims, hidden, {}, "dc+sd-jwt")
    part = derive_sd_jwt(token, pointers, limits=DEFAULT_LIMITS)
    found = process_sd_jwt(parse_sd_jwt(part, limits=DEFAULT_LIMITS), limits=DEFAULT_LIMITS)
    inside = {place for place in hidden for one in pointers if (place + "/").startswith(one + "/")}
    open_ = {place for place in hidden for one in (*pointers, *inside) if (one + "/").startswith(place + "/")}
    assert found.payload == without(claims, set(hidden) - open_ - inside)


TOKEN = sign({"a": [1, {"b": 2}], "c": "d"}, ["/a", "/a/1", "/a/1/b", "/c"], {"": 1})


@given(where=st.integers(0, len(TOKEN)), length=st.integers(0, 3), text=st.text(max_size=4))
def test_a_spoilt_token_raises_only_our_errors(where: int, length: int, text: str) -> None:
    spoilt = TOKEN[:where] + text + TOKEN[where + length :]
    with contextlib.suppress(CertweaveError):
        process_sd_jwt(parse_sd_jwt(spoilt, limits=DEFAULT_LIMITS), limits=DEFAULT_LIMITS)


def read_status(changes: JsonObject) -> int:
    listed = {"sub": ENTRY.list_url, "iat": int(START.timestamp()), **changes}
    return read_token_status(
        listed,
        ENTRY,
        now=START,
        fetched_at=START,
        own_fetch=True,
        max_age=timedelta(days=1),
        limits=DEFAULT_LIMITS,
    )


def as_json(value: Any) -> JsonObject:
    """Return an object that calls itself an SD-JWT, with anything in the header that nobody signed."""
    header = {**value, "disclosures": value} if isinstance(value, dict) else {"disclosures": [value]}
    return {"header": {**header, "kb_jwt": value}, "protected": "e30", "signature": ""}


@given(content=st.binary(max_size=64), text=st.text(max_size=32), value=VALUES, scalar=SCALARS)
def test_anything_raises_only_our_errors(content: bytes, text: str, value: Any, scalar: Any) -> None:
    for attempt in (
        lambda: parse_sd_jwt(content, limits=DEFAULT_LIMITS),
        lambda: parse_sd_jwt(text, limits=DEFAULT_LIMITS),
        lambda: to_compact({"payload": "e30", "protected": "e30", **as_json(value)}, limits=DEFAULT_LIMITS),
        lambda: to_compact({"payload": text, "signatures": [as_json(value)]}, limits=DEFAULT_LIMITS),
        lambda: to_compact({"payload": value, "signatures": value}, limits=DEFAULT_LIMITS),
        lambda: parse_type_metadata(content, text, limits=DEFAULT_LIMITS),
        lambda: decode_token_list(text, limits=DEFAULT_LIMITS),
        lambda: decode_token_list(value, limits=DEFAULT_LIMITS),
        lambda: parse_status_claim({"status": value}),
        lambda: parse_status_claim({"status": {"status_list": value}}),
        lambda: derive_sd_jwt(TOKEN, [text], limits=DEFAULT_LIMITS),
        lambda: read_status({"status_list": value}),
        lambda: read_status({"status_list": {"bits": scalar, "lst": PACKED}}),
        lambda: read_status({"status_list": {"bits": 1, "lst": value}, "ttl": value}),
        lambda: read_status({"sub": value, "exp": value}),
    ):
        with contextlib.suppress(CertweaveError):
            attempt()


@given(bits=st.sampled_from([1, 2, 4, 8]), data=st.data())
def test_a_status_list_is_a_list(bits: int, data: st.DataObject) -> None:
    statuses = data.draw(st.lists(st.integers(0, (1 << bits) - 1), min_size=1, max_size=40))
    packed = make_statuses(len(statuses), bits)
    for index, status in enumerate(statuses):
        set_status(packed, index, status, bits)
    assert [get_status(packed, index, bits) for index in range(len(statuses))] == statuses
