"""Token status lists in CBOR: made, read, and what an examination makes of them and of a message's claim."""

from datetime import timedelta
from typing import Any

import pytest
from tests.support.keys import BY_ALGORITHM, signer
from tests.support.selective import ietf
from tests.support.token_lists import LIST, place, publish
from tests.support.world import START, Party, World, outcome

from certweave.encoding.cbor import decode_cbor, encode_cbor
from certweave.errors import CertweaveError
from certweave.keys.model import Algorithm
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.cose import TYP as TYP_LABEL
from certweave.proof.cose import check_cose_header, parse_sign1, verify_sign1
from certweave.status.token_list_cwt import TYP, parse_token_list_cwt, sign_token_list_cwt


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def issuer(world: World) -> Party:
    return world.party("issuer")


@pytest.mark.parametrize("algorithm", [one for one in Algorithm if one in BY_ALGORITHM])
def test_a_list_that_is_made_is_read(algorithm: Algorithm) -> None:
    """§5.2, with everything that a list may say."""
    key = BY_ALGORITHM[algorithm]
    made = sign_token_list_cwt(
        LIST,
        signer(key),
        data=b"\x01",
        bits=1,
        issued_at=START,
        expires=START + timedelta(days=1),
        ttl=timedelta(hours=1),
    )
    found, said = parse_token_list_cwt(made, limits=DEFAULT_LIMITS)
    assert check_cose_header(found.header, typ=TYP).typed
    verify_sign1(found, key.public)
    begun = int(START.timestamp())
    listed = said.pop("status_list")
    assert said == {"sub": LIST, "iat": begun, "exp": begun + 86400, "ttl": 3600}
    assert (listed["bits"], isinstance(listed["lst"], bytes)) == (1, True)
    assert set(decode_cbor(found.payload, limits=DEFAULT_LIMITS)) == {2, 4, 6, 65533, 65534}  # type: ignore[arg-type]


def test_the_list_of_an_sd_jwt_vc_is_a_jwt(world: World, issuer: Party) -> None:
    """draft-ietf-oauth-sd-jwt-vc §2.2.2.3."""
    publish(issuer, form="cwt")
    token = ietf(issuer, status=place()).encode()
    assert outcome(world.examine(token), "status") == "invalid:status_list_invalid"


CLAIMS = {2: LIST, 6: int(START.timestamp()), 65533: {"bits": 8, "lst": b"x"}}


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ([], "status_list_form"),
        ({**CLAIMS, 2: LIST.encode()}, "status_list_form"),
        ({**CLAIMS, 6: "2026-03-01T09:00:00Z"}, "status_list_form"),
        ({**CLAIMS, 65534: 9.5}, "status_list_form"),
        ({**CLAIMS, 65533: [8, b"x"]}, "status_list_form"),
        ({**CLAIMS, 65533: {"bits": 8}}, "status_list_form"),
        ({**CLAIMS, 65533: {"bits": 8, "lst": "eNoDAAAAAAE"}}, "status_list_form"),
    ],
)
def test_what_is_no_list(claims: Any, code: str) -> None:
    whole = parse_sign1(
        sign_token_list_cwt(LIST, signer(), data=b"\0", bits=1, issued_at=START), limits=DEFAULT_LIMITS
    )
    parts = [whole.protected, {}, encode_cbor(claims), whole.signature]
    with pytest.raises(CertweaveError) as caught:
        parse_token_list_cwt(b"\xd2" + encode_cbor(parts), limits=DEFAULT_LIMITS)
    assert caught.value.code == code
    assert whole.header[TYP_LABEL] == TYP


@pytest.mark.parametrize(
    ("start", "code"),
    [(b"\xd1\x84", "alg_refused"), (b"\x84", "status_list_form"), (b"\xd8\x3d\xd2\x84", "status_list_form")],
)
def test_which_message_it_is(start: bytes, code: str) -> None:
    """§5.2: tagged as a COSE_Sign1, and not as a CWT."""
    with pytest.raises(CertweaveError) as caught:
        parse_token_list_cwt(start, limits=DEFAULT_LIMITS)
    assert caught.value.code == code
