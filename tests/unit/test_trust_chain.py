"""The two chains to a certifier, and the anchor of a supplier: each link must hold."""

from dataclasses import replace
from typing import Any

import pytest
from tests.support.status import NOW
from tests.support.trust import (
    ACCREDITATION_URL,
    ACCREDITOR,
    ANCHOR_URL,
    APPROVAL_URL,
    CERTIFIER,
    OWNER,
    POLICY,
    REGISTER,
    SCHEME,
    SUPPLIER,
    authorities,
    authority,
    certificate,
    endorsement,
    site,
)

from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, CertweaveError, InvalidError, MalformedError, UndecidedError
from certweave.trust.chain import (
    Authority,
    AuthorityLink,
    TrustFinding,
    anchor_links,
    authority_links,
    check_trust,
)
from certweave.trust.policy import INTEGRITY, Chain, Policy, Role, Root, TrustedIssuer

SITE = site("main", "IN", "spinning")
COUNTRY = "/sites/0/facility/countryOfOperation"


def trust(
    document: JsonObject | None = None,
    found: dict[str, Authority] | None = None,
    issuer: str = CERTIFIER,
    policy: Policy = POLICY,
) -> TrustFinding:
    given = authorities() if found is None else found
    return check_trust(document or certificate(), issuer, policy=policy, authorities=given, now=NOW)


def undecided(url: str, issuer: str | None = None, cause: Cause = Cause.UNREACHABLE) -> Authority:
    return Authority(url, "undecided", issuer, None, "nothing answered", cause)


def test_both_chains() -> None:
    finding = trust()
    assert finding.kind == "chains"
    assert finding.words == "the issuer has accreditation by Accreditation Body; approval by Scheme Owner"
    assert finding.names == ("Accreditation Body", "Scheme Owner")


def test_links_of_a_certificate() -> None:
    assert authority_links(certificate())[0] == AuthorityLink(
        APPROVAL_URL, "zQm", "/credentialSubject/authorisation/0/endorsementEvidence/linkURL", OWNER.id
    )
    listed = {"credentialSubject": [{}, certificate()["credentialSubject"]]}
    assert authority_links(listed)[1].path == (
        "/credentialSubject/1/authorisation/1/endorsementEvidence/linkURL"
    )


@pytest.mark.parametrize(
    "authorisation",
    [None, {}, "x", [None], [{}], [{"endorsementEvidence": {"linkURL": 5}}], [endorsement("ftp://a/b", "x")]],
)
def test_no_links(authorisation: object) -> None:
    assert authority_links({"credentialSubject": {"authorisation": authorisation}}) == ()
    assert authority_links({}) == ()


def test_anchor_links() -> None:
    services: list[JsonObject] = [
        {"type": "IdentityAnchor", "serviceEndpoint": ANCHOR_URL},
        {"type": ["Other", "LinkedCredential"], "serviceEndpoint": [ANCHOR_URL, "https://r.example/2", 5]},
        {"type": "Website", "serviceEndpoint": "https://mill.example"},
        {"type": [None], "serviceEndpoint": {}},
        {},
    ]
    assert [(link.url, link.path) for link in anchor_links(services)] == [
        (ANCHOR_URL, "/service/0/serviceEndpoint"),
        ("https://r.example/2", "/service/1/serviceEndpoint"),
    ]


def test_integrity_trusts_nobody() -> None:
    with pytest.raises(UndecidedError) as caught:
        trust(policy=INTEGRITY)
    assert caught.value.code == "trust_not_asked"


def test_direct_trust_needs_no_chain() -> None:
    policy = Policy("own", issuers=(TrustedIssuer(CERTIFIER, "Our certifier", ("ScopeCertificate",)),))
    assert trust(found={}, policy=policy).kind == "direct"
    with pytest.raises(UndecidedError):
        trust({"type": ["DigitalProductPassport"]}, {}, policy=policy)
    assert trust(found={}, issuer=OWNER.id).names == ("Scheme Owner",)


