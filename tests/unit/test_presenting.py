"""Securing presentations: what is refused before a key is used (what is made: test_vc_api_holders.py)."""

from typing import Any

import pytest
from tests.support.disclosing import entropy
from tests.support.keys import ED25519, P256
from tests.support.world import START, contexts

from certweave.did.key import make_did_key_method
from certweave.errors import CertweaveError
from certweave.keys.model import KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.presenting import PRESENTING, secure_presentation
from certweave.proof.suites.registry import SUITES
from certweave.proof.vc_jwt import envelope

DOCUMENT = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"]}

ENVELOPE = envelope("e30.e30.AA")
UNKNOWN = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": "VerifiableCredential",
    "proof": {"type": "eddsa-jcs-2022"},
}
"""Of a type that is the name of a suite; a proof of that suite has another."""
COSE = "data:application/vc+cose;base64"


def secure(way: str, **changes: Any) -> dict[str, Any]:
    private = changes.pop("private", ED25519)
    return secure_presentation(
        DOCUMENT | changes,
        KeySigner(make_did_key_method(private.public), private),
        way=way,
        contexts=contexts(),
        limits=DEFAULT_LIMITS,
        now=START,
        entropy=entropy("presenting"),
        audience="https://shop.example",
        nonce="n",
    )


def test_the_ways_are_all_but_those_that_only_holders_see() -> None:
    plain = {suite.name for suite in SUITES.values() if not suite.selective}
    assert set(PRESENTING) == plain | {"vp+jwt", "vp+sd-jwt", "vp+cose"}


@pytest.mark.parametrize(
    ("way", "changes", "code"),
    [
        ("ecdsa-sd-2023", {}, "suite_unsupported"),
        ("vc+jwt", {}, "suite_unsupported"),
        ("eddsa-jcs-2022", {"private": P256}, "suite_key_mismatch"),
        ("vp+jwt", {"proof": {}}, "proof_given"),
        ("vp+jwt", {"colour": "red"}, "term_unknown"),
        ("vp+jwt", {"https://www.w3.org/2018/credentials#holder": {"id": "did:example:a"}}, "term_renamed"),
        ("vp+jwt", {"https://a.example/p": 2**60}, "number_range"),
        ("vp+jwt", {"verifiableCredential": ENVELOPE | {"name": "x"}}, "envelope_member"),
        ("vp+jwt", {"verifiableCredential": ENVELOPE | {"@context": "urn:a:b"}}, "envelope_context"),
        ("vp+jwt", {"verifiableCredential": ENVELOPE | {"id": "data:,x"}}, "envelope_malformed"),
        ("vp+jwt", {"verifiableCredential": ENVELOPE | {"id": f"{COSE},0"}}, "base64"),
        ("vp+jwt", {"verifiableCredential": UNKNOWN}, "suite_unsupported"),
        ("vp+jwt", {"verifiableCredential": DOCUMENT | {"type": "VerifiableCredential"}}, "proof_missing"),
        ("eddsa-rdfc-2022", {"name": "\ud800"}, "jcs_domain"),
    ],
)
def test_what_is_not_signed(way: str, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        secure(way, **changes)
    assert caught.value.code == code
