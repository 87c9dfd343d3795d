"""Policies: explicit, strict, and never trusting by accident."""

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.support.shared import ROOT

from certweave.errors import CertweaveError, InvalidError, MalformedError
from certweave.trust.policy import (
    INTEGRITY,
    Chain,
    LedgerSource,
    Policy,
    Role,
    Root,
    TrustedIssuer,
    parse_policy,
)

OWNER = {
    "id": "did:web:owner.example",
    "name": "Owner",
    "role": "scheme_owner",
    "schemes": ["https://s.example"],
}
FULL: dict[str, Any] = {
    "name": "buyers",
    "roots": [OWNER, {"id": "did:web:register.example", "name": "Register", "role": "register"}],
    "issuers": [{"id": "did:web:lab.example", "name": "Lab", "types": ["DigitalConformityCredential"]}],
    "schemes": {"https://s.example": ["accreditation", "approval"]},
    "ledgers": [{"did": "did:web:ledger.example", "receipts": "https://ledger.example/receipts/"}],
    "statusDelegates": {"did:web:cab.example": ["did:web:lists.example"]},
    "statusMaxAgeSeconds": 3600,
    "didMaxAgeSeconds": 7200,
    "demandHistory": True,
    "holderBinding": "noted",
    "issuerBinding": "noted",
}


def test_full_policy() -> None:
    policy = parse_policy(FULL)
    assert policy == Policy(
        name="buyers",
        roots=(
            Root("did:web:owner.example", "Owner", Role.SCHEME_OWNER, ("https://s.example",)),
            Root("did:web:register.example", "Register", Role.REGISTER),
        ),
        issuers=(TrustedIssuer("did:web:lab.example", "Lab", ("DigitalConformityCredential",)),),
        schemes={"https://s.example": frozenset(Chain)},
        ledgers=(LedgerSource("did:web:ledger.example", "https://ledger.example/receipts"),),
        status_delegates={"did:web:cab.example": ("did:web:lists.example",)},
        max_age_status=timedelta(hours=1),
        max_age_did=timedelta(hours=2),
        demand_history=True,
        holder_binding="noted",
        issuer_binding="noted",
    )
    assert parse_policy(policy.to_json()) == policy
    assert policy.vouches


def test_smallest_policy_trusts_nobody() -> None:
    policy = parse_policy({"name": "nobody"})
    assert policy == Policy("nobody")
    assert policy.vouches
    assert (policy.max_age_status, policy.max_age_did) == (timedelta(hours=24), timedelta(hours=24))
    assert not policy.trusts_directly("did:web:owner.example", {"type": ["DigitalConformityCredential"]})


def test_integrity_vouches_for_nobody() -> None:
    assert not INTEGRITY.vouches
    assert parse_policy(INTEGRITY.to_json()) == INTEGRITY
    assert parse_policy({"name": "integrity", "demandHistory": True}).demand_history


@pytest.mark.parametrize("name", ["roots", "issuers", "schemes", "ledgers"])
def test_integrity_with_trust_in_it_is_refused(name: str) -> None:
    """Whoever reads "integrity" in a report must be able to rely on it."""
    with pytest.raises(InvalidError) as caught:
        parse_policy({"name": "integrity", name: FULL[name]})
    assert caught.value.code == "policy_integrity"