MISSING: dict[str, tuple[JsonObject, dict[str, Authority], str, str]] = {
    "no link to an approval": (
        certificate(authorisation=[endorsement(ACCREDITATION_URL, ACCREDITOR.id)]),
        authorities(),
        "authority_missing",
        "approval",
    ),
    "no link to an accreditation": (
        certificate(authorisation=[endorsement(APPROVAL_URL, OWNER.id)]),
        authorities(),
        "authority_missing",
        "accreditation",
    ),
    "no links at all": (certificate(authorisation=None), authorities(), "authority_missing", "accreditation"),
    "approved by a stranger": (
        certificate(),
        {**authorities(), APPROVAL_URL: replace(authorities()[APPROVAL_URL], issuer="did:web:stranger")},
        "authority_missing",
        "approval",
    ),
    "accreditor as owner": (
        certificate(),
        {**authorities(), APPROVAL_URL: authority(ACCREDITOR, APPROVAL_URL)},
        "authority_missing",
        "approval",
    ),
    "scheme unknown": (
        certificate(referenceScheme={"id": "https://other.example"}),
        authorities(),
        "scheme_unknown",
        "https://other.example",
    ),
    "scheme missing": (
        certificate(referenceScheme=None, certificationScope=None),
        authorities(),
        "scheme_unknown",
        "names no scheme",
    ),
    "second scheme unknown": (
        certificate(certificationScope={"schemes": [SCHEME, "https://other.example"]}),
        authorities(),
        "scheme_unknown",
        "https://other.example",
    ),
}


@pytest.mark.parametrize("name", MISSING)
def test_missing_chain_is_named_and_undecided(name: str) -> None:
    document, found, code, words = MISSING[name]
    with pytest.raises(UndecidedError) as caught:
        trust(document, found)
    assert caught.value.cause is Cause.UNKNOWN_ISSUER
    assert caught.value.code == code
    assert words in caught.value.detail
    assert caught.value.path is not None


def test_owner_of_another_scheme_approves_nothing_here() -> None:
    other = replace(OWNER, schemes=("https://other.example",))
    with pytest.raises(UndecidedError) as caught:
        trust(policy=replace(POLICY, roots=(other, ACCREDITOR)))
    assert caught.value.code == "authority_missing"


def test_a_government_may_accredit() -> None:
    government = Root(ACCREDITOR.id, "Ministry", Role.AUTHORITY, (SCHEME,))
    policy = replace(POLICY, roots=(government,), schemes={SCHEME: frozenset({Chain.ACCREDITATION})})
    assert trust(policy=policy).names == ("Ministry",)


OUT_OF_SCOPE: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "scheme": ({}, {"schemes": ["https://other.example"]}, SCHEME),
    "no scheme": ({}, {"schemes": []}, SCHEME),
    "process": ({}, {"processes": ["weaving"]}, "spinning"),
    "no process": ({}, {"processes": []}, "spinning"),
    "product class": ({}, {"productClasses": ["fabric"]}, "yarn"),
    "country": ({}, {"regions": ["PK"]}, "IN"),
    "too early": ({}, {"startDate": "2026-03-02"}, "came into force later"),
    "too late": ({}, {"endDate": "2026-02-28"}, "ended before"),
    "kind": ({}, {"kind": "accreditation"}, "calls itself accreditation"),
    "sold class": ({"transaction": {"productLines": [{"productClass": "leather"}]}}, {}, "leather"),
    "country of the address": (
        {
            "certificationScope": {
                "sites": [
                    {
                        "facility": {"address": {"addressCountry": {"countryCode": "CN"}}},
                        "role": "main",
                        "processes": ["spinning"],
                    }
                ]
            }
        },
        {},
        "CN",
    ),
    "second site": (
        {"certificationScope": {"sites": [site("main", "IN", "spinning"), site("own", "CN", "weaving")]}},
        {},
        "CN",
    ),
}


