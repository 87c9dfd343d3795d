"""Attack: a token status list that unpacks to far more than it weighs."""

import json
import zlib

import pytest
from tests.support.forging import message
from tests.support.selective import ietf
from tests.support.world import World, outcome, plain_credential

from certweave.encoding.cbor import encode_cbor
from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import sign_compact
from certweave.proof.vc_cose import sign_credential_cose

LIST = "https://certs.example/issuer/tokens/1"
MOST = DEFAULT_LIMITS.status_list_unpacked_bytes


def packed(size: int) -> bytes:
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    parts = [packer.compress(block[: min(len(block), size - done)]) for done in range(0, size, len(block))]
    return b"".join([*parts, packer.flush()])


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (packed(MOST), "valid:status_holds"),
        (packed(MOST + 1), "undecided:limit"),
        (packed(1 << 28), "undecided:limit"),
        (packed(100) + packed(1 << 20), "invalid:status_list_encoding"),
        (packed(100)[:-2], "invalid:status_list_encoding"),
        (b"\x1f\x8b" + packed(100)[2:], "invalid:status_list_encoding"),
    ],
    ids=["largest", "one more", "256 MiB", "two streams", "cut off", "gzip"],
)
def test_the_list_stays_within_its_limit(content: bytes, found: str) -> None:
    world = World()
    issuer = world.party("issuer")
    listed = {"bits": 1, "lst": base64url_encode(content)}
    claims = {"sub": LIST, "iat": int(world.clock.timestamp()), "status_list": listed}
    token = sign_compact(json.dumps(claims).encode(), {"typ": "statuslist+jwt"}, issuer.signer)
    world.documents[LIST] = token.encode()
    place: JsonObject = {"status_list": {"idx": 0, "uri": LIST}}
    shown = ietf(issuer, status=place)
    assert outcome(world.examine(shown.encode()), "status") == found
    said = {2: LIST, 6: int(world.clock.timestamp()), 65533: {"bits": 1, "lst": content}}
    world.documents[LIST] = message(encode_cbor(said), issuer.signer, {16: "application/statuslist+cwt"})
    sealed = sign_credential_cose(
        plain_credential(issuer), issuer.signer, issued_at=world.clock, status=place
    )
    assert outcome(world.examine(sealed), "status") == found
