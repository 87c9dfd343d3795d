"""Whatever is done to a COSE message, it is not valid, and only our errors come out."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.support.keys import ED25519
from tests.support.world import contexts

from certweave.did.key import make_did_key
from certweave.encoding.cbor import decode_cbor, encode_cbor
from certweave.errors import CertweaveError
from certweave.examine.evidence import Evidence
from certweave.examine.examine import examine
from certweave.examine.report import Report, Verdict
from certweave.keys.model import KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.cose import check_cose_header, parse_sign1
from certweave.proof.vc_cose import cwt_claims, sign_credential_cose
from certweave.status.token_list import TokenEntry, parse_status_claim, read_token_status
from certweave.status.token_list_cwt import parse_token_list_cwt
from certweave.trust.policy import INTEGRITY

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DID = make_did_key(ED25519.public)
SIGNER = KeySigner(f"{DID}#{ED25519.public.multikey}", ED25519)
CREDENTIAL = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "issuer": DID,
    "credentialSubject": {"id": "did:example:1", "name": "A bale"},
}
MESSAGE = sign_credential_cose(CREDENTIAL, SIGNER, issued_at=NOW)

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64 - 1)
    | st.binary(max_size=9)
    | st.text(max_size=9)
    | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.integers(-40, 40) | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=8,
)
headers = st.dictionaries(st.sampled_from([1, 2, 3, 4, 15, 16, 33, "x"]), values, max_size=5)


def judged(source: bytes) -> Report:
    return examine(source, Evidence(), policy=INTEGRITY, now=NOW, limits=DEFAULT_LIMITS, contexts=contexts())


def test_the_message_itself_is_valid() -> None:
    assert judged(MESSAGE).verdict is Verdict.VALID


@given(st.integers(0, len(MESSAGE) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed(place: int, change: int) -> None:
    spoilt = bytearray(MESSAGE)
    spoilt[place] ^= change
    assert judged(bytes(spoilt)).verdict is not Verdict.VALID


@given(st.integers(0, len(MESSAGE)), st.integers(0, 40), st.binary(max_size=4))
def test_nothing_can_be_cut_or_put_in(place: int, length: int, more: bytes) -> None:
    spoilt = MESSAGE[:place] + more + MESSAGE[place + length :]
    # Without its tag it is the same message.
    assert spoilt in (MESSAGE, MESSAGE[1:]) or judged(spoilt).verdict is not Verdict.VALID


@given(headers, values)
def test_only_our_errors_come_out_of_a_header(header: dict[int | str, Any], unprotected: Any) -> None:
    data = encode_cbor([encode_cbor(header), unprotected, b"{}", bytes(64)])
    with suppress(CertweaveError):
        message = parse_sign1(data, limits=DEFAULT_LIMITS)
        with suppress(CertweaveError):
            cwt_claims(message)
        check_cose_header(message.header, typ="application/vc+cose")
    assert judged(data).verdict is not Verdict.VALID


@given(values)
def test_what_stands_unprotected_changes_nothing(value: Any) -> None:
    parts = decode_cbor(MESSAGE[1:], limits=DEFAULT_LIMITS)
    assert isinstance(parts, list)
    found = judged(encode_cbor([parts[0], value, *parts[2:]]))
    if isinstance(value, dict):
        assert found.checks == judged(MESSAGE).checks
    else:
        assert found.verdict is Verdict.INVALID


ENTRY = TokenEntry(0, "https://certs.example/list")
said = st.dictionaries(st.sampled_from([1, 2, 4, 5, 6, 65533, 65534, "x"]), values, max_size=5)
listed = st.fixed_dictionaries({"bits": st.just(1) | values, "lst": st.binary(max_size=9) | values})
NAMED: dict[int, Any] = {2: ENTRY.list_url, 6: int(NOW.timestamp())}


@given(said | values | listed.map(lambda one: {**NAMED, 65533: one}))
def test_only_our_errors_come_out_of_a_status_list(claims: Any) -> None:
    data = b"\xd2" + encode_cbor([b"", {}, encode_cbor(claims), bytes(64)])
    with suppress(CertweaveError):
        _, found = parse_token_list_cwt(data, limits=DEFAULT_LIMITS)
        read_token_status(
            found,
            ENTRY,
            now=NOW,
            fetched_at=NOW,
            own_fetch=True,
            max_age=timedelta(days=1),
            limits=DEFAULT_LIMITS,
        )


@given(values)
def test_only_our_errors_come_out_of_a_status(value: Any) -> None:
    for status in (value, {"status_list": value}, {"status_list": {"idx": value, "uri": value}}):
        with suppress(CertweaveError):
            parse_status_claim({"status": status})


@given(st.binary(max_size=9))
def test_only_our_errors_come_out_of_bytes_as_a_status_list(start: bytes) -> None:
    for data in (start, b"\xd2" + start, b"\xd1" + start):
        with suppress(CertweaveError):
            parse_token_list_cwt(data, limits=DEFAULT_LIMITS)