@pytest.mark.parametrize("name", OUT_OF_SCOPE)
def test_out_of_scope_is_invalid_and_says_what(name: str) -> None:
    subject, approval, words = OUT_OF_SCOPE[name]
    with pytest.raises(InvalidError) as caught:
        trust(certificate(**subject), authorities(**approval))
    assert caught.value.code == "out_of_scope"
    assert words in caught.value.detail
    assert (caught.value.path or "").startswith("/credentialSubject/authorisation/")


IN_SCOPE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "first day": ({}, {"startDate": "2026-03-01"}),
    "last day": ({}, {"endDate": "2026-03-01"}),
    "authority states no processes": ({}, {"processes": None}),
    "authority states no classes or places": ({}, {"productClasses": None, "regions": None}),
    "certificate states nothing more": ({"certificationScope": None}, {}),
    "site certified by somebody else": (
        {
            "certificationScope": {
                "sites": [site("main", "IN", "spinning"), site("separatelyCertified", "CN", "dyeing")]
            }
        },
        {},
    ),
}


@pytest.mark.parametrize("name", IN_SCOPE)
def test_within_scope(name: str) -> None:
    subject, approval = IN_SCOPE[name]
    assert trust(certificate(**subject), authorities(**approval)).kind == "chains"


def test_plain_untp_authorisation_speaks_for_its_own_scheme() -> None:
    plain = authority(OWNER, APPROVAL_URL)
    subject = {"issuedToParty": {"id": CERTIFIER}, "referenceScheme": {"id": SCHEME}}
    found = {**authorities(), APPROVAL_URL: replace(plain, document=_with_subject(plain, subject))}
    assert trust(found=found).kind == "chains"
    other = {**subject, "referenceScheme": {"id": "https://other.example"}}
    found[APPROVAL_URL] = replace(plain, document=_with_subject(plain, other))
    with pytest.raises(InvalidError) as caught:
        trust(found=found)
    assert caught.value.code == "out_of_scope"


def _with_subject(base: Authority, subject: JsonObject) -> JsonObject:
    return {**(base.document or {}), "credentialSubject": subject}


INVALID: dict[str, tuple[Authority, str]] = {
    "withdrawn": (
        Authority(APPROVAL_URL, "invalid", OWNER.id, None, "it was withdrawn"),
        "authority_invalid",
    ),
    "digest differs, so no issuer": (
        Authority(APPROVAL_URL, "invalid", None, None, "other bytes"),
        "authority_invalid",
    ),
    "word that is no verdict": (
        replace(authority(OWNER, APPROVAL_URL), verdict="VALID"),
        "authority_invalid",
    ),
    "valid without its document": (Authority(APPROVAL_URL, "valid", OWNER.id, None, ""), "authority_invalid"),
    "valid without its issuer": (
        replace(authority(OWNER, APPROVAL_URL), issuer=None),
        "authority_invalid",
    ),
    "about another certifier": (
        authority(OWNER, APPROVAL_URL, party="did:webvh:Qm:other.example"),
        "authority_not_on_issuer",
    ),
    "another kind of credential": (
        Authority(APPROVAL_URL, "valid", OWNER.id, {"type": ["DigitalProductPassport"]}, ""),
        "authority_invalid",
    ),
}


@pytest.mark.parametrize("name", INVALID)
def test_authority_that_does_not_hold(name: str) -> None:
    bad, code = INVALID[name]
    with pytest.raises(InvalidError) as caught:
        trust(found={**authorities(), APPROVAL_URL: bad})
    assert caught.value.code == code


@pytest.mark.parametrize("issuer", [None, OWNER.id])
@pytest.mark.parametrize("cause", [Cause.UNREACHABLE, Cause.STALE, Cause.LIMIT])
def test_undecided_authority_keeps_its_cause(cause: Cause, issuer: str | None) -> None:
    with pytest.raises(UndecidedError) as caught:
        trust(found={**authorities(), APPROVAL_URL: undecided(APPROVAL_URL, issuer, cause)})
    assert caught.value.code == "authority_undecided"
    assert caught.value.cause is cause