MALFORMED: dict[str, tuple[dict[str, Any], str]] = {
    "unknown member": ({"trustEverybody": True}, "/trustEverybody"),
    "unknown member with a slash": ({"a/b": True}, "/a~1b"),
    "name": ({"name": ""}, "/name"),
    "roots": ({"roots": {}}, "/roots"),
    "root": ({"roots": ["did:web:owner.example"]}, "/roots/0"),
    "root member": ({"roots": [{**OWNER, "until": "2030"}]}, "/roots/0/until"),
    "root role": ({"roots": [{**OWNER, "role": "god"}]}, "/roots/0/role"),
    "root role list": ({"roots": [{**OWNER, "role": ["register"]}]}, "/roots/0/role"),
    "root id": ({"roots": [{**OWNER, "id": None}]}, "/roots/0/id"),
    "root that is no DID": ({"roots": [{**OWNER, "id": "https://owner.example"}]}, "/roots/0/id"),
    "root without name": ({"roots": [{"id": "did:web:a", "role": "register"}]}, "/roots/0/name"),
    "root scheme": ({"roots": [{**OWNER, "schemes": [""]}]}, "/roots/0/schemes/0"),
    "issuer without types": ({"issuers": [{"id": "did:web:a", "name": "A"}]}, "/issuers/0/types"),
    "schemes": ({"schemes": ["https://s.example"]}, "/schemes"),
    "chain": ({"schemes": {"https://s.example": ["friendship"]}}, "/schemes/https:~1~1s.example"),
    "ledger": ({"ledgers": [{"did": "did:web:l", "receipts": "ledger.example"}]}, "/ledgers/0/receipts"),
    "ledger that is no DID": (
        {"ledgers": [{"did": "urn:a:b", "receipts": "https://l.example"}]},
        "/ledgers/0/did",
    ),
    "delegates": ({"statusDelegates": {"did:web:a": "did:web:b"}}, "/statusDelegates/did:web:a"),
    "age zero": ({"statusMaxAgeSeconds": 0}, "/statusMaxAgeSeconds"),
    "age endless": ({"didMaxAgeSeconds": 10**12}, "/didMaxAgeSeconds"),
    "age true": ({"statusMaxAgeSeconds": True}, "/statusMaxAgeSeconds"),
    "history": ({"demandHistory": "yes"}, "/demandHistory"),
    "binding": ({"holderBinding": "ignored"}, "/holderBinding"),
    "issuer": ({"issuerBinding": None}, "/issuerBinding"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed(name: str) -> None:
    changes, path = MALFORMED[name]
    with pytest.raises(MalformedError) as caught:
        parse_policy({**FULL, **changes})
    assert caught.value.code == "policy_malformed"
    assert caught.value.path == path


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "owner of nothing": ({"roots": [{**OWNER, "schemes": []}]}, "policy_root_schemes"),
    "register with schemes": ({"roots": [{**OWNER, "role": "register"}]}, "policy_root_schemes"),
    "root twice": ({"roots": [OWNER, OWNER]}, "policy_root_twice"),
    "scheme without demand": ({"schemes": {"https://s.example": []}}, "policy_scheme_chains"),
    "scheme without name": ({"schemes": {"": ["approval"]}}, "policy_scheme_chains"),
    "issuer for nothing": (
        {"issuers": [{"id": "did:web:a", "name": "A", "types": []}]},
        "policy_issuer_types",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_mean_nothing_or_everything_is_refused(name: str) -> None:
    changes, code = REFUSED[name]
    with pytest.raises(InvalidError) as caught:
        parse_policy({**FULL, **changes})
    assert caught.value.code == code


@pytest.mark.parametrize("value", [{}, [], None, "integrity"])
def test_not_a_policy(value: Any) -> None:
    with pytest.raises(CertweaveError):
        parse_policy(value)


def conformity(scheme: str = "https://s.example", **subject: Any) -> dict[str, Any]:
    return {
        "type": ["VerifiableCredential", "DigitalConformityCredential"],
        "credentialSubject": {"referenceScheme": {"id": scheme}, **subject},
    }


@pytest.mark.parametrize(
    ("issuer", "document", "trusted"),
    [
        ("did:web:owner.example", conformity(), True),
        ("did:web:owner.example", conformity("https://other.example"), False),
        ("did:web:owner.example", conformity(referenceScheme={}), False),
        ("did:web:owner.example", conformity(referenceScheme=None), False),
        (
            "did:web:owner.example",
            conformity(certificationScope={"schemes": ["https://o.example"]}),
            False,
        ),
        ("did:web:owner.example", conformity(certificationScope={"sites": "?"}), False),
        ("did:web:owner.example", {"type": ["DigitalProductPassport"]}, False),
        ("did:web:owner.example", {"type": ["DigitalIdentityAnchor"]}, False),
        ("did:web:register.example", {"type": ["DigitalIdentityAnchor"]}, True),
        ("did:web:register.example", conformity(), False),
        ("did:web:lab.example", conformity("https://other.example"), True),
        ("did:web:lab.example", {"type": ["DigitalProductPassport"]}, False),
        ("did:web:owner.example.evil", conformity(), False),
    ],
)
def test_direct_trust_is_bounded(issuer: str, document: dict[str, Any], trusted: bool) -> None:
    assert parse_policy(FULL).trusts_directly(issuer, document) is trusted
    assert not INTEGRITY.trusts_directly(issuer, document)


def test_example_of_the_reference_page_is_a_policy() -> None:
    page = (ROOT / "docs/reference/policy.md").read_text(encoding="utf-8")
    example = json.loads(page.split("```json\n")[1].split("```")[0])
    assert parse_policy(example).to_json() == example


def test_an_https_issuer_is_never_trusted() -> None:
    """Nothing binds the signing key to an https issuer: anybody could sign in that name."""
    name = "https://owner.example"
    policy = Policy(
        "careless",
        roots=(Root(name, "Owner", Role.SCHEME_OWNER, ("https://s.example",)),),
        issuers=(TrustedIssuer(name, "Owner", ("DigitalConformityCredential",)),),
    )
    assert not policy.trusts_directly(name, conformity())
    assert policy.find_root(name, frozenset(Role)) is None


@pytest.mark.parametrize("names", [("DigitalIdentityAnchor",), ("DigitalConformityCredential",)])
def test_nobody_is_trusted_directly_for_two_untp_types_at_once(names: tuple[str, ...]) -> None:
    register, lab = "did:web:register.example", "did:web:lab.example"
    policy = parse_policy(FULL)
    both = {"type": ["VerifiableCredential", "DigitalIdentityAnchor", "DigitalConformityCredential"]}
    alone = {"type": ["VerifiableCredential", *names]}
    for issuer in (register, lab):
        assert not policy.trusts_directly(issuer, both)
    assert policy.trusts_directly(register if "DigitalIdentityAnchor" in names else lab, alone)
