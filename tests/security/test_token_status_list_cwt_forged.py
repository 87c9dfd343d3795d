"""Attack: at the address of a status list CWT lies somebody else's, another kind, or another list."""

import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.support.forging import Finding, finding, token
from tests.support.forging import message as forge
from tests.support.world import START, Party, World, plain_credential

from certweave.encoding.cbor import CborValue, decode_cbor, encode_cbor
from certweave.encoding.multibase import base64url_encode
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.cose import parse_sign1
from certweave.proof.vc_cose import sign_credential_cose
from certweave.status.token_list import make_statuses
from certweave.status.token_list_cwt import TYP, sign_token_list_cwt

URL = "https://certs.example/tokens"
NOW = START + timedelta(hours=2)
SECONDS = int(NOW.timestamp())
PLACE = "/status/status_list"
Claims = dict[Any, Any]
Make = Callable[[Claims, Party, Party], bytes]
VALID: Finding = ("valid", "", "", None)
SUB, EXP, NBF, IAT, TTL, LISTED = 2, 4, 5, 6, 65534, 65533
ZEROS = zlib.compress(bytes(16))


def bad(code: str = "status_list_invalid", place: str = PLACE, verdict: str = "invalid") -> Finding:
    return (verdict, "status", code, place)


def claims(party: Party) -> Claims:
    """Return the claims of an honest list."""
    made = sign_token_list_cwt(URL, party.signer, data=make_statuses(128), bits=1, issued_at=NOW)
    found: Any = decode_cbor(parse_sign1(made, limits=DEFAULT_LIMITS).payload, limits=DEFAULT_LIMITS)
    return dict(found)


def signed(said: Any, party: Party, *, unprotected: CborValue = None, **header: Any) -> bytes:
    labels = {"claims": 15, "alg": 1, "crit": 2, "content": 3, "kid": 4, "x5chain": 33, "kccs": 14, "typ": 16}
    full = {16: TYP, **{labels[name]: value for name, value in header.items()}}
    payload = said if isinstance(said, bytes) else encode_cbor(said)
    return forge(payload, party.signer, full, unprotected=unprotected)


def said(**changes: Any) -> Make:
    """Return the maker of a list with claims changed, or taken away by ``...``."""
    keys = {"sub": SUB, "exp": EXP, "nbf": NBF, "iat": IAT, "ttl": TTL, "listed": LISTED, "iss": 1}
    named = {keys[name]: value for name, value in changes.items()}
    return lambda it, fa, _: signed(
        {key: value for key, value in {**it, **named}.items() if value is not ...}, fa
    )


def listed(**changes: Any) -> Make:
    return lambda it, fa, _: signed({**it, LISTED: {**it[LISTED], **changes}}, fa)


def headed(**header: Any) -> Make:
    return lambda it, fa, _: signed(it, fa, **header)


def cut(change: Callable[[bytes], bytes]) -> Make:
    return lambda it, fa, _: change(signed(it, fa))


def other_parts(change: Callable[[list[Any]], list[Any]]) -> Make:
    def make(it: Claims, fa: Party, _: Party) -> bytes:
        whole: Any = decode_cbor(signed(it, fa)[1:], limits=DEFAULT_LIMITS)
        return b"\xd2" + encode_cbor(change(whole))

    return make


def judge(make: Make, **place: Any) -> Finding:
    world = World()
    fa, other = world.party("fa"), world.party("other")
    world.clock = NOW
    world.documents[URL] = make(claims(fa), fa, other)
    status = {"status_list": {"idx": 7, "uri": URL, **place}}
    source = sign_credential_cose(plain_credential(fa), fa.signer, issued_at=NOW, status=status)
    return finding(world.examine(source))