def test_an_authority_that_nobody_names_and_nobody_can_reach_is_undecided() -> None:
    unnamed = certificate(authorisation=[{"endorsementEvidence": {"linkURL": APPROVAL_URL}}])
    with pytest.raises(UndecidedError) as caught:
        trust(unnamed, {APPROVAL_URL: undecided(APPROVAL_URL, cause=Cause.STALE)})
    assert (caught.value.code, caught.value.cause) == ("authority_undecided", Cause.STALE)


def test_link_that_nobody_looked_at_is_undecided() -> None:
    with pytest.raises(UndecidedError) as caught:
        trust(found={})
    assert caught.value.code == "authority_undecided"


def test_one_good_authorisation_is_enough() -> None:
    """A renewed approval beside the expired one."""
    second = "https://owner.example/approvals/2"
    document = certificate(
        authorisation=[
            endorsement(second, OWNER.id),
            endorsement(APPROVAL_URL, OWNER.id),
            endorsement(ACCREDITATION_URL, ACCREDITOR.id),
        ]
    )
    expired = Authority(second, "invalid", OWNER.id, None, "it has expired")
    assert trust(document, {**authorities(), second: expired}).kind == "chains"
    assert trust(document, {**authorities(), second: undecided(second)}).kind == "chains"


def test_refusal_of_one_chain_outweighs_a_gap_in_the_other() -> None:
    found = {
        ACCREDITATION_URL: undecided(ACCREDITATION_URL),
        APPROVAL_URL: Authority(APPROVAL_URL, "invalid", OWNER.id, None, "it was withdrawn"),
    }
    with pytest.raises(InvalidError):
        trust(found=found)


def test_type_list_that_claims_to_be_lighter_too() -> None:
    """A certificate does not become a supplier's own word by naming a second type."""
    document = certificate(authorisation=None)
    document["type"].append("DigitalProductPassport")
    with pytest.raises(UndecidedError) as caught:
        trust(document, {ANCHOR_URL: anchor(CERTIFIER)}, issuer=CERTIFIER)
    assert caught.value.code == "authority_missing"


def test_one_subject_in_a_list_is_one_subject() -> None:
    document = certificate()
    assert trust({**document, "credentialSubject": [document["credentialSubject"]]}) == trust(document)


@pytest.mark.parametrize(
    ("member", "value", "path"),
    [
        ("certificationScope", 5, ""),
        ("certificationScope", {"sites": {}}, "/sites"),
        ("certificationScope", {"sites": [SITE, "IN"]}, "/sites/1"),
        ("certificationScope", {"sites": [{"facility": 5}]}, "/sites/0/facility"),
        *[
            ("certificationScope", {"sites": [{"facility": {"countryOfOperation": code}}]}, COUNTRY)
            for code in (5, "", None, {}, {"countryCode": 5}, ["IN"])
        ],
        (
            "certificationScope",
            {"sites": [{"facility": {"address": {"addressCountry": {}}}}]},
            "/sites/0/facility/address/addressCountry",
        ),
        ("certificationScope", {"productClasses": [{"name": "yarn"}]}, "/productClasses/0"),
        ("transaction", {"productLines": [None]}, "/productLines/0"),
        ("transaction", {"productLines": [{"productClass": 5}]}, "/productLines/0/productClass/0"),
    ],
)
def test_a_claim_that_cannot_be_read_is_refused_not_passed_over(member: str, value: Any, path: str) -> None:
    with pytest.raises(MalformedError) as caught:
        trust(certificate(**{member: value}))
    assert (caught.value.code, caught.value.path) == (
        "scope_malformed",
        f"/credentialSubject/{member}{path}",
    )


@pytest.mark.parametrize("subject", [None, [], [{}, {}], ["x"], "x"])
def test_certificate_without_one_subject(subject: object) -> None:
    with pytest.raises(InvalidError) as caught:
        trust({**certificate(), "credentialSubject": subject})
    assert caught.value.code == "trust_subject"


