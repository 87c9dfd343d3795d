"""Attack: the thief of a key signs after it was retired, revoked or given up, in every way there is.

A time that the signer wrote never helps the signer: the true one refutes it, an earlier one proves nothing,
and none at all is no better.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.support.forging import Finding, finding, message, token
from tests.support.showing import TEXT
from tests.support.ways import NAMES, entropy, show
from tests.support.world import LEDGER_HOST, START, Party, World, contexts, plain_credential

from certweave.did.webvh.write import MethodTemplate, deactivate_log, make_document, make_location, rotate_log
from certweave.encoding.strict_json import JsonObject
from certweave.keys.jwk import make_private_key
from certweave.keys.model import KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_proof
from certweave.proof.derive import derive_credential
from certweave.proof.suites.registry import SUITES
from certweave.proof.suites.suite import Around, Hiding
from certweave.proof.ways import WAYS

IN_FORCE, ENDED, NOW = (START + timedelta(days=days) for days in (1, 10, 20))


def rewrite(party: Party, update: Any, time: datetime, document: JsonObject, following: Any) -> None:
    party.written = rotate_log(
        party.written.did,
        party.written.log,
        signer=KeySigner("#", update),
        time=time,
        next_keys=[] if following is None else [following.public],
        document=document,
    )


def removed(document: JsonObject, method: str) -> JsonObject:
    kept = [one for one in document["verificationMethod"] if one["id"] != method]
    uses = {
        name: [one for one in document[name] if one != method]
        for name in document
        if isinstance(document[name], list) and method in document[name]
    }
    return {**document, **uses, "verificationMethod": kept}


def revoked(document: JsonObject, method: str) -> JsonObject:
    when = ENDED.isoformat().replace("+00:00", "Z")
    methods = [
        {**one, "revoked": when} if one["id"] == method else one for one in document["verificationMethod"]
    ]
    return {**document, "verificationMethod": methods}


def forbidden(document: JsonObject, method: str) -> JsonObject:
    """Leave the key there, for another relationship only."""
    return {**document, "assertionMethod": [one for one in document["assertionMethod"] if one != method]}


ENDS: dict[str, Callable[[JsonObject, str], JsonObject] | None] = {
    "removed": removed,
    "revoked": revoked,
    "forbidden": forbidden,
    "given up": None,
}


def stolen(way: str, end: str) -> tuple[World, Party, KeySigner]:
    """Return a world in which the key of ``fa`` for a way has come to its end."""
    world = World()
    fa = world.party("fa")
    key, following = (make_private_key(WAYS[way].algorithms[0], entropy=entropy()), world.new_key())
    document = make_document(
        make_location(LEDGER_HOST, path=["fa"]),
        [MethodTemplate(fa.key.public), MethodTemplate(key.public)],
        did=fa.written.did,
    )
    rewrite(fa, fa._next, START + timedelta(minutes=1), document, following)
    method = f"{fa.did}#{key.public.multikey}"
    change = ENDS[end]
    if change is None:
        fa.written = deactivate_log(
            fa.written.did, fa.written.log, signer=KeySigner("#", following), time=ENDED
        )
    else:
        raw = fa.written.history.versions[-1].document.raw
        rewrite(fa, following, ENDED, change(raw, method), None)
    world.clock = NOW
    return world, fa, KeySigner(method, key)


def untimed(document: JsonObject, signer: KeySigner, way: str) -> bytes:
    """Sign without saying when."""
    if way == "vc+cose":
        return message(document, signer, {16: "application/vc+cose"})
    if way in TEXT:
        made = token(document, signer, typ=way)
        return (made + "~" if way == "vc+sd-jwt" else made).encode()
    drawn, around = entropy(), Around(contexts(), DEFAULT_LIMITS)
    hiding = Hiding(drawn, ("/issuer", "/validFrom", "/id")) if SUITES[way].selective else None
    signed = add_proof(
        document,
        signer,
        suite=SUITES[way],
        around=around,
        created=None,
        purpose="assertionMethod",
        hiding=hiding,
    )
    if hiding is not None:
        signed = derive_credential(signed, ["/credentialSubject"], around=around, entropy=drawn)
    return json.dumps(signed).encode()


@pytest.mark.parametrize("way", NAMES)
@pytest.mark.parametrize("end", ENDS)
def test_when_the_thief_says_when(way: str, end: str) -> None:
    world, fa, signer = stolen(way, end)
    document = plain_credential(fa)
    found: dict[datetime, Finding] = {
        when: finding(world.examine(show(document, signer, way, now=when)))
        for when in (IN_FORCE, ENDED, ENDED + timedelta(days=1))
    }
    path = None if way in TEXT else "/proof"
    assert found == {
        IN_FORCE: ("undecided", "key", "signing_time_unproven", path),
        ENDED: ("invalid", "key", "signed_after_retirement", path),
        ENDED + timedelta(days=1): ("invalid", "key", "signed_after_retirement", path),
    }
    before = world.examine(show(document, signer, way, now=IN_FORCE), at=IN_FORCE)
    assert before.verdict == "valid"


@pytest.mark.parametrize("way", [way for way in NAMES if way != "Ed25519Signature2020"])
@pytest.mark.parametrize("end", ENDS)
def test_when_the_thief_does_not(way: str, end: str) -> None:
    world, fa, signer = stolen(way, end)
    spoilt = untimed(plain_credential(fa), signer, way)
    path = None if way in TEXT else "/proof"
    assert finding(world.examine(spoilt)) == ("undecided", "key", "signing_time_unproven", path)
    assert world.examine(spoilt, at=IN_FORCE).verdict == "valid"


@pytest.mark.parametrize("way", NAMES)
def test_a_receipt_of_afterwards_does_not_help(way: str) -> None:
    world, fa, signer = stolen(way, "removed")
    spoilt = show(plain_credential(fa), signer, way, now=IN_FORCE)
    world.date(spoilt if way == "vc+cose" else spoilt.decode() if way in TEXT else json.loads(spoilt))
    verdict, step, code, _ = finding(world.examine(spoilt))
    assert (verdict, step, code) == ("undecided", "key", "signing_time_unproven")
