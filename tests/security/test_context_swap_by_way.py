"""Attack: another context gives signed words another meaning, in every way to secure a credential."""

import json
from functools import partial
from typing import Any

import pytest
from tests.support.forging import finding, judge
from tests.support.showing import (
    ASKED,
    EMBEDDED,
    LEGACY,
    PRESENTED,
    SHOWN,
    credential,
    forge,
    inside,
    is_message,
    present,
    shown,
    signer_of,
    token_of,
    with_message,
    with_token,
)
from tests.support.suites import NOW
from tests.support.ways import OVER_STATEMENTS, show

from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.proof.vc_jwt import envelope

V2, DID_V1 = "https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/did/v1"
ONE = {"mass": "https://one.example/mass", "length": "https://one.example/length"}
SWAPPED = {"mass": ONE["length"], "length": ONE["mass"]}
EVIL = "https://evil.example/name"


def weighed(way: str, contexts: Any = (V2, ONE)) -> JsonObject:
    """Return a credential whose words mean what its contexts say."""
    document = credential(way, **{"@context": list(contexts)})
    name = document["credentialSubject"]["id"]
    return {**document, "credentialSubject": {"id": name, "mass": "1", "length": "2"}}


def signed(way: str) -> bytes:
    if way == LEGACY:
        return forge(way, weighed(way))
    return show(weighed(way), signer_of(way), way, now=NOW)


@pytest.mark.parametrize("way", SHOWN)
def test_an_honest_one_is_valid(way: str) -> None:
    report = judge(signed(way))
    assert report.verdict == "valid"
    assert report.document is not None
    assert report.document["@context"][:2] == [V2, ONE]


OTHERS: dict[str, tuple[list[Any], str, str]] = {
    "swapped": ([V2, SWAPPED], "signature", ""),
    "swapped after": ([V2, ONE, SWAPPED], "signature", "same for text"),
    "a vocabulary for all": ([V2, {"@vocab": "https://two.example/"}], "signature", ""),
    "a language": ([V2, {**ONE, "@language": "de"}], "signature", ""),
    "a direction": ([V2, {**ONE, "@direction": "rtl"}], "signature", ""),
    "an order": ([V2, {**ONE, "mass": {"@id": ONE["mass"], "@container": "@list"}}], "signature", ""),
    "a link": ([V2, {**ONE, "mass": {"@id": ONE["mass"], "@type": "@id"}}], "signature", ""),
    "less": ([V2], "signature", ""),
    "an old processor": ([V2, {**ONE, "@version": 1.0}], "signature", ""),
    "a protected term": ([V2, ONE, {"name": EVIL}], "signature", "same for text"),
    "another version": (["https://www.w3.org/2018/credentials/v1", ONE], "model", ""),
    "another order": ([ONE, V2], "model", ""),
    "nothing before": ([V2, None, ONE], "model", ""),
    "nothing after": ([V2, ONE, None], "model", ""),
    "none": ([], "model", ""),
}


@pytest.mark.parametrize("way", EMBEDDED)
@pytest.mark.parametrize("name", OTHERS)
def test_beside_an_embedded_proof(way: str, name: str) -> None:
    """What is appended to the contexts of a suite over text is not signed, and not handed on."""
    document = json.loads(signed(way))
    contexts, step, exception = OTHERS[name]
    report = judge({**document, "@context": contexts + document["@context"][2:]})
    if exception and way not in OVER_STATEMENTS:
        assert report.document is not None
        assert report.document["@context"] == [V2, ONE]
    else:
        # Under the context of 1.1 that proof says the same: nothing is forged, but no version fits it.
        same = (way, name) == ("Ed25519Signature2020", "another version")
        assert finding(report)[:2] == ("undecided" if same else "invalid", step)


@pytest.mark.parametrize("way", EMBEDDED)
@pytest.mark.parametrize("own", [[V2, SWAPPED], [V2], V2, {}, [], None, "x", [V2, ONE, DID_V1]], ids=str)
def test_a_proof_brings_no_context_of_its_own(way: str, own: Any) -> None:
    document = json.loads(signed(way))
    document["proof"]["@context"] = own
    assert finding(judge(document))[:2] == ("invalid", "signature")


@pytest.mark.parametrize("way", EMBEDDED)
def test_a_context_inside_changes_nothing(way: str) -> None:
    document = json.loads(signed(way))
    document["credentialSubject"]["@context"] = SWAPPED
    assert finding(judge(document))[:2] == ("invalid", "signature")


