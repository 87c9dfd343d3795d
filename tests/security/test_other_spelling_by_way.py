"""Attack: the same signature around other bytes: texts and numbers that some readers take for the same.

Where another spelling is taken, it has to say what the signed one says; everything else is refused.
"""

import json
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import pytest
from tests.support.forging import Finding, finding, judge, text
from tests.support.showing import (
    EMBEDDED,
    LEGACY,
    SHOWN,
    TOKENS,
    credential,
    forge,
    inside,
    is_message,
    message_of,
    shown,
    signer_of,
    token_of,
    with_token,
)
from tests.support.suites import NOW
from tests.support.ways import OVER_STATEMENTS, show

from certweave.encoding.cbor import encode_cbor
from certweave.encoding.multibase import base58_decode, base58_encode

CONTEXTS = ["https://www.w3.org/ns/credentials/v2", {"mass": "https://mill.example/terms#mass"}]


def weighing(way: str, mass: Any) -> bytes:
    """Return a credential that says a number or a text."""
    subject = {"id": "https://id.example/1", "mass": mass}
    document = credential(way, **{"@context": CONTEXTS, "credentialSubject": subject})
    return forge(way, document) if way == LEGACY else show(document, signer_of(way), way, now=NOW)


SEGMENTS: dict[str, Callable[[str], str]] = {
    "padding": lambda it: f"{it}=",
    "double padding": lambda it: f"{it}==",
    "a line": lambda it: f"{it[:8]}\n{it[8:]}",
    "a blank": lambda it: f"{it[:8]} {it[8:]}",
    "a percent sign": lambda it: f"{it[:8]}%{ord(it[8]):02X}{it[9:]}",
    "an empty segment more": lambda it: f"{it}.",
    "another alphabet": lambda it: f"{it[:-1]}+",
    "a letter of another script": lambda it: f"{it[:8]}\u0410{it[9:]}",
    "nothing": lambda _: "",
}


@pytest.mark.parametrize("way", TOKENS)
@pytest.mark.parametrize("at", [0, 1, 2], ids=["header", "payload", "signature"])
@pytest.mark.parametrize("name", SEGMENTS)
def test_base64url_has_one_spelling(way: str, at: int, name: str) -> None:
    def change(compact: str) -> str:
        segments = compact.split(".")
        segments[at] = SEGMENTS[name](segments[at])
        return ".".join(segments)

    verdict, step, _, _ = finding(judge(with_token(shown(way), change)))
    assert (verdict, step) in {("invalid", "read"), ("invalid", "signature")}


