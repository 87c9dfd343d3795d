"""Credentials of bbs-2023 that are bound to what their holder committed to, and holders that show them."""

import json
from datetime import datetime
from functools import cache
from typing import Final

from certweave.did.key import make_did_key, make_did_key_method
from certweave.encoding.strict_json import JsonObject
from certweave.examine.expectation import Expectation
from certweave.examine.report import Report
from certweave.keys.model import KeySigner
from certweave.proof.data_integrity import add_jcs_proof
from certweave.proof.derive import derive_credential
from certweave.proof.suites.bbs_2023_features import HolderSecrets, commit
from certweave.proof.suites.bbs_2023_values import Feature
from certweave.proof.suites.suite import Commitment
from tests.support.disclosing import around, entropy, secure
from tests.support.keys import ED25519
from tests.support.world import START, World

VERIFIER: Final = "https://rental.example/"
OTHER: Final = "https://casino.example/"
FEATURES: Final = (Feature.HOLDER_BINDING, Feature.PSEUDONYM, Feature.HOLDER_BINDING_PSEUDONYM)


@cache
def committed(feature: Feature, holder: str = "holder") -> tuple[Commitment, HolderSecrets]:
    """Return what a holder of this name sends to an issuer, and what it keeps."""
    return commit(feature, entropy=entropy(holder))


@cache
def bound(feature: Feature, holder: str = "holder") -> JsonObject:
    """Return a credential with a base proof that is bound to the secrets of a holder."""
    return secure("bbs-2023", commitment=committed(feature, holder)[0])


def show(
    feature: Feature, audience: str = VERIFIER, *, secrets: HolderSecrets | None = None, seed: str = "show"
) -> JsonObject:
    """Return what a holder shows of it to a verifier."""
    return derive_credential(
        bound(feature),
        ("/credentialSubject/name",),
        around=around(),
        entropy=entropy(seed),
        holder=secrets or committed(feature)[1],
        nym_domain=audience if feature.pseudonyms else None,
    )


def present(credential: JsonObject, audience: str | None = VERIFIER, *, at: datetime = START) -> Report:
    """Judge a credential that somebody presents to a verifier who asked, by a key that is good for once."""
    signer = KeySigner(make_did_key_method(ED25519.public), ED25519)
    presentation = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": make_did_key(signer.public),
        "verifiableCredential": [credential],
    }
    made = add_jcs_proof(
        presentation, signer, created=at, purpose="authentication", challenge="n-1", domain=audience
    )
    expect = Expectation(audience, "n-1")
    return World().examine(json.dumps(made).encode(), expect=expect, at=at)
