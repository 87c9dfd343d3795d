"""Attack: a small document that costs much: lists that unpack to gigabytes, graphs that nothing tells apart.

In every way that a list or a credential comes, through the whole examination. A limit decides nothing.
"""

import json
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from tests.support.cost import spent, start
from tests.support.forging import finding, judge, message, token
from tests.support.showing import EMBEDDED, SELECTIVE, credential, present, presented, shown
from tests.support.ways import OVER_STATEMENTS
from tests.support.world import START, Party, World, plain_credential

from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.vc_cose import envelope_cose
from certweave.proof.vc_jwt import envelope

URL = "https://certs.example/list"
GZIP, ZLIB = 31, 15


@cache
def packed(megabytes: int, form: int) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, form)
    block = bytes(1 << 20)
    parts = b"".join(packer.compress(block) for _ in range(megabytes))
    return base64url_encode(parts + packer.flush())


def listing(party: Party, megabytes: int) -> JsonObject:
    """Return a list with as many zeros."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": party.did,
        "validFrom": "2026-03-01T09:00:00Z",
        "credentialSubject": {
            "type": "BitstringStatusList",
            "statusPurpose": "suspension",
            "encodedList": f"u{packed(megabytes, GZIP)}",
        },
    }


def token_list(party: Party, megabytes: int) -> bytes:
    claims = {"sub": URL, "iat": int(START.timestamp())}
    claims["status_list"] = {"bits": 1, "lst": packed(megabytes, ZLIB)}
    return token(claims, party.signer, typ="statuslist+jwt").encode()


LISTS: dict[str, Callable[[Party, int], bytes]] = {
    "embedded": lambda fa, size: fa.embed(listing(fa, size)),
    "a token": lambda fa, size: token(listing(fa, size), fa.signer, typ="vc+jwt").encode(),
    "a message": lambda fa, size: message(listing(fa, size), fa.signer, {16: "application/vc+cose"}),
    "an envelope": lambda fa, size: json.dumps(
        envelope(token(listing(fa, size), fa.signer, typ="vc+jwt"))
    ).encode(),
    "an envelope of a message": lambda fa, size: json.dumps(
        envelope_cose(message(listing(fa, size), fa.signer, {16: "application/vc+cose"}))
    ).encode(),
    "a list of tokens": token_list,
}
MOST = DEFAULT_LIMITS.status_list_unpacked_bytes >> 20


@pytest.mark.parametrize("way", LISTS)
def test_a_list_that_unpacks_to_too_much(way: str) -> None:
    found = {}
    for size in (MOST, MOST + 1, 256):
        world = World()
        fa = world.party("fa")
        world.documents[URL] = LISTS[way](fa, size)
        status = {"status_list": {"idx": 7, "uri": URL}}
        if way == "a list of tokens":
            source = token({**plain_credential(fa), "status": status}, fa.signer, typ="vc+jwt").encode()
        else:
            entry = {**fa.entry(7), "statusListCredential": URL}
            source = fa.issue(plain_credential(fa, credentialStatus=entry))
        begun = start()
        verdict, step, code, _ = finding(world.examine(source))
        assert spent(begun) < 5
        found[size] = (verdict, step, code)
    limited = ("undecided", "status", "status_list_limit")
    assert found == {MOST: ("valid", "", ""), MOST + 1: limited, 256: limited}


def families(count: int, size: int) -> JsonObject:
    """Return a subject that knows families, all alike, of children who are all alike."""
    children = [{"name": "child"} for _ in range(size)]
    return {"id": "urn:a:b", "knows": [{"knows": children} for _ in range(count)]}


def twins(depth: int) -> JsonObject:
    found: JsonObject = {"name": "leaf"}
    for _ in range(depth):
        found = {"knows": [dict(found), dict(found), dict(found)]}
    return {"id": "urn:a:b", **found}


GRAPHS: dict[str, Any] = {"families": families(2, 12), "twins": twins(6)}
CONTEXT = ["https://www.w3.org/ns/credentials/v2", {"knows": "urn:example:knows"}]


@pytest.mark.parametrize("way", [way for way in EMBEDDED if way in OVER_STATEMENTS])
@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_that_nothing_tells_apart(way: str, name: str) -> None:
    """Somebody else's proof is put on it: nobody ever has to sign it."""
    signed = json.loads(shown(way))
    contexts = [*CONTEXT, *signed["@context"][1:]]
    poison = credential(way, **{"@context": contexts, "credentialSubject": GRAPHS[name]})
    begun = start()
    verdict, step, code, path = finding(judge({**poison, "proof": signed["proof"]}))
    assert spent(begun) < 20
    if way in SELECTIVE:
        # Labels and counts are those of the proof, and do not fit: often before anything is canonicalised.
        assert (verdict, step) in {("invalid", "signature"), ("undecided", "signature")}
    else:
        assert (verdict, step, code, path) == ("undecided", "signature", "limit_canonical", "/proof")


@pytest.mark.parametrize("way", ["eddsa-rdfc-2022", "ecdsa-rdfc-2019"])
@pytest.mark.parametrize("name", GRAPHS)
def test_such_a_graph_in_a_presentation(way: str, name: str) -> None:
    poison = credential(way, **{"@context": CONTEXT, "credentialSubject": GRAPHS[name]})
    spoilt = {**json.loads(presented(way)), "verifiableCredential": [poison]}
    begun = start()
    assert finding(judge(spoilt))[:3] == ("undecided", "signature", "limit_canonical")
    inner = {**poison, "proof": json.loads(shown(way))["proof"]}
    found = finding(judge(present("vp+jwt", inner)))
    assert spent(begun) < 40
    assert found == ("undecided", "signature", "limit_canonical", "/verifiableCredential/0/proof")
