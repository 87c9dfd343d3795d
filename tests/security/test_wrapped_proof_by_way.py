"""Attack: what somebody signed is put inside of what nobody did, in every way to secure a credential."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from tests.support.forging import Finding, finding, judge, token
from tests.support.showing import (
    ASKED,
    EMBEDDED,
    LEGACY,
    PRESENTED,
    SELECTIVE,
    SHOWN,
    credential,
    forge,
    inside,
    is_message,
    is_token,
    message_of,
    present,
    presentation,
    presented,
    shown,
    signer_of,
    token_of,
    with_message,
    with_token,
)

from certweave.encoding.cbor import encode_cbor
from certweave.encoding.strict_json import JsonObject
from certweave.proof.vc_cose import envelope_cose
from certweave.proof.vc_jwt import envelope

Frame = Callable[[JsonObject], JsonObject]
THIEF = {"id": "https://thief.example"}
BROKEN = {
    "signature_mismatch",
    "sd_label_map",
    "sd_indexes",
    "sd_statement_count",
    "sd_statement",
    "term_unknown",
}
"""Codes at ``signature`` of a document that is not the signed one: suites of parts see it earlier."""


def around(signed: JsonObject) -> JsonObject:
    """Return a frame that claims to be by the same issuer."""
    return {name: signed[name] for name in ("@context", "type", "issuer", "validFrom")}


def bare(signed: JsonObject) -> JsonObject:
    return {name: value for name, value in signed.items() if name != "proof"}


FRAMES: dict[str, tuple[Frame, str, str, str]] = {
    "as the subject, its proof outside": (
        lambda it: {**around(it), "credentialSubject": bare(it), "proof": it["proof"]},
        "signature",
        "",
        "/proof",
    ),
    "as the subject": (
        lambda it: {**around(it), "credentialSubject": it},
        "proof",
        "proof_missing",
        "/proof",
    ),
    "as the subject, its proof inside and outside": (
        lambda it: {**around(it), "credentialSubject": it, "proof": it["proof"]},
        "signature",
        "",
        "/proof",
    ),
    "as the proof": (
        lambda it: {**around(it), "credentialSubject": THIEF, "proof": {**it, "id": "urn:x:1"}},
        "proof",
        "proof_malformed",
        "/proof/type",
    ),
    "its proof alone": (
        lambda it: {**around(it), "credentialSubject": THIEF, "proof": [it["proof"]]},
        "signature",
        "",
        "/proof/0",
    ),
    "its proof in itself": (
        lambda it: {**it, "proof": {**it["proof"], "proof": it["proof"]}},
        "signature",
        "",
        "/proof",
    ),
    "its proof by another name beside": (
        lambda it: {**it, "proof": [it["proof"], {**it["proof"], "id": "urn:x:1"}]},
        "signature",
        "",
        "/proof/1",
    ),
    "its proof in a list in a list": (
        lambda it: {**it, "proof": [[it["proof"]]]},
        "proof",
        "proof_malformed",
        "/proof/0",
    ),
    "in a graph": (
        lambda it: {"@context": it["@context"], "@graph": [it]},
        "model",
        "type_missing",
        "/type",
    ),
    "beside a graph": (lambda it: {**it, "@graph": [bare(it)]}, "signature", "", "/proof"),
    "with a second subject": (
        lambda it: {**it, "credentialSubject": [it["credentialSubject"], THIEF]},
        "signature",
        "",
        "/proof",
    ),
    "with itself as evidence": (lambda it: {**it, "evidence": [bare(it)]}, "signature", "", "/proof"),
}


@pytest.mark.parametrize("way", EMBEDDED)
@pytest.mark.parametrize("name", FRAMES)
def test_no_frame_makes_it_another_document(way: str, name: str) -> None:
    frame, step, code, path = FRAMES[name]
    verdict, *found = finding(judge(frame(json.loads(shown(way)))))
    assert (verdict, found[0], found[2]) == ("invalid", step, path)
    assert found[1] == code if code else found[1] in BROKEN


@pytest.mark.parametrize("way", EMBEDDED)
@pytest.mark.parametrize("name", FRAMES)
def test_no_frame_does_so_in_an_honest_presentation(way: str, name: str) -> None:
    spoilt = present("vp+jwt", FRAMES[name][0](json.loads(shown(way))))
    assert judge(spoilt, expect=ASKED).verdict == "invalid"


ENVELOPED = tuple(way for way in SHOWN if way not in EMBEDDED and way != LEGACY)
WRAPS: dict[str, tuple[Frame, Finding]] = {
    "as it is": (lambda it: it, ("valid", "", "", None)),
    "in a body": (lambda it: {"verifiableCredential": it}, ("valid", "", "", None)),
    "as the subject": (
        lambda it: {**credential("vc+jwt"), "credentialSubject": it},
        ("invalid", "proof", "proof_missing", "/proof"),
    ),
    "as the proof": (
        lambda it: {**credential("vc+jwt"), "proof": it},
        ("undecided", "proof", "suite_unsupported", "/proof"),
    ),
    "in the proof": (
        lambda it: {**credential("vc+jwt"), "proof": {"type": "JwtProof2020", "jwt": it["id"]}},
        ("undecided", "proof", "suite_unsupported", "/proof"),
    ),
    "with claims beside": (
        lambda it: {**it, "credentialSubject": THIEF},
        ("invalid", "model", "envelope_member", "/credentialSubject"),
    ),
    "with a proof beside": (
        lambda it: {**it, "proof": {"type": "x"}},
        ("invalid", "model", "envelope_member", "/proof"),
    ),
    "as a presentation": (
        lambda it: {**it, "type": "EnvelopedVerifiablePresentation"},
        ("invalid", "read", "envelope_malformed", "/id"),
    ),
    "as a credential of its own": (
        lambda it: {**credential("vc+jwt"), **it, "type": [it["type"], "VerifiableCredential"]},
        ("invalid", "model", "context_malformed", "/@context"),
    ),
    "as the presentation of a body": (
        lambda it: {"verifiablePresentation": it},
        ("invalid", "read", "input_kind", "/verifiablePresentation"),
    ),
    "twice": (
        lambda it: {**it, "id": [it["id"], it["id"]]},
        ("invalid", "read", "envelope_malformed", "/id"),
    ),
}


@pytest.mark.parametrize("way", ENVELOPED)
@pytest.mark.parametrize("name", WRAPS)
def test_what_stands_around_an_envelope(way: str, name: str) -> None:
    wrap, found = WRAPS[name]
    assert finding(judge(wrap(inside(way, shown(way))))) == found


@pytest.mark.parametrize("way", ENVELOPED)
def test_an_envelope_that_is_signed_is_no_credential(way: str) -> None:
    """The outer signature is good; what it is over is an envelope, and no credential of its signer."""
    for outer in ("vc+jwt", "vc+sd-jwt", "vc+cose"):
        found = finding(judge(forge(outer, inside(way, shown(way)))))
        assert found == ("invalid", "model", "context_malformed", "/@context")


@pytest.mark.parametrize("way", [way for way in SHOWN if is_token(way)])
def test_a_token_in_a_token(way: str) -> None:
    compact = token_of(shown(way))
    for payload, found in (
        (json.dumps(compact).encode(), ("invalid", "read", "json_not_object", None)),
        (compact.encode(), ("invalid", "read", "json_syntax", None)),
        ({"verifiableCredential": compact}, ("invalid", "model", "context_first_wrong", "/@context/0")),
    ):
        spoilt = token(payload, signer_of(way), typ="vc+jwt", cty="JWT")
        assert finding(judge(spoilt)) == found


@pytest.mark.parametrize("way", [way for way in SHOWN if is_token(way)])
def test_the_parts_of_two_tokens(way: str) -> None:
    own = token_of(shown(way)).split(".")
    other = token_of(forge(way, {**credential(way), "credentialSubject": THIEF})).split(".")
    for spoilt in ([*own[:1], other[1], *own[2:]], [*own[:2], other[2]], [other[0], own[1], other[2]]):
        found = finding(judge(with_token(shown(way), partial(instead, spoilt))))
        assert found == ("invalid", "signature", "signature_mismatch", None)


def instead(parts: list[str], _: str) -> str:
    return ".".join(parts)


@pytest.mark.parametrize("way", [way for way in SHOWN if is_token(way)])
def test_a_token_as_json_with_a_second_signature(way: str) -> None:
    head, payload, signature = token_of(shown(way)).split(".")
    thief = token(credential(way), signer_of("ecdsa-jcs-2019")).split(".")
    one = {"protected": head, "signature": signature}
    for spoilt in (
        {"payload": payload, **one},
        {"payload": payload, "signatures": [one]},
        {"payload": thief[1], "signatures": [one, {"protected": thief[0], "signature": thief[2]}]},
    ):
        assert finding(judge(spoilt)) == ("undecided", "read", "form_unsupported", None)


def test_a_message_in_a_message() -> None:
    whole = shown("vc+cose")
    for spoilt, found in (
        (b"\xd2" + whole, ("invalid", "read", "cbor_tag", None)),
        (forge("vc+cose", whole), ("invalid", "read", "json_encoding", None)),
        (with_message(whole, lambda it: [it[0], {11: it}, *it[2:]]), ("valid", "", "", None)),
        (b"\xd2" + encode_cbor([whole, {}, b"{}", b""]), ("invalid", "read", "cbor_tag", None)),
        (b"\xd2" + encode_cbor([b"", {}, message_of(whole)[2], [message_of(whole)]]), NO_MESSAGE),
        (b"\xd8\x62" + whole[1:], ("invalid", "read", "input_form", None)),
    ):
        assert finding(judge(spoilt)) == found


NO_MESSAGE: Finding = ("invalid", "read", "cose_malformed", None)


@pytest.mark.parametrize("way", PRESENTED)
def test_a_presentation_in_a_presentation(way: str) -> None:
    inner = presented(way)
    if is_message(way):
        shapes = [envelope_cose(inner, presentation=True), envelope_cose(inner)]
    elif is_token(way):
        shapes = [envelope(inner.decode(), presentation=True), envelope(inner.decode())]
    else:
        shapes = [json.loads(inner)]
    for shape in shapes:
        for outer in ("vp+jwt", "vp+cose", "ecdsa-jcs-2019"):
            verdict, step, code, path = finding(judge(present(outer, shape), expect=ASKED))
            assert (verdict, step) in {("invalid", "model"), ("invalid", "read")}
            assert code in {"presented_not_credential", "input_kind", "envelope_malformed"}
            assert (path or "").startswith("/verifiableCredential/0")


@pytest.mark.parametrize("way", [way for way in PRESENTED if way in EMBEDDED])
def test_the_proof_of_one_kind_on_the_other(way: str) -> None:
    """A credential's proof does not present, and a presentation's does not issue."""
    signed, shows = json.loads(shown(way)), json.loads(presented(way))
    for spoilt in ({**bare(shows), "proof": signed["proof"]}, {**bare(signed), "proof": shows["proof"]}):
        found = finding(judge(spoilt))
        assert found == ("invalid", "proof", "proof_purpose", "/proof/proofPurpose")


@pytest.mark.parametrize("way", PRESENTED)
def test_another_credential_in_a_signed_presentation(way: str) -> None:
    other = inside("eddsa-jcs-2022", shown("eddsa-jcs-2022"))
    swapped: dict[str, Any] = presentation(way, other)
    if is_token(way):
        payload = token_of(forge(way, swapped)).split(".")[1]
        spoilt = with_token(
            presented(way), lambda it: ".".join((it.split(".")[0], payload, it.split(".")[2]))
        )
    elif is_message(way):
        spoilt = with_message(presented(way), lambda it: [*it[:2], json.dumps(swapped).encode(), it[3]])
    else:
        signed = json.loads(presented(way))
        spoilt = json.dumps(
            {**signed, "verifiableCredential": [other, *signed["verifiableCredential"]]}
        ).encode()
    assert finding(judge(spoilt, expect=ASKED))[:3] == ("invalid", "signature", "signature_mismatch")


@pytest.mark.parametrize("way", SELECTIVE)
def test_a_derived_proof_on_the_part_of_another_credential(way: str) -> None:
    one = json.loads(shown(way))
    spoilt = {**one, "credentialSubject": {**one["credentialSubject"], "name": "Bale 2"}}
    verdict, step, code, path = finding(judge(spoilt))
    assert (verdict, step, path) == ("invalid", "signature", "/proof")
    assert code in BROKEN
