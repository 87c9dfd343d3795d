"""The main example of RFC 9901 §5 (https://www.rfc-editor.org/rfc/rfc9901): token, disclosures, key binding.

Embedded are the published strings; they verify with the key of Appendix A.5 and the holder's key in ``cnf``.
"""

from datetime import UTC, datetime

import pytest

from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.keys.jwk import parse_public_jwk
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import verify_jws
from certweave.proof.sd_jwt.binding import verify_key_binding
from certweave.proof.sd_jwt.issue import present_sd_jwt
from certweave.proof.sd_jwt.token import SdJwt, digest_of, parse_sd_jwt, process_sd_jwt

ISSUER_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ",
    "y": "Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8",
}
ISSUER_TOKEN = (
    "eyJhbGciOiAiRVMyNTYiLCAidHlwIjogImV4YW1wbGUrc2Qtand0In0.eyJfc2QiOiBbIkNyUWU3UzVrcUJBSHQtbk1ZWGdj"
    "NmJkdDJTSDVhVFkxc1VfTS1QZ2tqUEkiLCAiSnpZakg0c3ZsaUgwUjNQeUVNZmVadTZKdDY5dTVxZWhabzdGN0VQWWxTRSIs"
    "ICJQb3JGYnBLdVZ1Nnh5bUphZ3ZrRnNGWEFiUm9jMkpHbEFVQTJCQTRvN2NJIiwgIlRHZjRvTGJnd2Q1SlFhSHlLVlFaVTlV"
    "ZEdFMHc1cnREc3JaemZVYW9tTG8iLCAiWFFfM2tQS3QxWHlYN0tBTmtxVlI2eVoyVmE1TnJQSXZQWWJ5TXZSS0JNTSIsICJY"
    "ekZyendzY002R242Q0pEYzZ2Vks4QmtNbmZHOHZPU0tmcFBJWmRBZmRFIiwgImdiT3NJNEVkcTJ4Mkt3LXc1d1BFemFrb2I5"
    "aFYxY1JEMEFUTjNvUUw5Sk0iLCAianN1OXlWdWx3UVFsaEZsTV8zSmx6TWFTRnpnbGhRRzBEcGZheVF3TFVLNCJdLCAiaXNz"
    "IjogImh0dHBzOi8vaXNzdWVyLmV4YW1wbGUuY29tIiwgImlhdCI6IDE2ODMwMDAwMDAsICJleHAiOiAxODgzMDAwMDAwLCAi"
    "c3ViIjogInVzZXJfNDIiLCAibmF0aW9uYWxpdGllcyI6IFt7Ii4uLiI6ICJwRm5kamtaX1ZDem15VGE2VWpsWm8zZGgta284"
    "YUlLUWM5RGxHemhhVllvIn0sIHsiLi4uIjogIjdDZjZKa1B1ZHJ5M2xjYndIZ2VaOGtoQXYxVTFPU2xlclAwVmtCSnJXWjAi"
    "fV0sICJfc2RfYWxnIjogInNoYS0yNTYiLCAiY25mIjogeyJqd2siOiB7Imt0eSI6ICJFQyIsICJjcnYiOiAiUC0yNTYiLCAi"
    "eCI6ICJUQ0FFUjE5WnZ1M09IRjRqNFc0dmZTVm9ISVAxSUxpbERsczd2Q2VHZW1jIiwgInkiOiAiWnhqaVdXYlpNUUdIVldL"
    "VlE0aGJTSWlyc1ZmdWVjQ0U2dDRqVDlGMkhaUSJ9fX0.MczwjBFGtzf-6WMT-hIvYbkb11NrV1WMO-jTijpMPNbswNzZ87wY"
    "2uHz-CXo6R04b7jYrpj9mNRAvVssXou1iw"
)
BINDING = (
    "eyJhbGciOiAiRVMyNTYiLCAidHlwIjogImtiK2p3dCJ9.eyJub25jZSI6ICIxMjM0NTY3ODkwIiwgImF1ZCI6ICJodHRwczovL3Zl"
    "cmlmaWVyLmV4YW1wbGUub3JnIiwgImlhdCI6IDE3NDg1MzcyNDQsICJzZF9oYXNoIjogIjBfQWYtMkItRWhMV1g1eWRoX3cyeHp3"
    "bU82aU02NkJfMlFDRWFuSTRmVVkifQ.T3SIus2OidNl41nmVkTZVCKKhOAX97aOldMyHFiYjHm261eLiJ1YiuONFiMN8QlCmYzDlB"
    "LAdPvrXh52KaLgUQ"
)
DISCLOSED: list[tuple[str, str]] = [
    ('["2GLC42sKQveCfGfryNRN9w", "given_name", "John"]', "jsu9yVulwQQlhFlM_3JlzMaSFzglhQG0DpfayQwLUK4"),
    ('["eluV5Og3gSNII8EYnsxA_A", "family_name", "Doe"]', "TGf4oLbgwd5JQaHyKVQZU9UdGE0w5rtDsrZzfUaomLo"),
    (
        '["6Ij7tM-a5iVPGboS5tmvVA", "email", "johndoe@example.com"]',
        "JzYjH4svliH0R3PyEMfeZu6Jt69u5qehZo7F7EPYlSE",
    ),
    (
        '["eI8ZWm9QnKPpNPeNenHdhQ", "phone_number", "+1-202-555-0101"]',
        "PorFbpKuVu6xymJagvkFsFXAbRoc2JGlAUA2BA4o7cI",
    ),
    (
        '["Qg_O64zqAxe412a108iroA", "phone_number_verified", true]',
        "XQ_3kPKt1XyX7KANkqVR6yZ2Va5NrPIvPYbyMvRKBMM",
    ),
    (
        '["AJx-095VPrpTtN4QMOqROA", "address", {"street_address": "123 Main St", "locality": "Anytown", '
        '"region": "Anystate", "country": "US"}]',
        "XzFrzwscM6Gn6CJDc6vVK8BkMnfG8vOSKfpPIZdAfdE",
    ),
    ('["Pc33JM2LchcU_lHggv_ufQ", "birthdate", "1940-01-01"]', "gbOsI4Edq2x2Kw-w5wPEzakob9hV1cRD0ATN3oQL9JM"),
    ('["G02NSrQfjFXQ7Io09syajA", "updated_at", 1570000000]', "CrQe7S5kqBAHt-nMYXgc6bdt2SH5aTY1sU_M-PgkjPI"),
    ('["lklxF5jMYlGTPUovMNIvCA", "US"]', "pFndjkZ_VCzmyTa6UjlZo3dh-ko8aIKQc9DlGzhaVYo"),
    ('["nPuoQnkRFq3BIeAm7AnXFA", "DE"]', "7Cf6JkPudry3lcbwHgeZ8khAv1U1OSlerP0VkBJrWZ0"),
]
TEXTS = [base64url_encode(text.encode()) for text, _ in DISCLOSED]
ISSUED = "~".join([ISSUER_TOKEN, *TEXTS, ""])
# §5.2: family_name, address, given_name and one of the nationalities, in this order.
SHOWN = "~".join([ISSUER_TOKEN, *(TEXTS[place] for place in (1, 5, 0, 8)), ""])
HOLDER_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "TCAER19Zvu3OHF4j4W4vfSVoHIP1ILilDls7vCeGemc",
    "y": "ZxjiWWbZMQGHVWKVQ4hbSIirsVfuecCE6t4jT9F2HZQ",
}
OPEN: JsonObject = {
    "iss": "https://issuer.example.com",
    "iat": 1683000000,
    "exp": 1883000000,
    "sub": "user_42",
    "cnf": {"jwk": HOLDER_KEY},
}
ADDRESS = {"street_address": "123 Main St", "locality": "Anytown", "region": "Anystate", "country": "US"}


