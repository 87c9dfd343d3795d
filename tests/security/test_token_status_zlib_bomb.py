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
from certweave.examine.standing import MAX_UNPACKED
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import sign_compact
from certweave.proof.vc_cose import envelope_cose, sign_credential_cose

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


def test_lists_in_cbor_do_not_unpack_without_end() -> None:
    """Each is within its limit, and no two are the same; a limit is shared by all of one examination."""
    world = World()
    issuer, holder = world.party("issuer"), world.party("holder")
    fit = MAX_UNPACKED // MOST
    shown = []
    for number in range(fit + 1):
        url = f"{LIST}{number}"
        said = {2: url, 6: int(world.clock.timestamp())}
        said[65533] = {"bits": 1, "lst": packed(MOST - number)}
        world.documents[url] = message(encode_cbor(said), issuer.signer, {16: "application/statuslist+cwt"})
        document = plain_credential(issuer, holder.did, id=f"urn:example:{number}")
        place: JsonObject = {"status_list": {"idx": 0, "uri": url}}
        sealed = sign_credential_cose(document, issuer.signer, issued_at=world.clock, status=place)
        shown.append(envelope_cose(sealed))
    report = world.examine(holder.present(shown, audience=None, nonce=None))
    found = [outcome(one, "status") for one in report.credentials]
    assert found == ["valid:status_holds"] * fit + ["undecided:limit"]
