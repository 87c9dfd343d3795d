"""Attack: a certifier shows its own approval, or a schema, without the part that limits it.

Whoever holds a credential of selective disclosure chooses what to show. Of what another credential rests on,
what was left out might have said no: what it does not allow, how far, until when.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.security.test_status_list_forged import with_key_for_parts
from tests.support.forging import finding
from tests.support.selective import shorten
from tests.support.trust import SCHEME, site
from tests.support.ways import entropy
from tests.support.world import Party, World, contexts, outcome, plain_credential

from certweave.encoding.strict_json import JsonObject
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_proof
from certweave.proof.derive import derive_credential
from certweave.proof.sd_jwt.vc_sd_jwt import sign_credential_sd_jwt
from certweave.proof.suites.registry import get_suite
from certweave.proof.suites.suite import Around, Hiding
from certweave.trust.policy import Chain, Policy, Role, Root

URL = "https://owner.example/approvals/1"
CONTEXT = ["https://www.w3.org/ns/credentials/v2", {"@vocab": "https://scheme.example/terms#"}]
TYPES = ["VerifiableCredential", "DigitalConformityCredential"]
LIMIT = "/credentialSubject/issuerApproval/processes"


def approval(owner: Party, certifier: Party) -> JsonObject:
    """Return the owner's word that the certifier may certify weaving, and nothing else."""
    return {
        **plain_credential(owner),
        "@context": CONTEXT,
        "id": URL,
        "type": TYPES,
        "credentialSubject": {
            "issuedToParty": {"id": certifier.did},
            "referenceScheme": {"id": SCHEME},
            "issuerApproval": {"kind": "schemeOwnerApproval", "schemes": [SCHEME], "processes": ["weaving"]},
        },
    }


def certificate(certifier: Party) -> JsonObject:
    """Return a certificate for spinning."""
    return {
        **plain_credential(certifier),
        "@context": CONTEXT,
        "type": TYPES,
        "credentialSubject": {
            "issuedToParty": {"id": "did:example:mill"},
            "referenceScheme": {"id": SCHEME},
            "certificationScope": {"schemes": [SCHEME], "sites": [site("main", "IN", "spinning")]},
            "authorisation": [{"endorsementEvidence": {"linkURL": URL}}],
        },
    }


def as_sd_jwt(owner: Party, document: JsonObject, *, limited: bool) -> bytes:
    made = sign_credential_sd_jwt(
        document, owner.signer, issued_at=owner.world.clock, hidden=[LIMIT], entropy=entropy()
    )
    return (made if limited else shorten(made)).encode()


def as_part(owner: Party, document: JsonObject, *, limited: bool) -> bytes:
    signer = with_key_for_parts(owner)
    owner.world.clock = owner.world.clock.replace(minute=30)
    around, drawn = Around(contexts(), DEFAULT_LIMITS), entropy()
    whole = add_proof(
        document,
        signer,
        suite=get_suite("ecdsa-sd-2023"),
        around=around,
        created=owner.world.clock,
        purpose="assertionMethod",
        hiding=Hiding(drawn, ("/issuer", "/validFrom")),
    )
    pointers = ["/credentialSubject/issuedToParty", "/credentialSubject/referenceScheme"]
    pointers += [f"/credentialSubject/issuerApproval/{name}" for name in ("kind", "schemes")]
    pointers += [LIMIT] if limited else []
    return json.dumps(derive_credential(whole, pointers, around=around, entropy=drawn)).encode()


def judge(show: Callable[..., bytes] | None, *, limited: bool) -> tuple[str, str, str, Any]:
    world = World()
    owner, certifier = world.party("owner"), world.party("certifier")
    world.clock = world.clock.replace(minute=10)
    document = approval(owner, certifier)
    world.documents[URL] = owner.issue(document) if show is None else show(owner, document, limited=limited)
    root = Root(owner.did, "Scheme Owner", Role.SCHEME_OWNER, (SCHEME,))
    policy = Policy("buyers", roots=(root,), schemes={SCHEME: frozenset({Chain.APPROVAL})})
    report = world.examine(certifier.issue(certificate(certifier)), policy=policy)
    assert outcome(report, "signature").startswith("valid"), finding(report)
    return finding(report)


@pytest.mark.parametrize("show", [None, as_sd_jwt])
def test_as_a_whole_it_says_no(show: Callable[..., bytes] | None) -> None:
    assert judge(show, limited=True)[:3] == ("invalid", "trust", "out_of_scope")


@pytest.mark.parametrize("limited", [True, False])
def test_a_part_of_it_says_nothing(limited: bool) -> None:
    assert judge(as_part, limited=limited)[:3] == ("undecided", "trust", "authority_undecided")


def test_so_does_an_sd_jwt_of_which_something_is_withheld() -> None:
    assert judge(as_sd_jwt, limited=False)[:3] == ("undecided", "trust", "authority_undecided")


SCHEMA_URL = "https://schemas.example/bale.json"
W3C = {
    "id": "https://www.w3.org/ns/credentials/json-schema/v2.json",
    "type": "JsonSchema",
    "digestSRI": "sha384-S57yQDg1MTzF56Oi9DbSQ14u7jBy0RDdx0YbeV7shwhCS88G8SCXeFq82PafhCrW",
}


@pytest.mark.parametrize(
    ("withheld", "found"),
    [
        (False, ("invalid", "rules", "schema_mismatch")),
        (True, ("undecided", "rules", "schema_credential_undecided")),
    ],
)
def test_a_schema_without_what_it_demands(withheld: bool, found: tuple[str, str, str]) -> None:
    world = World()
    fa = world.party("fa")
    schema = {
        "$id": "https://schemas.example/bale",
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "required": ["evidence"],
    }
    holding = {
        **plain_credential(fa),
        "id": SCHEMA_URL,
        "type": ["VerifiableCredential", "JsonSchemaCredential"],
        "credentialSchema": W3C,
        "credentialSubject": {"id": schema["$id"], "type": "JsonSchema", "jsonSchema": schema},
    }
    made = sign_credential_sd_jwt(
        holding,
        fa.signer,
        issued_at=world.clock,
        hidden=["/credentialSubject/jsonSchema/required"],
        entropy=entropy(),
    )
    world.documents[SCHEMA_URL] = (shorten(made) if withheld else made).encode()
    entry = {"id": SCHEMA_URL, "type": "JsonSchemaCredential"}
    report = world.examine(fa.issue(plain_credential(fa, credentialSchema=entry)))
    assert finding(report)[:3] == found
