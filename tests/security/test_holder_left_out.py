"""Attack: a thief presents a credential without the part that says whose it is.

Of an SD-JWT, anybody may drop disclosures, and of a derived ecdsa-sd-2023 proof statements with their
signatures: a verifier to whom it was shown, for one.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.support.forging import finding, judge
from tests.support.keys import OTHER_ED25519
from tests.support.selective import entropy, shorten
from tests.support.showing import inside, present, signer_of
from tests.support.suites import NOW, draft
from tests.support.ways import signer_for
from tests.support.world import contexts

from certweave.did.key import make_did_key
from certweave.encoding.strict_json import JsonObject
from certweave.examine.evidence import Evidence
from certweave.examine.examine import examine
from certweave.keys.model import KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_proof
from certweave.proof.derive import derive_credential
from certweave.proof.sd_jwt.vc_sd_jwt import sign_credential_sd_jwt
from certweave.proof.suites.registry import get_suite
from certweave.proof.suites.suite import Around, Hiding
from certweave.trust.policy import INTEGRITY

PRESENTER = make_did_key(signer_of("vp+jwt").private.public)
VICTIM = make_did_key(OTHER_ED25519.public)
"""The presenter is the thief; the credential is the victim's."""
UNKNOWN = ("undecided", "holder", "holder_withheld", "/verifiableCredential/0")
FOREIGN = ("invalid", "holder", "holder_foreign", "/verifiableCredential/0")
VALID = ("valid", "", "", None)


def sd_jwt(holder: str, *, named: bool) -> JsonObject:
    """Return a credential of which the issuer lets the subject's id be withheld."""
    issuer = signer_of("vc+jwt")
    document = draft(issuer.private, credentialSubject={"id": holder, "name": "Bale 1"})
    made = sign_credential_sd_jwt(
        document, issuer, issued_at=NOW, hidden=["/credentialSubject/id"], entropy=entropy()
    )
    return inside("vc+sd-jwt", (made if named else shorten(made)).encode())


def derived(holder: str, *, named: bool, suite: str = "ecdsa-sd-2023") -> JsonObject:
    """Return a part of a credential that was issued to a party, by the name of UNTP's type."""
    issuer: KeySigner = signer_for(suite)
    terms = {"@vocab": "https://scheme.example/terms#"}
    document = {
        **draft(issuer.private),
        "@context": ["https://www.w3.org/ns/credentials/v2", terms],
        "type": ["VerifiableCredential", "DigitalConformityCredential"],
        "credentialSubject": {"issuedToParty": {"id": holder}, "scope": "weaving"},
    }
    drawn, around = entropy(), Around(contexts(), DEFAULT_LIMITS)
    base = add_proof(
        document,
        issuer,
        suite=get_suite(suite),
        around=around,
        created=NOW,
        purpose="assertionMethod",
        hiding=Hiding(drawn, ("/issuer", "/validFrom")),
    )
    pointers = ["/credentialSubject/scope", *(["/credentialSubject/issuedToParty"] if named else [])]
    return derive_credential(base, pointers, around=around, entropy=drawn)


@pytest.mark.parametrize("make", [sd_jwt, derived])
def test_whose_it_is_has_to_be_shown(make: Callable[..., JsonObject]) -> None:
    found = {
        (holder, named): finding(judge(present("vp+jwt", make(holder, named=named))))
        for holder in (PRESENTER, VICTIM)
        for named in (True, False)
    }
    assert found == {
        (PRESENTER, True): VALID,
        (VICTIM, True): FOREIGN,
        (PRESENTER, False): UNKNOWN,
        (VICTIM, False): UNKNOWN,
    }


def test_nobody_but_the_holder_leaves_it_out_of_a_proof_by_bbs() -> None:
    report = judge(present("vp+jwt", derived(PRESENTER, named=False, suite="bbs-2023")))
    assert finding(report) == VALID
    assert "holder_unnamed" in [note.code for note in report.notes]


def test_a_policy_may_note_it() -> None:
    shown = present("vp+jwt", sd_jwt(VICTIM, named=False))
    noting = replace(INTEGRITY, holder_binding="noted")
    report = examine(shown, Evidence(), policy=noting, now=NOW, limits=DEFAULT_LIMITS, contexts=contexts())
    assert finding(report) == VALID


def test_a_member_that_is_called_proof_is_none_of_an_sd_jwt() -> None:
    issuer = signer_of("vc+jwt")
    document = draft(issuer.private, credentialSubject={"id": VICTIM, "name": "Bale 1"}, proof="text")
    made = sign_credential_sd_jwt(
        document, issuer, issued_at=NOW, hidden=["/credentialSubject/id"], entropy=entropy()
    )
    spoilt = present("vp+jwt", inside("vc+sd-jwt", shorten(made).encode()))
    assert finding(judge(spoilt)) == UNKNOWN
