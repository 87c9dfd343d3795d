"""Token status lists in CBOR: made, read, and what an examination makes of them and of a message's claim."""

from datetime import timedelta
from typing import Any

import pytest
from tests.support.keys import BY_ALGORITHM, signer
from tests.support.selective import ietf, w3c
from tests.support.world import START, Party, World, outcome, plain_credential

from certweave.encoding.cbor import decode_cbor, encode_cbor
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError
from certweave.examine.evidence import Kind, Need
from certweave.examine.report import Verdict
from certweave.keys.model import Algorithm
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.cose import TYP as TYP_LABEL
from certweave.proof.cose import check_cose_header, parse_sign1, verify_sign1
from certweave.proof.vc_cose import sign_credential_cose
from certweave.proof.vc_jwt import sign_credential_jwt
from certweave.status.token_list import make_statuses, set_status, timed_url
from certweave.status.token_list_cwt import TYP, parse_token_list_cwt, sign_token_list_cwt

LIST = "https://certs.example/issuer/tokens/1"
PLACE: JsonObject = {"status_list": {"idx": 0, "uri": LIST}}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def issuer(world: World) -> Party:
    return world.party("issuer")


def publish(issuer: Party, status: int = 0, **more: Any) -> bytes:
    data = make_statuses(100, 8)
    set_status(data, 0, status, 8)
    arguments = {"issued_at": issuer.world.clock, **more}
    made = sign_token_list_cwt(LIST, issuer.signer, data=data, bits=8, **arguments)
    issuer.world.documents[LIST] = made
    return made


def message(issuer: Party, status: JsonObject = PLACE) -> bytes:
    return sign_credential_cose(
        plain_credential(issuer), issuer.signer, issued_at=issuer.world.clock, status=status
    )


def tokens(issuer: Party) -> list[bytes]:
    """The forms whose list may be in CBOR."""
    document = {**plain_credential(issuer), "status": PLACE}
    plain = sign_credential_jwt(document, issuer.signer, issued_at=issuer.world.clock)
    return [message(issuer), plain.encode(), w3c(issuer, status=PLACE).encode()]


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


def test_a_list_ends_after_it_starts() -> None:
    with pytest.raises(InvalidError) as caught:
        sign_token_list_cwt(LIST, signer(), data=b"\0", bits=1, issued_at=START, expires=START)
    assert caught.value.code == "status_list_period"


@pytest.mark.parametrize(
    ("status", "found"),
    [
        (0, "valid:status_holds"),
        (1, "invalid:withdrawn"),
        (2, "invalid:suspended"),
        (3, "undecided:unsupported"),
    ],
)
def test_every_form_is_judged_by_its_status(world: World, issuer: Party, status: int, found: str) -> None:
    publish(issuer, status)
    for token in tokens(issuer):
        assert outcome(world.examine(token), "status") == found


def test_an_outage_is_undecided(world: World, issuer: Party) -> None:
    for token in tokens(issuer):
        assert outcome(world.examine(token), "status") == "undecided:unreachable"


def test_a_message_is_held_against_both_kinds_of_list(world: World, issuer: Party) -> None:
    document = plain_credential(issuer, credentialStatus=issuer.entry(7))
    token = sign_credential_cose(document, issuer.signer, issued_at=world.clock, status=PLACE)
    publish(issuer)
    assert world.examine(token).verdict is Verdict.VALID
    publish(issuer, 1)
    assert outcome(world.examine(token), "status") == "invalid:withdrawn"
    publish(issuer)
    issuer.set_status(7, True)
    assert outcome(world.examine(token), "status") == "invalid:suspended"


def test_the_list_of_an_sd_jwt_vc_is_a_jwt(world: World, issuer: Party) -> None:
    """draft-ietf-oauth-sd-jwt-vc §2.2.2.3."""
    publish(issuer)
    token = ietf(issuer, status=PLACE).encode()
    assert outcome(world.examine(token), "status") == "invalid:status_list_invalid"


def test_a_list_grows_old(world: World, issuer: Party) -> None:
    token = message(issuer)
    publish(issuer, ttl=timedelta(hours=1))
    world.examine(token)
    known = world.evidence
    assert known.find(Need(Kind.STATUS, LIST)) is not None
    for hours, found in ((1, "valid:status_holds"), (2, "undecided:stale")):
        report = world.examine(token, at=START + timedelta(hours=hours), evidence=known, offline=True)
        assert outcome(report, "status") == found
    publish(issuer, expires=world.clock + timedelta(hours=1))
    world.clock += timedelta(hours=2)
    assert outcome(world.examine(token), "status") == "undecided:stale"


def test_the_list_of_then_is_asked_for(world: World, issuer: Party) -> None:
    token, then = message(issuer), world.clock
    old = publish(issuer)
    world.clock += timedelta(days=3)
    publish(issuer, 1)
    assert outcome(world.examine(token), "status") == "invalid:withdrawn"
    assert outcome(world.examine(token, at=then), "status") == "undecided:unreachable"
    world.documents[timed_url(LIST, then)] = old
    assert outcome(world.examine(token, at=then), "status") == "valid:status_holds"


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
