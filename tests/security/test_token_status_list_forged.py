"""Attack: at the address of a token status list lies somebody else's, another kind, or another list."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.support.forging import Finding, finding, parts, text, token
from tests.support.world import START, Party, World, plain_credential

from certweave.encoding.strict_json import JsonObject
from certweave.status.token_list import make_statuses, sign_token_list

URL = "https://certs.example/tokens"
NOW = START + timedelta(hours=2)
PLACE = "/status/status_list"
Make = Callable[[JsonObject, Party, Party], str | bytes]
VALID: Finding = ("valid", "", "", None)


def bad(code: str, place: str = PLACE, verdict: str = "invalid") -> Finding:
    return (verdict, "status", code, place)


def claims(party: Party) -> JsonObject:
    """Return the claims of an honest list."""
    made = sign_token_list(URL, party.signer, data=make_statuses(128), bits=1, issued_at=NOW)
    return parts(made)[1]


def said(**changes: Any) -> Make:
    """Return the maker of a list with claims changed, or taken away by ``...``."""
    return lambda it, fa, _: signed(
        {name: value for name, value in {**it, **changes}.items() if value is not ...}, fa
    )


def listed(**changes: Any) -> Make:
    return lambda it, fa, _: signed({**it, "status_list": {**it["status_list"], **changes}}, fa)


def headed(**header: Any) -> Make:
    return lambda it, fa, _: signed(it, fa, **header)


def signed(payload: Any, party: Party, **header: Any) -> str:
    return token(payload, party.signer, {"typ": "statuslist+jwt", **header})


def judge(make: Make, **place: Any) -> Finding:
    world = World()
    fa, other = world.party("fa"), world.party("other")
    world.clock = NOW
    made = make(claims(fa), fa, other)
    world.documents[URL] = made.encode() if isinstance(made, str) else made
    status = {"status_list": {"idx": 7, "uri": URL, **place}}
    source = token({**plain_credential(fa), "status": status}, fa.signer, typ="vc+jwt")
    return finding(world.examine(source.encode()))


LISTS: dict[str, tuple[Make, Finding]] = {
    "honest": (said(), VALID),
    "with the issuer's name": (lambda it, fa, _: signed({**it, "iss": fa.did}, fa), VALID),
    "of then": (said(sub=f"{URL}?time=1"), VALID),
    "by another": (lambda it, _, other: signed(it, other), bad("status_list_foreign")),
    "by another in the issuer's name": (
        lambda it, fa, other: signed({**it, "iss": fa.did}, other),
        bad("status_list_foreign"),
    ),
    "in the name of another": (
        lambda it, fa, other: signed({**it, "iss": other.did}, fa),
        bad("status_list_foreign"),
    ),
    "with the name of another in the header": (
        lambda it, fa, other: signed(it, fa, iss=other.did),
        bad("status_list_foreign"),
    ),
    "with another address in the header": (headed(sub=f"{URL}2"), bad("status_list_invalid")),
    "with its claims in the header, too": (
        lambda it, fa, _: signed(it, fa, iss=fa.did, sub=URL),
        VALID,
    ),
    "by another with the issuer's kid": (
        lambda it, fa, other: signed(it, other, kid=fa.signer.method),
        bad("status_list_invalid"),
    ),
    "by another without a kid": (
        lambda it, _, other: signed(it, other, kid=None),
        bad("status_list_invalid"),
    ),
    "without a typ": (headed(typ=None), bad("status_list_invalid")),
    "typed as any token": (headed(typ="JWT"), bad("status_list_invalid")),
    "typed as a credential": (headed(typ="vc+jwt"), bad("status_list_invalid")),
    "typed as one in CBOR": (headed(typ="statuslist+cwt"), bad("status_list_invalid")),
    "of no algorithm": (headed(alg="none"), bad("status_list_invalid")),
    "of a shared secret": (headed(alg="HS256"), bad("status_list_invalid")),
    "of another algorithm": (headed(alg="ES256"), bad("status_list_invalid")),
    "with a key of its own": (headed(jwk={}), bad("status_list_invalid")),
    "with something critical": (headed(crit=["x"]), bad("status_list_invalid")),
    "with disclosures": (lambda it, fa, _: signed(it, fa) + "~", bad("status_list_invalid")),
    "as JSON": (lambda it, fa, _: text(signed(it, fa)), bad("status_list_invalid")),
    "a claim twice": (
        lambda it, fa, _: signed(text(it)[:-1] + b',"sub":"x"}', fa),
        bad("status_list_invalid"),
    ),
    "a list of bits": (lambda _it, fa, _: fa.documents()[fa.list_url], bad("status_list_invalid")),
    "of another address": (said(sub=f"{URL}2"), bad("status_list_wrong_id", f"{PLACE}/uri")),
    "of an address with a query": (said(sub=f"{URL}?a=b"), bad("status_list_wrong_id", f"{PLACE}/uri")),
    "of an address with a slash": (said(sub=f"{URL}/"), bad("status_list_wrong_id", f"{PLACE}/uri")),
    "of no address": (said(sub=...), bad("status_list_wrong_id", f"{PLACE}/uri")),
    "of several addresses": (said(sub=[URL]), bad("status_list_invalid")),
    "of no time": (said(iat=...), bad("status_list_form")),
    "of the future": (said(iat=int(NOW.timestamp()) + 301), bad("status_list_invalid")),
    "that is over": (said(exp=int(NOW.timestamp())), bad("status_list_expired", verdict="undecided")),
    "that lives for no time": (said(ttl=0), bad("status_list_ttl")),
    "that lives for less": (said(ttl=-1), bad("status_list_ttl")),
    "that lives for words": (said(ttl="9"), bad("status_list_ttl")),
    **{
        f"of {bits!r} bits": (listed(bits=bits), bad("status_list_form"))
        for bits in (0, 3, 16, True, "1", None)
    },
    "of nothing": (listed(lst=""), bad("status_list_encoding")),
    "without a list": (said(status_list=...), bad("status_list_form")),
    "of no JSON": (lambda _it, fa, _: signed(b"[]", fa), bad("status_list_invalid")),
    "a page": (lambda _it, _fa, _: b"<!doctype html>", bad("status_list_invalid")),
    "empty": (lambda _it, _fa, _: b"", bad("status_list_invalid")),
}


@pytest.mark.parametrize("name", LISTS)
def test_what_lies_at_its_address(name: str) -> None:
    make, found = LISTS[name]
    assert judge(make) == found


PLACES: dict[str, tuple[dict[str, Any], Finding]] = {
    "beyond its end": ({"idx": 128}, bad("status_index_out_of_range", f"{PLACE}/idx")),
    "far beyond its end": ({"idx": 2**53 - 1}, bad("status_index_out_of_range", f"{PLACE}/idx")),
    **{
        f"at {index!r}": ({"idx": index}, bad("status_claim_malformed", f"{PLACE}/idx"))
        for index in (-1, 7.5, "7", True, None, [7])
    },
    "nowhere": ({"uri": "tokens"}, bad("status_claim_malformed", f"{PLACE}/uri")),
    "in several lists": ({"uri": [URL]}, bad("status_claim_malformed", f"{PLACE}/uri")),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_place_in_it(name: str) -> None:
    place, found = PLACES[name]
    assert judge(said(), **place) == found
