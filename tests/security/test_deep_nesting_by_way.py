"""Attack: nesting that exhausts stack or processor, in every place of every way to secure a credential.

Whoever signs is in league. Just too deep is undecided by a limit, thousands deep costs no more; neither is
believed, and no other error than ours leaves.
"""

import json
from typing import Any

import pytest
from tests.support.cost import spent, start
from tests.support.disclosing import proof_bytes, with_proof_bytes
from tests.support.forging import Finding, finding, judge, message, text, token
from tests.support.keys import P256
from tests.support.keys import signer as key_signer
from tests.support.showing import (
    ASKED,
    EMBEDDED,
    LEGACY,
    PRESENTED,
    SELECTIVE,
    TEXT,
    TOKENS,
    credential,
    forge,
    inside,
    presentation,
    presented,
    shown,
    signer_of,
)
from tests.support.suites import NOW

from certweave.encoding.cbor import encode_cbor
from certweave.encoding.multibase import base64url_encode
from certweave.keys.jwk import make_public_jwk
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.sd_jwt.token import digest_of

MOST = DEFAULT_LIMITS.depth
LEVELS = pytest.mark.parametrize("levels", [MOST + 1, 5000])
SHAPES = pytest.mark.parametrize(("start", "end"), [(b"[", b"]"), (b'{"a":', b"}")], ids=["lists", "objects"])
MARK = b'"DEEP"'


def deepen(value: Any, levels: int, start: bytes = b"[", end: bytes = b"]") -> bytes:
    """Return JSON with a nest in the place of the text DEEP."""
    return text(value).replace(MARK, start * levels + b"1" + end * levels, 1)


def judged(source: bytes | str, *, asked: bool = False) -> Finding:
    """Return what is found, and see that it cost little."""
    begun = start()
    found = finding(judge(source, expect=ASKED) if asked else judge(source))
    assert spent(begun) < 1
    return found


TOO_DEEP: Finding = ("undecided", "read", "limit_depth", None)


@LEVELS
@SHAPES
@pytest.mark.parametrize("way", TEXT)
def test_in_what_was_signed(way: str, levels: int, start: bytes, end: bytes) -> None:
    subject = {"id": "urn:a:b", "name": "DEEP"}
    document = deepen(credential(way, credentialSubject=subject), levels, start, end)
    assert judged(forge(way, document)) == TOO_DEEP


@LEVELS
@SHAPES
@pytest.mark.parametrize("way", EMBEDDED)
def test_around_an_embedded_proof(way: str, levels: int, start: bytes, end: bytes) -> None:
    document = json.loads(shown(way))
    for place in (document, document["proof"], document["credentialSubject"]):
        place["x"] = "DEEP"
        assert judged(deepen(document, levels, start, end)) == TOO_DEEP
        del place["x"]


@pytest.mark.parametrize("way", EMBEDDED)
@pytest.mark.parametrize("shape", [b"[", b'{"@graph":', b'{"@list":', b'{"@set":', b'{"name":'])
def test_as_deep_as_is_read(way: str, shape: bytes) -> None:
    """What JSON-LD walks at the depth that the reader still takes ends as one of our findings."""
    document = json.loads(shown(way))
    document["credentialSubject"]["name"] = "DEEP"
    end = b"]" if shape == b"[" else b"}"
    verdict, step, _, _ = judged(deepen(document, MOST - 2, shape, end))
    assert (verdict, step) in {("invalid", "signature"), ("invalid", "model"), ("undecided", "signature")}


@LEVELS
@pytest.mark.parametrize("way", TOKENS)
def test_in_the_header_of_a_token(way: str, levels: int) -> None:
    signer = signer_of(way)
    typ = {LEGACY: "JWT"}.get(way, way)
    header = {"alg": signer.algorithm.jws, "kid": signer.method, "typ": typ, "x": "DEEP"}
    made = token(credential(way), signer, deepen(header, levels))
    code = "limit_header" if levels == 5000 else "limit_depth"
    if way == LEGACY:
        around = {**inside(way, shown(way)), "id": f"data:{LEGACY},{made}"}
        assert judged(text(around)) == ("undecided", "read", code, None)
    else:
        assert judged(f"{made}~" if "sd-jwt" in way else made) == ("undecided", "read", code, None)


@LEVELS
@pytest.mark.parametrize("start", [b"\x81", b"\xa1\x01", b"\xa1\x61a"], ids=["lists", "maps", "named maps"])
@pytest.mark.parametrize("label", [b"\x18\x63", b"\x0f", b"\x02", b"\x01", b"\x04"])
def test_in_the_header_of_a_message(levels: int, start: bytes, label: bytes) -> None:
    header = b"\xa1" + label + start * levels + b"\x01"
    assert judged(message(credential("vc+cose"), signer_of("vc+cose"), header)) == TOO_DEEP