@pytest.mark.parametrize("way", EMBEDDED)
def test_a_context_that_nobody_pinned_is_not_looked_up(way: str) -> None:
    document = json.loads(signed(way))
    document["@context"] = [V2, "https://evil.example/context", *document["@context"][1:]]
    report = judge(document)
    expected = "undecided" if way in OVER_STATEMENTS else "invalid"
    code = "context_unpinned" if way in OVER_STATEMENTS else "context_mismatch"
    assert finding(report)[:3] == (expected, "signature", code)
    assert not report.needs


@pytest.mark.parametrize("way", [way for way in SHOWN if way not in EMBEDDED])
def test_of_what_is_signed_as_text(way: str) -> None:
    for contexts in ([V2, SWAPPED], [V2, ONE, SWAPPED], [V2, ONE, {}]):
        other = weighed(way, contexts)
        if is_message(way):
            spoilt = with_message(signed(way), partial(as_payload, json.dumps(other).encode()))
        else:
            spoilt = with_token(signed(way), partial(as_claims, token_of(forge(way, other)).split(".")[1]))
        assert finding(judge(spoilt)) == ("invalid", "signature", "signature_mismatch", None)


def as_payload(payload: bytes, parts: list[Any]) -> list[Any]:
    return [*parts[:2], payload, parts[3]]


def as_claims(claims: str, token: str) -> str:
    header, _, signature = token.split(".")
    return f"{header}.{claims}.{signature}"


ENVELOPES: list[tuple[Any, tuple[str, str, str, str | None]]] = [
    (V2, ("valid", "", "", None)),
    ([V2], ("valid", "", "", None)),
    ([V2, SWAPPED], ("valid", "", "", None)),
    *(
        (context, ("invalid", "model", "envelope_context", "/@context"))
        for context in (
            None,
            [],
            "https://www.w3.org/2018/credentials/v1",
            [SWAPPED, V2],
            {"@import": V2},
            "https://evil.example/context",
            f"{V2}#",
        )
    ),
]


@pytest.mark.parametrize("way", [way for way in SHOWN if way not in EMBEDDED])
@pytest.mark.parametrize(("context", "found"), ENVELOPES, ids=[str(case[0])[:40] for case in ENVELOPES])
def test_of_an_envelope(way: str, context: Any, found: tuple[str, str, str, str | None]) -> None:
    """What an envelope says about words changes nothing in the document that was signed."""
    around = {**inside(way, signed(way)), "@context": context}
    report = judge({name: value for name, value in around.items() if value is not None})
    assert finding(report) == found
    if found[0] == "valid":
        assert report.document == judge(signed(way)).document
    in_one = judge(present("vp+jwt", around), expect=ASKED)
    if found[0] == "invalid":
        assert finding(in_one)[:3] == found[:3]


@pytest.mark.parametrize("way", SHOWN)
@pytest.mark.parametrize("outer", PRESENTED)
def test_of_the_presentation_around(way: str, outer: str) -> None:
    """A holder is free to name contexts of its own; the credential is read under those that it names."""
    inner = inside(way, signed(way))
    report = judge(present(outer, inner, **{"@context": [V2, SWAPPED]}))
    assert [one.document for one in report.credentials] == [judge(signed(way)).document]
    assert str(report.credentials[0].verdict) == "valid"


@pytest.mark.parametrize("way", EMBEDDED)
@pytest.mark.parametrize("outer", ["vp+jwt", "vp+cose", "ecdsa-jcs-2019"])
def test_a_presentation_lends_no_meaning(way: str, outer: str) -> None:
    """A member, or all of them, that only the presentation's context defines."""
    document = json.loads(signed(way))
    lending = {"@context": [V2, ONE, {"colour": EVIL}]}
    more = {**document, "credentialSubject": {**document["credentialSubject"], "colour": "green"}}
    less = {name: value for name, value in document.items() if name != "@context"}
    found = [finding(judge(present(outer, one, **lending)).credentials[0]) for one in (more, less)]
    assert found[0][:2] == ("invalid", "signature")
    assert found[1] == ("invalid", "model", "context_first_wrong", "/verifiableCredential/0/@context/0")


def test_an_envelope_is_read_by_its_own_words() -> None:
    """Its members cannot be called by another name."""
    whole = envelope(token_of(shown("vc+jwt")))
    for spoilt in (
        {"@context": [V2, {"data": "@id"}], "data": whole["id"], "type": whole["type"]},
        {"@context": [V2, {"kind": "@type"}], "id": whole["id"], "kind": whole["type"]},
        {"@context": whole["@context"], "@id": whole["id"], "type": whole["type"]},
        {"@context": whole["@context"], "id": whole["id"], "@type": whole["type"]},
    ):
        assert judge(spoilt).verdict == "invalid"
    hidden = f"data:application/vc+jwt;base64,{base64url_encode(shown('vc+jwt'))}"
    assert finding(judge({**whole, "id": hidden})) == ("invalid", "read", "envelope_malformed", "/id")
