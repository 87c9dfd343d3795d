"""Keys of the tests: fixed, known to everybody, worth nothing."""

from certweave.keys.jwk import make_private_key
from certweave.keys.model import Algorithm, KeySigner, PrivateKey

ED25519 = make_private_key(Algorithm.ED25519, entropy=lambda size: bytes(range(size)))
P256 = make_private_key(Algorithm.P256, entropy=lambda size: bytes(range(1, size + 1)))
P384 = make_private_key(Algorithm.P384, entropy=lambda size: bytes(range(1, size + 1)))
P521 = make_private_key(Algorithm.P521, entropy=lambda size: bytes(range(1, size + 1)))
OTHER_ED25519 = make_private_key(Algorithm.ED25519, entropy=lambda size: b"\x07" * size)

BY_ALGORITHM = {Algorithm.ED25519: ED25519, Algorithm.P256: P256, Algorithm.P384: P384, Algorithm.P521: P521}


def signer(private: PrivateKey = ED25519, did: str = "did:web:issuer.example") -> KeySigner:
    """Return a signer whose method is named after its key, as our issuers do."""
    return KeySigner(f"{did}#{private.public.multikey}", private)