LISTS: dict[str, tuple[Make, Finding]] = {
    "honest": (said(), VALID),
    "with the issuer's name": (lambda it, fa, _: signed({**it, 1: fa.did}, fa), VALID),
    "with claims of its own": (lambda it, fa, _: signed({**it, 7: b"id", "own": [1]}, fa), VALID),
    "of then": (said(sub=f"{URL}?time=1"), VALID),
    "with something beside it": (
        lambda it, fa, _: signed(it, fa, unprotected={4: b"12", 1: 5, 16: "x"}),
        VALID,
    ),
    "by another": (lambda it, _, other: signed(it, other), bad("status_list_foreign")),
    "by another in the issuer's name": (
        lambda it, fa, other: signed({**it, 1: fa.did}, other),
        bad("status_list_foreign"),
    ),
    "in the name of another": (
        lambda it, fa, other: signed({**it, 1: other.did}, fa),
        bad("status_list_foreign"),
    ),
    "by another with the issuer's kid": (
        lambda it, fa, other: signed(it, other, kid=fa.signer.method.encode()),
        bad(),
    ),
    "by another without a kid": (lambda it, _, other: signed(it, other, kid=None), bad()),
    "by another with a kid that nobody signed": (
        lambda it, fa, other: signed(it, other, kid=None, unprotected={4: fa.signer.method.encode()}),
        bad(),
    ),
    "with a kid that is none": (headed(kid=b"12"), bad()),
    "without a typ": (headed(typ=None), bad()),
    "typed as a number": (headed(typ=61), bad()),
    "typed as a credential": (headed(typ="application/vc+cose"), bad()),
    "typed as one in JSON": (headed(typ="application/statuslist+jwt"), bad()),
    "typed where nobody signed": (
        lambda it, fa, _: signed(it, fa, typ=None, unprotected={16: TYP}),
        bad(),
    ),
    "of a shared secret": (headed(alg=5), bad()),
    "of another algorithm": (headed(alg=-7), bad()),
    "with a key of its own": (headed(kccs={}), bad()),
    "with something critical": (headed(crit=[99]), bad()),
    "with its claims in the header, too": (
        lambda it, fa, _: signed(it, fa, claims={1: fa.did, SUB: URL, 7: b"id"}),
        VALID,
    ),
    "with another address in the header": (headed(claims={SUB: f"{URL}2"}), bad()),
    "with an address in the header alone": (
        lambda it, fa, _: signed(
            {key: value for key, value in it.items() if key != SUB}, fa, claims={SUB: URL}
        ),
        bad("status_list_wrong_id", f"{PLACE}/uri"),
    ),
    "with the name of another in the header": (
        lambda it, fa, other: signed(it, fa, claims={1: other.did}),
        bad("status_list_foreign"),
    ),
    "with claims in the header that are none": (headed(claims=[1]), bad()),
    "with a MAC": (cut(lambda it: b"\xd1" + it[1:]), bad()),
    "without its tag": (cut(lambda it: it[1:]), bad()),
    "tagged as a CWT": (cut(lambda it: b"\xd8\x3d" + it), bad()),
    "with another after it": (cut(lambda it: it + it), bad()),
    "cut off": (cut(lambda it: it[:-1]), bad()),
    "in base64url": (cut(lambda it: base64url_encode(it).encode()), bad()),
    "with its payload elsewhere": (other_parts(lambda it: [*it[:2], None, it[3]]), bad()),
    "with another signature": (other_parts(lambda it: [*it[:3], bytes(64)]), bad()),
    "a claim twice": (
        lambda it, fa, _: signed(b"\xa4\x02\x61x" + encode_cbor(it)[1:], fa),
        bad(),
    ),
    "of indefinite length": (lambda it, fa, _: signed(b"\xbf" + encode_cbor(it)[1:] + b"\xff", fa), bad()),
    "a list in JSON": (
        lambda it, fa, _: token(
            {
                "sub": URL,
                "iat": SECONDS,
                "status_list": {"bits": 1, "lst": base64url_encode(ZEROS)},
            },
            fa.signer,
            typ="statuslist+jwt",
        ).encode(),
        VALID,
    ),
    "the claims in JSON": (lambda _it, fa, _: signed(b'{"sub":"x"}', fa), bad()),
    "of another address": (said(sub=f"{URL}2"), bad("status_list_wrong_id", f"{PLACE}/uri")),
    "of no address": (said(sub=...), bad("status_list_wrong_id", f"{PLACE}/uri")),
    "of an address in bytes": (said(sub=URL.encode()), bad()),
    "of no time": (said(iat=...), bad("status_list_form")),
    "of a time in words": (said(iat="2026-03-01T09:00:00Z"), bad()),
    "of the future": (said(iat=SECONDS + 301), bad()),
    "of no number": (said(iat=float("nan")), bad()),
    "of the end of time": (said(iat=2**64 - 1), bad()),
    "that is over": (said(exp=SECONDS), bad("status_list_expired", verdict="undecided")),
    "that has not begun": (said(nbf=SECONDS + 1), bad("evidence_unreachable", verdict="undecided")),
    "that lives for no time": (said(ttl=0), bad("status_list_ttl")),
    "that lives for less": (said(ttl=-1), bad("status_list_ttl")),
    "that lives for ever": (said(ttl=2**64 - 1), bad("status_list_ttl")),
    "that lives for a half": (said(ttl=0.5), bad()),
    "that lives for true": (said(ttl=True), bad("status_list_ttl")),
    **{
        f"of {bits!r} bits": (listed(bits=bits), bad("status_list_form"))
        for bits in (0, 3, 16, True, "1", None, 1.0)
    },
    "of nothing": (listed(lst=b""), bad("status_list_encoding")),
    "of a text": (listed(lst=base64url_encode(ZEROS)), bad()),
    "of two streams": (listed(lst=ZEROS + ZEROS), bad("status_list_encoding")),
    "of half a stream": (listed(lst=ZEROS[:-1]), bad("status_list_encoding")),
    "of bare bits": (listed(lst=bytes(16)), bad("status_list_encoding")),
    "without a list": (said(listed=...), bad("status_list_form")),
    "of a list of lists": (said(listed=[1, ZEROS]), bad()),
}


@pytest.mark.parametrize("name", LISTS)
def test_what_lies_at_its_address(name: str) -> None:
    make, found = LISTS[name]
    assert judge(make) == found


@pytest.mark.parametrize("index", [128, 2**53, 2**64 - 1])
def test_a_place_beyond_its_end(index: int) -> None:
    assert judge(said(), idx=index) == bad("status_index_out_of_range", f"{PLACE}/idx")


@pytest.mark.parametrize("index", [-1, 7.5, b"\x07", True, None, [7]])
def test_a_place_that_is_none(index: Any) -> None:
    assert judge(said(), idx=index) == bad("status_claim_malformed", f"{PLACE}/idx")