def parsed(token: str) -> SdJwt:
    return parse_sd_jwt(token, limits=DEFAULT_LIMITS)


@pytest.mark.parametrize(("text", "digest"), DISCLOSED)
def test_every_disclosure_has_its_digest(text: str, digest: str) -> None:
    assert digest_of(base64url_encode(text.encode()), {}) == digest


def test_the_issued_token_verifies_and_says_everything() -> None:
    sd_jwt = parsed(ISSUED)
    verify_jws(sd_jwt.jws, parse_public_jwk(ISSUER_KEY))
    assert process_sd_jwt(sd_jwt, limits=DEFAULT_LIMITS).payload == {
        **OPEN,
        "given_name": "John",
        "family_name": "Doe",
        "email": "johndoe@example.com",
        "phone_number": "+1-202-555-0101",
        "phone_number_verified": True,
        "address": ADDRESS,
        "birthdate": "1940-01-01",
        "updated_at": 1570000000,
        "nationalities": ["US", "DE"],
    }


def test_the_presentation_with_its_key_binding() -> None:
    sd_jwt = parsed(SHOWN + BINDING)
    payload = process_sd_jwt(sd_jwt, limits=DEFAULT_LIMITS).payload
    assert payload == {
        **OPEN,
        "given_name": "John",
        "family_name": "Doe",
        "address": ADDRESS,
        "nationalities": ["US"],
    }
    found = verify_key_binding(sd_jwt, payload, limits=DEFAULT_LIMITS)
    assert (found.audience, found.nonce) == ("https://verifier.example.org", "1234567890")
    assert found.issued_at == datetime(2025, 5, 29, 16, 47, 24, tzinfo=UTC)
    assert found.key == parse_public_jwk(HOLDER_KEY)


def test_the_same_disclosures_in_another_order_are_not_what_was_bound() -> None:
    ours = present_sd_jwt(
        ISSUED, ["/family_name", "/address", "/given_name", "/nationalities/0"], limits=DEFAULT_LIMITS
    )
    assert sorted(ours.split("~")) == sorted(SHOWN.split("~"))
    sd_jwt = parsed(ours + BINDING)
    with pytest.raises(CertweaveError) as caught:
        verify_key_binding(sd_jwt, OPEN, limits=DEFAULT_LIMITS)
    assert caught.value.code == "key_binding_mismatch"