@pytest.mark.parametrize("way", TOKENS)
def test_stray_bits_are_no_spelling(way: str) -> None:
    """Four or sixteen texts decode to the same bytes; one of them is taken."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    compact = token_of(shown(way))
    accepted = [
        letter
        for letter in alphabet
        if judge(with_token(shown(way), partial(lambda end, it: it[:-1] + end, letter))).verdict == "valid"
    ]
    assert accepted == [compact[-1]]


CBOR: dict[str, tuple[Callable[[list[bytes]], bytes], Finding]] = {
    "as it is": (lambda it: b"\xd2\x84" + b"".join(it), ("valid", "", "", None)),
    "without its tag": (lambda it: b"\x84" + b"".join(it), ("valid", "", "", None)),
    "bytes behind": (
        lambda it: b"\xd2\x84" + b"".join(it) + b"\xf6",
        ("invalid", "read", "cbor_trailing", None),
    ),
    "an array without length": (
        lambda it: b"\xd2\x9f" + b"".join(it) + b"\xff",
        ("invalid", "read", "cbor_indefinite", None),
    ),
    "a payload in pieces": (
        lambda it: b"\xd2\x84" + it[0] + it[1] + b"\x5f" + it[2] + b"\xff" + it[3],
        ("invalid", "read", "cbor_indefinite", None),
    ),
    "a longer length": (
        lambda it: b"\xd2\x84" + b"".join(it[:3]) + b"\x59\x00\x40" + it[3][2:],
        ("invalid", "read", "cbor_not_shortest", None),
    ),
    "a longer array": (
        lambda it: b"\xd2\x98\x04" + b"".join(it),
        ("invalid", "read", "cbor_not_shortest", None),
    ),
    "a longer tag": (lambda it: b"\xd8\x12\x84" + b"".join(it), ("invalid", "read", "input_form", None)),
    "a tag more": (lambda it: b"\xd2\xd2\x84" + b"".join(it), ("invalid", "read", "cbor_tag", None)),
    "a tag for any CBOR": (
        lambda it: b"\xd9\xd9\xf7\xd2\x84" + b"".join(it),
        ("invalid", "read", "input_form", None),
    ),
    "a fifth part": (
        lambda it: b"\xd2\x85" + b"".join(it) + b"\xf6",
        ("invalid", "read", "cose_malformed", None),
    ),
    "an empty map without length": (
        lambda it: b"\xd2\x84" + it[0] + b"\xbf\xff" + it[2] + it[3],
        ("invalid", "read", "cbor_indefinite", None),
    ),
    "a header of no bytes": (
        lambda it: b"\xd2\x84\x40" + b"".join(it[1:]),
        ("invalid", "proof", "header_malformed", None),
    ),
    "a text as the payload": (
        lambda it: b"\xd2\x84" + it[0] + it[1] + bytes([it[2][0] + 0x20]) + it[2][1:] + it[3],
        ("invalid", "read", "cose_malformed", None),
    ),
}


@pytest.mark.parametrize("name", CBOR)
def test_cbor_has_one_spelling(name: str) -> None:
    change, found = CBOR[name]
    spoilt = change([encode_cbor(part) for part in message_of(shown("vc+cose"))])
    assert finding(judge(spoilt)) == found


def multibase(value: str) -> dict[str, str]:
    """Return other texts for the bytes of a proofValue, or for nearly these."""
    found = {
        "padding": f"{value}=",
        "a blank behind": f"{value} ",
        "a blank before": f" {value}",
        "no base": value[1:],
        "another base": ("u" if value[0] == "z" else "z") + value[1:],
        "base64 with padding": f"M{value[1:]}",
        "a zero before": f"{value[0]}{'1' if value[0] == 'z' else 'A'}{value[1:]}",
        "an invisible joiner": f"{value}\u200d",
    }
    if value[0] == "z":
        found["a byte more"] = "z" + base58_encode(base58_decode(value[1:]) + b"\x00")
    return found


@pytest.mark.parametrize("way", EMBEDDED)
def test_a_proof_value_has_one_spelling(way: str) -> None:
    document = json.loads(shown(way))
    for name, value in multibase(document["proof"]["proofValue"]).items():
        spoilt = {**document, "proof": {**document["proof"], "proofValue": value}}
        verdict, step, _, _ = finding(judge(spoilt))
        assert (verdict, step) in {("invalid", "proof"), ("invalid", "signature")}, name


NUMBERS: dict[str, tuple[Any, dict[bytes, bool]]] = {
    "one": (1, {b"1.0": True, b"1e0": True, b"10e-1": True, b"true": False, b'"1"': False, b"1.1": False}),
    "nought": (0, {b"-0": True, b"0.0": True, b"-0.0": True, b"0e9": True, b"false": False, b"null": False}),
    "a half": (0.5, {b"5e-1": True, b"0.50": True, b"0.5000000000000001": False, b"0.05": False}),
    "the largest": (
        2**53 - 1,
        {b"9007199254740991.0": True, b"9007199254740991.1": True, b"9007199254740990": False},
    ),
}
"""What is signed, and what stands in its place: whether a double holds the same number."""


@pytest.mark.parametrize("way", EMBEDDED)
@pytest.mark.parametrize("name", NUMBERS)
def test_another_notation_is_the_same_number_or_none(way: str, name: str) -> None:
    number, others = NUMBERS[name]
    signed = json.loads(weighing(way, number))
    signed["credentialSubject"]["mass"] = "MASS"
    for other, same in others.items():
        report = judge(text(signed).replace(b'"MASS"', other))
        assert (report.verdict == "valid") is same, other
        if same:
            assert report.document is not None
            assert report.document["credentialSubject"]["mass"] == number


@pytest.mark.parametrize("way", SHOWN)
@pytest.mark.parametrize(
    ("number", "code"),
    [
        *((number, "json_number") for number in (b"1e400", b"-1e400", b"1e16", b"9007199254740992", b"NaN")),
        *((number, "json_number") for number in (b"Infinity", b"-Infinity", b"1" + b"0" * 400)),
        *((number, "json_syntax") for number in (b"+1", b"01", b"1.", b".5", b"0x1", b"1_0", b"-", b"1e")),
    ],
)
def test_a_number_that_is_none_is_not_read(way: str, number: bytes, code: str) -> None:
    if way in EMBEDDED:
        document = json.loads(shown(way))
        spoilt = text({**document, "mass": "MASS"}).replace(b'"MASS"', number)
    else:
        spoilt = forge(way, text({**credential(way), "mass": "MASS"}).replace(b'"MASS"', number))
    assert finding(judge(spoilt))[:3] == ("invalid", "read", code)


FORMS: list[Literal["NFD", "NFKC", "NFKD"]] = ["NFD", "NFKC", "NFKD"]
NAME = "Caf\u00e9 \u212bngstr\u00f6m \ufb01bre"


@pytest.mark.parametrize("way", SHOWN)
@pytest.mark.parametrize("form", FORMS)
def test_another_normal_form_is_another_text(way: str, form: Literal["NFD", "NFKC", "NFKD"]) -> None:
    """Nothing is normalised: what looks the same was not signed."""
    assert unicodedata.normalize(form, NAME) != NAME
    own = weighing(way, NAME)
    other = weighing(way, unicodedata.normalize(form, NAME))
    if way in EMBEDDED:
        spoilt = text({**json.loads(other), "proof": json.loads(own)["proof"]})
    elif is_message(way):
        mixed = [*message_of(own)[:2], message_of(other)[2], message_of(own)[3]]
        spoilt = b"\xd2" + encode_cbor(mixed)
    else:
        segments = [token_of(own).split(".")[0], token_of(other).split(".")[1], token_of(own).split(".")[2]]
        spoilt = with_token(own, lambda _: ".".join(segments))
    assert finding(judge(spoilt))[:2] == ("invalid", "signature")
    report = judge(own)
    assert report.document is not None
    assert report.document["credentialSubject"]["mass"] == NAME


@pytest.mark.parametrize("way", EMBEDDED)
def test_an_escape_is_the_same_text(way: str) -> None:
    document = json.loads(weighing(way, NAME))
    escaped = json.dumps(document, ensure_ascii=True, indent=3).encode()
    assert escaped != text(document)
    assert judge(escaped).verdict == "valid"
    assert judge(b"\xef\xbb\xbf" + escaped).verdict == "invalid"
    assert judge(escaped.decode().encode("utf-16")).verdict == "invalid"
    assert judge(escaped + b"\x00").verdict == "invalid"
    assert judge(escaped + escaped).verdict == "invalid"
    spoilt = (
        escaped.replace(b"\\u00e9", b"\\u00e9\\u0301") if way in OVER_STATEMENTS else b"[" + escaped + b"]"
    )
    assert judge(spoilt).verdict == "invalid"


URLS: dict[str, Callable[[str], str]] = {
    "a charset": lambda it: it.replace(",", ";charset=utf-8,", 1),
    "base64": lambda it: it.replace(";base64", "").replace(",", ";base64,", 1) if ";" not in it else it + "A",
    "a fragment": lambda it: f"{it}#a",
    "a query": lambda it: f"{it}?a=b",
    "a blank after the comma": lambda it: it.replace(",", ", ", 1),
    "a percent sign": lambda it: it.replace(",", ",%65", 1),
    "another comma": lambda it: it.replace(",", ",,", 1),
    "no type": lambda it: f"data:,{it.partition(',')[2]}",
    "text": lambda it: it.replace("application/", "text/", 1),
    "a line": lambda it: f"{it}\n",
    "no scheme": lambda it: it.partition(":")[2],
}


@pytest.mark.parametrize("way", [way for way in SHOWN if way not in EMBEDDED])
@pytest.mark.parametrize("name", URLS)
def test_the_url_of_an_envelope_has_one_spelling(way: str, name: str) -> None:
    whole = inside(way, shown(way))
    spoilt = {**whole, "id": URLS[name](whole["id"])}
    assert spoilt != whole
    assert judge(whole).verdict == "valid"
    verdict, step, _, _ = finding(judge(spoilt))
    assert (verdict, step) in {("invalid", "read"), ("undecided", "read"), ("invalid", "signature")}


@pytest.mark.parametrize("way", [way for way in SHOWN if way not in EMBEDDED])
def test_capitals_in_a_scheme_or_a_media_type_are_the_same(way: str) -> None:
    """RFC 3986 §3.1 and RFC 2045 §5.1: these two are compared without regard to case."""
    whole = inside(way, shown(way))
    for url in (f"DATA{whole['id'][4:]}", whole["id"].replace("application/", "APPLICATION/", 1)):
        report = judge({**whole, "id": url})
        assert report.verdict == "valid"
        assert report.document == judge(whole).document
