"""Attack: what decides is moved into the unprotected header of a COSE message, which nobody signed.

An algorithm, a key, a type or claims there must neither be used nor change what was found.
"""

import pytest
from tests.support.world import World, outcome, plain_credential

from certweave.canon.jcs import canonicalize
from certweave.encoding.cbor import CborValue, decode_cbor, encode_cbor
from certweave.examine.report import Verdict
from certweave.keys.model import KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.vc_cose import sign_credential_cose


@pytest.fixture
def world() -> World:
    return World()


def with_unprotected(message: bytes, unprotected: CborValue) -> bytes:
    parts = decode_cbor(message[1:], limits=DEFAULT_LIMITS)
    assert isinstance(parts, list)
    return b"\xd2" + encode_cbor([parts[0], unprotected, *parts[2:]])


def unsaid(
    signer: KeySigner, document: dict[str, object], protected: CborValue, unprotected: CborValue
) -> bytes:
    """Return a message whose protected header lacks what its unprotected one says."""
    header = encode_cbor(protected) if protected else b""
    payload = canonicalize(document)
    signature = signer.sign(encode_cbor(["Signature1", header, b"", payload]))
    return b"\xd2" + encode_cbor([header, unprotected, payload, signature])


@pytest.mark.parametrize(
    "unprotected",
    [
        {1: -7},
        {1: 5},
        {1: "none"},
        {2: [99]},
        {4: b"did:web:evil.example#key"},
        {15: {1: "did:web:evil.example", 4: 0, 6: 2**40}},
        {16: "application/vp+cose"},
        {33: [b"a certificate"], 35: "https://evil.example/key"},
        {"anything": [1, 2, {"at": "all"}]},
    ],
)
def test_nothing_there_changes_what_is_found(world: World, unprotected: CborValue) -> None:
    fa = world.party("fa")
    message = sign_credential_cose(plain_credential(fa), fa.signer, issued_at=world.clock)
    plain, changed = world.examine(message), world.examine(with_unprotected(message, unprotected))
    assert plain.verdict is Verdict.VALID
    assert (changed.checks, changed.notes, changed.document) == (plain.checks, plain.notes, plain.document)


def test_an_algorithm_that_stands_there_alone(world: World) -> None:
    fa = world.party("fa")
    kid = fa.signer.method.encode()
    document = plain_credential(fa)
    for protected, unprotected in (({}, {1: -8, 4: kid}), ({4: kid}, {1: -8})):
        report = world.examine(unsaid(fa.signer, document, protected, unprotected))
        assert outcome(report, "proof") == "invalid:header_malformed"


def test_a_key_that_stands_there_alone_is_not_looked_for(world: World) -> None:
    """Without a kid, the issuer's only key is tried; the one that is named unprotected is not."""
    fa, evil = world.party("fa"), world.party("evil")
    document = plain_credential(fa)
    forged = unsaid(evil.signer, document, {1: -8}, {4: evil.signer.method.encode()})
    report = world.examine(forged)
    assert outcome(report, "signature") == "invalid:signature_mismatch"
    assert all(evil.name not in need.url for need in world.fetched)
