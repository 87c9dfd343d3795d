"""Attack: keys of small order, under which one signature fits every message, and second encodings.

The points are computed here from the curve's equation, not copied from the module under test.
"""

from functools import partial

import pytest
from tests.support.keys import ED25519

from certweave.encoding.multibase import base64url_encode, encode_multibase
from certweave.errors import CertweaveError, InvalidError, InvalidSignatureError
from certweave.keys.ed25519 import ED25519_ORDER
from certweave.keys.jwk import parse_public_jwk
from certweave.keys.model import Algorithm, PublicKey
from certweave.keys.multikey import parse_multikey

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]
IDENTITY: Point = (0, 1)


def add(a: Point, b: Point) -> Point:
    """Add on -x² + y² = 1 + d·x²·y² (RFC 8032 §5.1)."""
    cross = D * a[0] * b[0] * a[1] * b[1]
    x = (a[0] * b[1] + a[1] * b[0]) * pow(1 + cross, -1, P)
    y = (a[1] * b[1] + a[0] * b[0]) * pow(1 - cross, -1, P)
    return x % P, y % P


def times(number: int, point: Point) -> Point:
    result = IDENTITY
    while number:
        if number & 1:
            result = add(result, point)
        point, number = add(point, point), number >> 1
    return result


def lift(y: int) -> Point | None:
    """Return a point with this y, if there is one (RFC 8032 §5.1.3)."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    return (x, y) if x * x % P == square else None


def small_order_points() -> set[Point]:
    """Multiply points by the large prime order: what is left has an order that divides eight."""
    found: set[Point] = set()
    y = 2
    while len(found) < 8:
        point = lift(y)
        if point is not None:
            rest = times(ED25519_ORDER, point)
            found |= {times(factor, rest) for factor in range(8)}
        y += 1
    return found


def encode(point: Point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


POINTS = sorted(small_order_points())
WEAK = sorted({encode(point) for point in POINTS} | {encode((x ^ 1, y)) for x, y in POINTS})
SECOND = [(y | sign << 255).to_bytes(32, "little") for y in range(P, 2**255) for sign in (0, 1)]


def test_there_are_eight_such_points() -> None:
    assert len(POINTS) == 8
    assert all(times(8, point) == IDENTITY for point in POINTS)


@pytest.mark.parametrize(
    ("raws", "code"), [(WEAK, "key_weak"), (SECOND, "key_not_canonical")], ids=["weak", "second"]
)
def test_no_such_key_can_exist(raws: list[bytes], code: str) -> None:
    for raw in raws:
        for make in (
            partial(PublicKey, Algorithm.ED25519, raw),
            partial(parse_multikey, encode_multibase(b"\xed\x01" + raw)),
            partial(parse_public_jwk, {"kty": "OKP", "crv": "Ed25519", "x": base64url_encode(raw)}),
        ):
            with pytest.raises(InvalidError) as caught:
                make()
            assert caught.value.code == code


def test_a_key_that_is_no_point() -> None:
    refused = 0
    for y in range(2, 100):
        raw = y.to_bytes(32, "little")
        if lift(y) is None:
            refused += 1
            with pytest.raises(CertweaveError) as caught:
                PublicKey(Algorithm.ED25519, raw)
            assert caught.value.code == "key_malformed"
        else:
            PublicKey(Algorithm.ED25519, raw)
    assert refused > 30


def test_a_second_form_of_a_signature() -> None:
    """S + L signs the same message for a reader who forgets the range check (RFC 8032 §5.1.7)."""
    signature = ED25519.sign(b"data")
    s = int.from_bytes(signature[32:], "little")
    for factor in range(1, 15):
        if (other := s + factor * ED25519_ORDER) >= 2**256:
            break
        with pytest.raises(InvalidSignatureError) as caught:
            ED25519.public.verify(signature[:32] + other.to_bytes(32, "little"), b"data")
        assert caught.value.code == "signature_form"
    with pytest.raises(InvalidSignatureError):
        ED25519.public.verify(signature[:32] + ED25519_ORDER.to_bytes(32, "little"), b"data")
