"""Keys: round trips, fixed examples, and every text that must not become a key."""

from collections.abc import Callable

import pytest
from tests.support.keys import BY_ALGORITHM, ED25519, OTHER_ED25519, P256, P384, signer

from certweave.encoding.multibase import base64url_encode, encode_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.errors import (
    CertweaveError,
    InvalidError,
    InvalidSignatureError,
    MalformedError,
    UndecidedError,
    UnsupportedError,
)
from certweave.keys.algorithm import ECDSA_ORDER
from certweave.keys.jwk import (
    make_private_jwk,
    make_private_key,
    make_public_jwk,
    parse_private_jwk,
    parse_public_jwk,
)
from certweave.keys.model import (
    JWS_ALGORITHMS,
    Algorithm,
    PrivateKey,
    PublicKey,
)
from certweave.keys.multikey import make_secret_multikey, parse_multikey, parse_secret_multikey

ALGORITHMS = pytest.mark.parametrize("algorithm", JWS_ALGORITHMS)

# Controlled Identifiers 1.0 §2.2.2, example of a Multikey, and did:key v0.9 §4 for the other curves.
MULTIKEYS = {
    Algorithm.ED25519: "z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu",
    Algorithm.P256: "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
    Algorithm.P384: "z82Lm1MpAkeJcix9K8TMiLd5NMAhnwkjjCBeWHXyu3U4oT2MVJJKXkcVBgjGhnLBn2Kaau9",
    Algorithm.P521: (
        "z2J9gaYxrKVpdoG9A4gRnmpnRCcxU6agDtFVVBVdn1JedouoZN7SzcyREXXzWgt3gGiwpoHq7K68X4m32D8HgzG8wv3sY5j7"
    ),
}


@ALGORITHMS
def test_every_form_of_a_key_leads_back_to_it(algorithm: Algorithm) -> None:
    key = BY_ALGORITHM[algorithm]
    assert parse_multikey(key.public.multikey) == key.public
    assert parse_secret_multikey(make_secret_multikey(key)) == key
    assert parse_public_jwk(make_public_jwk(key.public)) == key.public
    assert parse_private_jwk(make_private_jwk(key)) == key
    assert make_private_jwk(key)["kid"] == key.public.multikey
    assert "d" not in make_public_jwk(key.public)


@ALGORITHMS
def test_published_multikeys(algorithm: Algorithm) -> None:
    key = parse_multikey(MULTIKEYS[algorithm])
    assert key.algorithm is algorithm
    assert key.multikey == MULTIKEYS[algorithm]


@ALGORITHMS
def test_a_signature_verifies_and_is_the_same_each_time(algorithm: Algorithm) -> None:
    key = BY_ALGORITHM[algorithm]
    signature = key.sign(b"data")
    assert len(signature) == 2 * algorithm.size
    assert signature == key.sign(b"data")
    key.public.verify(signature, b"data")
    with pytest.raises(InvalidSignatureError):
        key.public.verify(signature, b"datA")


@ALGORITHMS
@pytest.mark.parametrize("missing", [1, -1, -32, 32, 64])
def test_a_signature_has_its_full_length(algorithm: Algorithm, missing: int) -> None:
    with pytest.raises(InvalidSignatureError) as caught:
        BY_ALGORITHM[algorithm].public.verify(bytes(2 * algorithm.size - missing), b"data")
    assert caught.value.code == "signature_form"


def test_rfc_8032_first_vector() -> None:
    """RFC 8032 §7.1, TEST 1."""
    key = PrivateKey(
        Algorithm.ED25519, bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    )
    assert key.public.raw.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert key.sign(b"").hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
        "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )


def test_rfc_6979_vector_of_p256() -> None:
    """RFC 6979 §A.2.5, SHA-256, message "sample": signing needs no randomness."""
    key = PrivateKey(
        Algorithm.P256, bytes.fromhex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721")
    )
    signature = key.sign(b"sample")
    key.public.verify(signature, b"sample")
    assert signature.hex() == (
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
    )


def test_rfc_6979_vector_of_p384() -> None:
    """RFC 6979 §A.2.6, SHA-384, message "sample"."""
    secret = (
        "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5"
    )
    key = PrivateKey(Algorithm.P384, bytes.fromhex(secret))
    signature = key.sign(b"sample")
    key.public.verify(signature, b"sample")
    assert signature.hex() == (
        "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46"
        "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8"
    )


