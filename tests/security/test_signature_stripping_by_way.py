"""Attack: the signature is taken away, emptied, or lent by another document, in every way to secure one."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.support.disclosing import proof_bytes, with_proof_bytes
from tests.support.forging import finding, judge, parts
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
    is_token,
    message_of,
    present,
    presented,
    shown,
    signer_of,
    token_of,
    with_message,
    with_proof,
    with_token,
)
from tests.support.suites import NOW
from tests.support.ways import show

from certweave.encoding.cbor import decode_cbor, encode_cbor
from certweave.encoding.multibase import base64url_decode, base64url_encode
from certweave.limits import DEFAULT_LIMITS

Case = tuple[Callable[[Any], Any], str, str, str | None]
"""What is done to the token, to the parts of the message or to the proof; then step, code and path."""


def unsigned(token: str) -> str:
    return token.rpartition(".")[0]


def with_signature(token: str, signature: bytes) -> str:
    return f"{unsigned(token)}.{base64url_encode(signature)}"


def needing_none(token: str) -> str:
    head, payload, _ = token.split(".")
    header = {**json.loads(base64url_decode(head)), "alg": "none"}
    return f"{base64url_encode(json.dumps(header).encode())}.{payload}."


TOKEN: dict[str, Case] = {
    "empty": (lambda it: with_signature(it, b""), "signature", "signature_form", None),
    "cut off": (unsigned, "read", "jws_malformed", None),
    "none needed": (needing_none, "proof", "alg_refused", None),
    "zeros": (
        lambda it: with_signature(it, bytes(len(parts(it)[2]))),
        "signature",
        "signature_mismatch",
        None,
    ),
    "half": (lambda it: with_signature(it, parts(it)[2][:32]), "signature", "signature_form", None),
}
MESSAGE: dict[str, Case] = {
    "empty": (lambda it: [*it[:3], b""], "signature", "signature_form", None),
    "null": (lambda it: [*it[:3], None], "read", "cose_malformed", None),
    "cut off": (lambda it: it[:3], "read", "cose_malformed", None),
    "zeros": (lambda it: [*it[:3], bytes(len(it[3]))], "signature", "signature_mismatch", None),
    "no header": (lambda it: [b"", *it[1:]], "proof", "header_malformed", None),
}
VALUE = "/proof/proofValue"
PROOF: dict[str, Case] = {
    "gone": (lambda _: None, "proof", "proof_missing", "/proof"),
    "an empty object": (lambda _: {}, "proof", "proof_malformed", "/proof"),
    "an empty list": (lambda _: [], "proof", "proof_empty", "/proof"),
    "a list of nothing": (lambda _: [None], "proof", "proof_malformed", "/proof/0"),
    "a text": (lambda _: "signed", "proof", "proof_malformed", "/proof"),
    "an empty value": (lambda it: {**it, "proofValue": ""}, "proof", "proof_malformed", VALUE),
    "no value": (
        lambda it: {name: value for name, value in it.items() if name != "proofValue"},
        "proof",
        "proof_malformed",
        VALUE,
    ),
}


def cases(ways: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(way, name) for way in ways for name in table(way)]


def table(way: str) -> dict[str, Case]:
    return TOKEN if is_token(way) else MESSAGE if is_message(way) else PROOF


def spoil(way: str, name: str, data: bytes) -> bytes:
    spoiling = with_token if is_token(way) else with_message if is_message(way) else with_proof
    return spoiling(data, table(way)[name][0])


@pytest.mark.parametrize("way", SHOWN)
def test_an_honest_credential_is_valid(way: str) -> None:
    assert judge(shown(way)).verdict == "valid"


@pytest.mark.parametrize("way", PRESENTED)
def test_an_honest_presentation_is_valid(way: str) -> None:
    assert judge(presented(way), expect=ASKED).verdict == "valid"


@pytest.mark.parametrize(("way", "name"), cases(SHOWN))
def test_a_credential_without_its_signature(way: str, name: str) -> None:
    assert finding(judge(spoil(way, name, shown(way)))) == ("invalid", *table(way)[name][1:])


@pytest.mark.parametrize(("way", "name"), cases(PRESENTED))
def test_a_presentation_without_its_signature(way: str, name: str) -> None:
    spoilt = spoil(way, name, presented(way))
    assert finding(judge(spoilt, expect=ASKED)) == ("invalid", *table(way)[name][1:])


@pytest.mark.parametrize(("way", "name"), cases(SHOWN))
def test_a_credential_without_its_signature_in_an_honest_presentation(way: str, name: str) -> None:
    spoilt = present("vp+jwt", inside(way, spoil(way, name, shown(way))))
    _, step, code, path = table(way)[name]
    place = f"/verifiableCredential/0{path or ''}"
    assert finding(judge(spoilt, expect=ASKED)) == ("invalid", step, code, place)


@pytest.mark.parametrize("way", SHOWN + PRESENTED)
def test_what_was_signed_alone(way: str) -> None:
    """The claims or the document, as if they were enough."""
    signed, asked = (presented(way), {"expect": ASKED}) if way in PRESENTED else (shown(way), {})
    if is_token(way):
        alone = json.dumps(parts(token_of(signed))[1]).encode()
    elif is_message(way):
        alone = message_of(signed)[2]
    else:
        alone = with_proof(signed, lambda _: None)
    found = ("read", "input_form", None) if way == LEGACY else ("proof", "proof_missing", "/proof")
    assert finding(judge(alone, **asked)) == ("invalid", *found)


@pytest.mark.parametrize("way", SHOWN)
def test_a_signature_over_another_document(way: str) -> None:
    other = credential(way, validFrom="2025-01-01T00:00:00Z")
    if is_token(way):
        signature = parts(token_of(forge(way, other)))[2]
        spoilt = with_token(shown(way), lambda it: with_signature(it, signature))
    elif is_message(way):
        spoilt = with_message(shown(way), lambda it: [*it[:3], message_of(forge(way, other))[3]])
    else:
        lent = json.loads(show(other, signer_of(way), way, now=NOW))["proof"]
        spoilt = with_proof(shown(way), lambda _: lent)
    place = None if way not in EMBEDDED else "/proof"
    assert finding(judge(spoilt)) == ("invalid", "signature", "signature_mismatch", place)


INNER = [
    ("ecdsa-sd-2023", 0, b"", ("proof", "sd_value", VALUE)),
    ("ecdsa-sd-2023", 0, bytes(64), ("signature", "signature_form", "/proof")),
    ("ecdsa-sd-2023", 2, [], ("signature", "sd_statement_count", "/proof")),
    ("ecdsa-sd-2023", 4, [], ("signature", "sd_statement_count", "/proof")),
    ("bbs-2023", 0, b"", ("signature", "signature_form", "/proof")),
    ("bbs-2023", 0, bytes(336), ("signature", "signature_form", "/proof")),
    ("bbs-2023", 2, [], ("signature", "sd_statement_count", "/proof")),
]
"""Parts of the value of a derived proof, and what stands in their place."""


@pytest.mark.parametrize(("way", "part", "value", "found"), INNER)
def test_the_signature_inside_of_a_derived_proof(
    way: str, part: int, value: Any, found: tuple[str, str, str]
) -> None:
    document = json.loads(shown(way))
    whole = proof_bytes(document)
    components: Any = decode_cbor(whole[3:], limits=DEFAULT_LIMITS)
    components[part] = value
    spoilt = with_proof_bytes(document, whole[:3] + encode_cbor(components))
    assert finding(judge(spoilt)) == ("invalid", *found)
