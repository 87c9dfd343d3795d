"""Whatever JSON comes as VCDM 1.1 or as a token of its time: only our own errors, and nothing invented."""

import json
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from certweave.credential.vcdm import check_credential, check_presentation, validity
from certweave.errors import CertweaveError
from certweave.examine.reader import read
from certweave.examine.reading import Form
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.legacy_jwt import decode_legacy, open_legacy_envelope

V1 = "https://www.w3.org/2018/credentials/v1"
ATOMS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
WORDS = st.sampled_from(
    [
        V1,
        "VerifiableCredential",
        "EnvelopedVerifiableCredential",
        "did:a:b",
        "2026-01-01T00:00:00Z",
        "data:application/jwt,a.b.c",
    ]
)
ANYTHING = st.recursive(
    ATOMS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
NAMES = """
    @context id type issuer holder issuanceDate expirationDate credentialSubject credentialStatus
    credentialSchema refreshService termsOfUse evidence verifiableCredential validFrom relatedResource
    vc vp iss sub jti nbf exp iat aud nonce
"""
MEMBERS = st.sampled_from(NAMES.split())
DOCUMENTS = st.dictionaries(MEMBERS, ANYTHING, max_size=10)


@given(DOCUMENTS)
def test_rules_of_1_1(document: dict[str, Any]) -> None:
    document["@context"] = [V1]
    for rule in (check_credential, check_presentation, validity):
        with suppress(CertweaveError):
            rule(document)


@given(DOCUMENTS, st.booleans())
def test_claims_fill_in_and_never_overwrite(payload: dict[str, Any], presentation: bool) -> None:
    try:
        found = decode_legacy(payload, presentation=presentation)
    except CertweaveError:
        return
    inner = payload["vp" if presentation else "vc"]
    for name, value in inner.items():
        if name != "credentialSubject":
            assert found[name] == value
    assert set(found) <= {*inner, *payload, "issuer", "holder", "id", "issuanceDate", "expirationDate"}


@given(DOCUMENTS)
def test_envelopes(document: dict[str, Any]) -> None:
    opened = open_legacy_envelope(document)
    with suppress(CertweaveError):
        assert (read(json.dumps(document).encode(), limits=DEFAULT_LIMITS).form is Form.LEGACY_JWT) is (
            opened is not None
        )