def test_rfc_6979_vector_of_p521() -> None:
    """RFC 6979 §A.2.7, SHA-512, message "sample"."""
    secret = (
        "00fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75caa8"
        "96eb32f1f47c70855836a6d16fcc1466f6d8fbec67db89ec0c08b0e996b83538"
    )
    key = PrivateKey(Algorithm.P521, bytes.fromhex(secret))
    signature = key.sign(b"sample")
    key.public.verify(signature, b"sample")
    assert signature.hex() == (
        "00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e"
        "25a1ee9017b5d450606add152b534931d7d4e8455cc91f9b15bf05ec36e377fa"
        "00617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af2826"
        "23eaa63e5b5c0723d8b8c37ff0777b1a20f8ccb1dccc43997f1ee0e44da4a67a"
    )


@pytest.mark.parametrize("kind", [repr, str], ids=["repr", "str"])
@ALGORITHMS
def test_a_secret_is_never_shown(algorithm: Algorithm, kind: Callable[[object], str]) -> None:
    key = BY_ALGORITHM[algorithm]
    assert repr(key.secret) not in kind(key)
    assert repr(key.secret) not in kind(signer(key))


@ALGORITHMS
def test_entropy_decides_the_key(algorithm: Algorithm) -> None:
    secret = make_private_key(algorithm, entropy=lambda n: b"\x05" * n).secret
    first = b"\x01" if algorithm is Algorithm.P521 else b"\x05"
    assert secret == first + b"\x05" * (algorithm.size - 1)
    with pytest.raises(ValueError, match="entropy"):
        make_private_key(algorithm, entropy=lambda n: b"\x05" * (n - 1))


ORDERS = pytest.mark.parametrize(("algorithm", "order"), ECDSA_ORDER.items())


@ORDERS
def test_ecdsa_draws_again_when_the_number_is_out_of_range(algorithm: Algorithm, order: int) -> None:
    size = algorithm.size
    draws = [b"\xff" * size, bytes(size), order.to_bytes(size), b"\x01" * size]
    assert make_private_key(algorithm, entropy=lambda _: draws.pop(0)).secret == b"\x01" * size
    assert make_private_key(algorithm, entropy=(order - 1).to_bytes) is not None
    with pytest.raises(ValueError, match="entropy"):
        make_private_key(algorithm, entropy=lambda n: b"\xff" * n)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (None, MalformedError),
        ("", MalformedError),
        ("z", MalformedError),
        (MULTIKEYS[Algorithm.ED25519][1:], MalformedError),
        (encode_multibase(b"\xed\x01" + ED25519.public.raw, "u"), MalformedError),
        (encode_multibase(b"\xed\x01" + bytes(31)), MalformedError),
        (encode_multibase(b"\xed\x01" + ED25519.public.raw + b"\0"), MalformedError),
        (encode_multibase(b"\x80\x24" + b"\x02" + b"\xff" * 32), MalformedError),
        (encode_multibase(b"\x80\x24" + b"\x05" + P256.public.raw[1:]), MalformedError),
        (encode_multibase(b"\xec\x01" + bytes(32)), UnsupportedError),
        (encode_multibase(b"\x81\x24" + bytes(49)), MalformedError),
        (encode_multibase(b"\x81\x24" + P384.public.raw[:-1]), MalformedError),
        (encode_multibase(b"\x81\x24" + P384.public.raw + b"\0"), MalformedError),
        (encode_multibase(b"\x81\x24" + P256.public.raw), MalformedError),
        (encode_multibase(b"\x80\x24" + P384.public.raw), MalformedError),
        (encode_multibase(b"\x81\x24" + b"\x02" + b"\xff" * 48), MalformedError),
        (encode_multibase(b"\x81\x24" + b"\x04" + P384.public.raw[1:]), MalformedError),
        (encode_multibase(b"\x82\x24" + bytes(67)), MalformedError),
        (encode_multibase(b"\x85\x24" + bytes(67)), UnsupportedError),
        *((make_secret_multikey(private), InvalidError) for private in (ED25519, P256, P384)),
        ("z" * 5000, UndecidedError),
    ],
)
def test_no_multikey(text: object, error: type[CertweaveError]) -> None:
    with pytest.raises(error):
        parse_multikey(text)


def jwk(private: PrivateKey = ED25519, **changes: object) -> JsonObject:
    members = {**make_public_jwk(private.public), **changes}
    return {name: value for name, value in members.items() if value is not None}


SECOND_Y = base64url_encode(OTHER_ED25519.public.raw)