@pytest.mark.parametrize(
    "approval",
    [
        {"processes": "spinning"},
        {"processes": [5]},
        {"schemes": {}},
        {"regions": [None]},
        {"startDate": "yesterday"},
        {"endDate": "2026-02-30"},
        {"kind": "friendship"},
    ],
)
def test_unreadable_approval_is_refused_not_passed_over(approval: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        trust(found=authorities(**approval))


def anchor(subject: str, **changes: Any) -> Authority:
    document = {
        "type": ["DigitalIdentityAnchor", "VerifiableCredential"],
        "credentialSubject": {"id": subject, "registeredId": "1"},
    }
    return replace(Authority(ANCHOR_URL, "valid", REGISTER.id, document, ""), **changes)


PASSPORT: JsonObject = {"type": ["DigitalProductPassport", "VerifiableCredential"], "credentialSubject": {}}


@pytest.mark.parametrize(
    "kind", ["DigitalProductPassport", "DigitalFacilityRecord", "DigitalTraceabilityEvent"]
)
def test_supplier_is_known_and_speaks_for_itself(kind: str) -> None:
    finding = trust({**PASSPORT, "type": [kind]}, {ANCHOR_URL: anchor(SUPPLIER)}, issuer=SUPPLIER)
    assert finding.kind == "identity"
    assert finding.words.startswith("known identity")
    assert "about itself" in finding.words


@pytest.mark.parametrize(
    ("given", "code", "cause"),
    [
        (None, "identity_anchor_missing", Cause.UNKNOWN_ISSUER),
        (anchor("did:webvh:Qm:other.example"), "identity_anchor_missing", Cause.UNKNOWN_ISSUER),
        (anchor(SUPPLIER, issuer=OWNER.id), "identity_anchor_missing", Cause.UNKNOWN_ISSUER),
        (anchor(SUPPLIER, issuer="did:web:stranger"), "identity_anchor_missing", Cause.UNKNOWN_ISSUER),
        (anchor(SUPPLIER, issuer=None), "identity_anchor_missing", Cause.UNKNOWN_ISSUER),
        (undecided(ANCHOR_URL), "authority_undecided", Cause.UNREACHABLE),
        (undecided(ANCHOR_URL, REGISTER.id, Cause.STALE), "authority_undecided", Cause.STALE),
    ],
)
def test_supplier_without_anchor_is_undecided(given: Authority | None, code: str, cause: Cause) -> None:
    found = {} if given is None else {ANCHOR_URL: given}
    with pytest.raises(UndecidedError) as caught:
        trust(PASSPORT, found, issuer=SUPPLIER)
    assert (caught.value.code, caught.value.cause) == (code, cause)


def test_withdrawn_anchor_is_invalid() -> None:
    with pytest.raises(InvalidError):
        trust(PASSPORT, {ANCHOR_URL: anchor(SUPPLIER, verdict="invalid")}, issuer=SUPPLIER)


@pytest.mark.parametrize("types", [["VerifiableCredential"], ["DigitalIdentityAnchor"], [], None, [5]])
def test_other_credentials_of_strangers_are_undecided(types: object) -> None:
    with pytest.raises(UndecidedError) as caught:
        trust({"type": types, "credentialSubject": {}}, {ANCHOR_URL: anchor(SUPPLIER)}, issuer=SUPPLIER)
    assert (caught.value.code, caught.value.cause) == ("issuer_unknown", Cause.UNKNOWN_ISSUER)


def test_nothing_fails_open() -> None:
    """Take any one thing away, and trust is gone."""
    for url in authorities():
        with pytest.raises(CertweaveError):
            trust(found={key: value for key, value in authorities().items() if key != url})
    for root in (OWNER, ACCREDITOR):
        with pytest.raises(CertweaveError):
            trust(policy=replace(POLICY, roots=tuple(one for one in POLICY.roots if one is not root)))
    for member in ("referenceScheme", "authorisation"):
        with pytest.raises(CertweaveError):
            trust(certificate(**{member: None, "certificationScope": None}))