@LEVELS
def test_in_what_nobody_signs_of_a_message(levels: int) -> None:
    whole = message(
        credential("vc+cose"), signer_of("vc+cose"), {16: "application/vc+cose"}, unprotected={9: 1}
    )
    spoilt = whole.replace(b"\xa1\x09\x01", b"\xa1\x09" + b"\x81" * levels + b"\x01", 1)
    assert spoilt != whole
    assert judged(spoilt) == TOO_DEEP


def disclosing(part: bytes, *more: str) -> str:
    """Return an SD-JWT that discloses a member of the document."""
    shown_part = base64url_encode(part)
    document = {**credential("vc+sd-jwt"), "_sd": [digest_of(shown_part, {})]}
    return "~".join([token(document, signer_of("vc+sd-jwt"), typ="vc+sd-jwt"), shown_part, *more, ""])


@LEVELS
@SHAPES
def test_in_a_disclosure(levels: int, start: bytes, end: bytes) -> None:
    spoilt = disclosing(deepen(["salt", "x", "DEEP"], levels, start, end))
    assert judged(spoilt) == TOO_DEEP


@pytest.mark.parametrize("levels", [MOST + 1, 200])
def test_of_disclosures_in_disclosures(levels: int) -> None:
    """Each is flat; what they make together is not."""
    inner: Any = 1
    chain: list[str] = []
    for level in range(levels):
        part = base64url_encode(text([f"salt {level}", "x", inner]))
        chain.insert(0, part)
        inner = {"_sd": [digest_of(part, {})]}
    document = {**credential("vc+sd-jwt"), "_sd": inner["_sd"]}
    made = token(document, signer_of("vc+sd-jwt"), typ="vc+sd-jwt")
    assert judged("~".join([made, *chain, ""])) == TOO_DEEP


@LEVELS
def test_in_a_key_binding(levels: int) -> None:
    claims = {**credential("vc+sd-jwt"), "cnf": {"jwk": make_public_jwk(P256.public)}}
    made = token(claims, signer_of("vc+sd-jwt"), typ="vc+sd-jwt") + "~"
    said = {"iat": int(NOW.timestamp()), "aud": ASKED.audience, "nonce": ASKED.nonce}
    binding = deepen({**said, "sd_hash": digest_of(made, {}), "x": "DEEP"}, levels)
    spoilt = made + token(binding, key_signer(P256), typ="kb+jwt")
    assert judged(spoilt, asked=True) == ("undecided", "proof", "limit_depth", None)


@LEVELS
@pytest.mark.parametrize("way", SELECTIVE)
def test_in_the_value_of_a_derived_proof(way: str, levels: int) -> None:
    document = json.loads(shown(way))
    head = proof_bytes(document)[:3]
    spoilt = with_proof_bytes(document, head + b"\x81" * levels + b"\x01")
    found = judged(json.dumps(spoilt).encode())
    assert found == ("undecided", "proof", "limit_depth", "/proof/proofValue")


@LEVELS
@SHAPES
@pytest.mark.parametrize("way", PRESENTED)
def test_in_a_presentation(way: str, levels: int, start: bytes, end: bytes) -> None:
    if way in EMBEDDED:
        document = json.loads(presented(way))
        spoilt = deepen({**document, "verifiableCredential": ["DEEP"]}, levels, start, end)
    else:
        document = presentation(way, inside("vc+jwt", shown("vc+jwt")), x="DEEP")
        spoilt = forge(way, deepen(document, levels, start, end))
    assert judged(spoilt, asked=True) == TOO_DEEP


@LEVELS
def test_of_bodies_and_envelopes(levels: int) -> None:
    whole = text(inside("vc+jwt", shown("vc+jwt")))
    assert judged(b'{"verifiableCredential":' * levels + whole + b"}" * levels) == TOO_DEEP
    proofs = text({**json.loads(shown("eddsa-jcs-2022")), "proof": "DEEP"})
    assert judged(deepen(proofs, levels, b'{"proof":', b"}")) == TOO_DEEP
    assert judged(encode_cbor([b"", {}, b"[" * levels, b""])) == TOO_DEEP


def test_a_body_in_a_body_is_not_read() -> None:
    whole = text(inside("vc+jwt", shown("vc+jwt")))
    for levels in (2, MOST - 1):
        found = judged(b'{"verifiableCredential":' * levels + whole + b"}" * levels)
        assert found == ("invalid", "read", "input_form", "/verifiableCredential")