@pytest.mark.parametrize(
    ("members", "code"),
    [
        (jwk(use="enc"), "jwk_use"),
        (jwk(use=["sig"]), "jwk_use"),
        (jwk(key_ops=["sign"]), "jwk_use"),
        (jwk(key_ops="verify"), "jwk_malformed"),
        (jwk(alg="ES256"), "jwk_alg"),
        (jwk(P256, alg="EdDSA"), "jwk_alg"),
        (jwk(P256, alg="HS256"), "jwk_alg"),
        (jwk(alg=None, d="AA"), "jwk_private"),
        (jwk(k="AA"), "jwk_private"),
        (jwk(priv="AA"), "jwk_private"),
        (make_private_jwk(ED25519), "jwk_private"),
        (jwk(kty=None), "jwk_malformed"),
        (jwk(crv=5), "jwk_malformed"),
        (jwk(crv="X25519"), "key_algorithm"),
        (jwk(P256, crv="secp256k1"), "key_algorithm"),
        ({"kty": "RSA", "n": "AQAB", "e": "AQAB"}, "key_algorithm"),
        ({"kty": "oct"}, "key_algorithm"),
        (jwk(x=None), "jwk_malformed"),
        (jwk(x=7), "jwk_malformed"),
        (jwk(x="AAAA"), "jwk_malformed"),
        (jwk(x="====" * 11), "base64url"),
        (jwk(P256, y=None), "jwk_malformed"),
        (jwk(P256, y=SECOND_Y), "key_malformed"),
        (jwk(P384, alg="ES256"), "jwk_alg"),
        (jwk(P384, alg=None, crv="P-256"), "jwk_malformed"),
        (jwk(P256, alg=None, crv="P-384"), "jwk_malformed"),
        (jwk(P384, y=make_public_jwk(P384.public)["x"]), "key_malformed"),
        (jwk(P384, x=base64url_encode(b"\xff" * 48)), "key_malformed"),
        (jwk(P384, alg=None, crv="P-521"), "jwk_malformed"),
        (jwk(P384, crv="P-521"), "jwk_alg"),
        (jwk(P384, crv="secp256k1"), "key_algorithm"),
        ([], "jwk_malformed"),
        (None, "jwk_malformed"),
    ],
)
def test_no_public_jwk(members: object, code: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        parse_public_jwk(members)
    assert caught.value.code == code


def test_a_jwk_may_say_what_it_is_for() -> None:
    assert parse_public_jwk(jwk(use="sig", key_ops=["verify"], alg="Ed25519")) == ED25519.public
    assert parse_public_jwk(jwk(alg=None, kid=None, x5c=["ignored"])) == ED25519.public


def test_the_halves_of_a_private_jwk_belong_together() -> None:
    mixed = {**make_private_jwk(ED25519), "x": make_public_jwk(OTHER_ED25519.public)["x"]}
    with pytest.raises(InvalidError) as caught:
        parse_private_jwk(mixed)
    assert caught.value.code == "jwk_halves"
    with pytest.raises(MalformedError):
        parse_private_jwk(make_public_jwk(ED25519.public))


@pytest.mark.parametrize("difference", [-1, 1, 16, -16])
@ALGORITHMS
def test_a_private_key_has_its_full_length(algorithm: Algorithm, difference: int) -> None:
    with pytest.raises(MalformedError):
        PrivateKey(algorithm, b"\x01" * (algorithm.size + difference))
    with pytest.raises(MalformedError):
        PrivateKey(algorithm, b"")


@ORDERS
def test_the_numbers_of_a_signature_are_in_range(algorithm: Algorithm, order: int) -> None:
    key, size = BY_ALGORITHM[algorithm], algorithm.size
    good = key.sign(b"data")
    for r, s in ((0, 1), (1, 0), (order, 1), (1, order), (2 ** (8 * size) - 1, 1)):
        with pytest.raises(InvalidSignatureError) as caught:
            key.public.verify(r.to_bytes(size) + s.to_bytes(size), b"data")
        assert caught.value.code == "signature_form"
    for number in (0, order):
        with pytest.raises(MalformedError):
            PrivateKey(algorithm, number.to_bytes(size))
    key.public.verify(good, b"data")


def test_a_public_key_of_the_other_kind_does_not_fit() -> None:
    with pytest.raises(MalformedError):
        PublicKey(Algorithm.P256, ED25519.public.raw)
    with pytest.raises(MalformedError):
        PublicKey(Algorithm.ED25519, P256.public.raw)
