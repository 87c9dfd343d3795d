"""The examples of RFC 9901 §8, SD-JWT as JSON; facts and source in ietf/sd_jwt_json.json."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.test_rfc_9901 import HOLDER_KEY, ISSUER_KEY

from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.keys.jwk import parse_public_jwk
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import verify_jws
from certweave.proof.sd_jwt.binding import verify_key_binding
from certweave.proof.sd_jwt.json_form import to_compact
from certweave.proof.sd_jwt.token import SdJwt, parse_sd_jwt, process_sd_jwt

FACTS: Any = json.loads((Path(__file__).parent / "ietf" / "sd_jwt_json.json").read_text("utf-8"))
NAMES = {"given_name": "John", "family_name": "Doe"}


def opened(value: JsonObject) -> tuple[SdJwt, JsonObject]:
    """Return a published token whose signature holds, and what was disclosed of it."""
    found = parse_sd_jwt(to_compact(value, limits=DEFAULT_LIMITS), limits=DEFAULT_LIMITS)
    verify_jws(found.jws, parse_public_jwk(ISSUER_KEY))
    payload = process_sd_jwt(found, limits=DEFAULT_LIMITS).payload
    always = ("iss", "iat", "exp", "cnf")
    return found, {name: value for name, value in payload.items() if name not in always}


def test_as_issued() -> None:
    _, said = opened(FACTS["issued"])
    assert said == {**NAMES, "sub": "john_doe_42", "birthdate": "1940-01-01"}


def test_as_shown_with_its_key_binding() -> None:
    """§8.1: its digest is over the compact form."""
    found, said = opened(FACTS["shown"])
    assert said == NAMES
    payload = process_sd_jwt(found, limits=DEFAULT_LIMITS).payload
    binding = verify_key_binding(found, payload, limits=DEFAULT_LIMITS)
    assert (binding.audience, binding.nonce) == ("https://verifier.example.org", "1234567890")
    assert binding.key == parse_public_jwk(HOLDER_KEY)


def test_with_two_signatures_it_is_open_and_with_the_first_it_is_read() -> None:
    general = FACTS["general"]
    with pytest.raises(CertweaveError) as caught:
        to_compact(general, limits=DEFAULT_LIMITS)
    assert caught.value.code == "form_unsupported"
    first = {**general, "signatures": general["signatures"][:1]}
    found = parse_sd_jwt(to_compact(first, limits=DEFAULT_LIMITS), limits=DEFAULT_LIMITS)
    payload = process_sd_jwt(found, limits=DEFAULT_LIMITS).payload
    assert NAMES.items() <= payload.items()
    assert verify_key_binding(found, payload, limits=DEFAULT_LIMITS).key == parse_public_jwk(HOLDER_KEY)
