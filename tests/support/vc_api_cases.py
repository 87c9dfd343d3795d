"""Credentials that an issuer has to sign, and others that it has to refuse: changes to a good one.

What the suites vc-api-issuer and vc-data-model-2.0 of W3C expect, in cases of our own; the place is where a
refusal has to point to, or what it has to begin with.
"""

from typing import Any

from tests.support.benches import GONE, V1, V2

PLACE = "https://x.example/1"
RESOURCE = {"id": V2, "digestMultibase": "uEiBZmVXO1mkIDyCxAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}


def own(**terms: str) -> list[Any]:
    """Return contexts with terms of our own."""
    return [V2, {name: f"https://x.example/#{iri}" for name, iri in terms.items()}]


GOOD: list[dict[str, Any]] = [
    {},
    {"id": GONE},
    {"id": "did:example:credential"},
    {"type": "VerifiableCredential"},
    {
        "@context": [V2, "https://www.w3.org/ns/credentials/examples/v2"],
        "type": ["VerifiableCredential", "Any"],
    },
    {"@context": own(Bale="Bale"), "type": ["Bale", "VerifiableCredential"]},
    {"type": ["https://x.example/#Bale", "VerifiableCredential"]},
    {"name": "a name", "description": {"@value": "وصف", "@language": "ar", "@direction": "rtl"}},
    {"name": [{"@value": "name", "@language": "en"}, {"@value": "Name", "@language": "de"}]},
    {"credentialSubject": [{"id": "did:a:b"}, {"id": "did:a:c"}]},
    {"validFrom": "2020-01-01T00:00:00.123Z", "validUntil": "2999-12-31T23:59:59-08:00"},
    {"validFrom": "2100-01-01T00:00:00Z"},
    {"@context": own(Seen="Seen"), "evidence": [{"type": "Seen"}, {"type": "Seen", "id": PLACE}]},
    {"@context": own(Policy="Policy"), "termsOfUse": [{"type": "Policy", "id": PLACE}, {"type": "Policy"}]},
    {"@context": own(Refresh="Refresh"), "refreshService": {"id": PLACE, "type": "Refresh"}},
    {"@context": own(State="State"), "credentialStatus": {"type": "State"}},
    {"credentialSchema": {"id": PLACE, "type": "JsonSchema"}},
    {"credentialSchema": [{"id": PLACE, "type": "JsonSchema"}, {"id": f"{PLACE}2", "type": "JsonSchema"}]},
    {"@context": [V1]},
    {"@context": [V1], "issuanceDate": "2026-01-01T00:00:00Z", "expirationDate": "2027-01-01T00:00:00Z"},
]

BAD: list[tuple[dict[str, Any], str]] = [
    ({"@context": GONE}, "/credential/@context/0"),
    ({"@context": 4}, "/credential/@context/0"),
    ({"@context": {"term": True}}, "/credential/@context/0"),
    ({"@context": None}, "/credential/@context/0"),
    ({"@context": ["https://www.w3.org/ns/credentials/examples/v2"]}, "/credential/@context/0"),
    ({"@context": ["https://www.w3.org/ns/credentials/examples/v2", V2]}, "/credential/@context/0"),
    ({"@context": [V2, "https ://no-address/v1"]}, "/credential/@context/1"),
    ({"@context": [V2, 123]}, "/credential/@context/1"),
    ({"@context": [V2, "https://unpinned.example/v1"]}, "/credential/@context/1"),
    ({"@context": [V2, {"VerifiableCredential": "https://x.example/#Other"}]}, ""),
    ({"@context": [V2, {"@protected": True, "Bale": "urn:x:1"}, {"Bale": "urn:x:2"}]}, ""),
    ({"type": GONE}, "/credential/type"),
    ({"type": 4}, "/credential/type"),
    ({"type": []}, "/credential/type"),
    ({"type": [None]}, "/credential/type"),
    ({"type": ["Bale"]}, "/credential/type"),
    ({"type": ["VerifiableCredential", "Undefined"]}, "/credential/type/1"),
    ({"@context": [V2, {"Bale": "bale"}], "type": ["VerifiableCredential", "Bale"]}, ""),
    ({"id": None}, "/credential/id"),
    ({"id": ["urn:x:1", "urn:x:2"]}, "/credential/id"),
    ({"id": "no address"}, "/credential/id"),
    ({"issuer": GONE}, "/credential/issuer"),
    ({"issuer": None}, "/credential/issuer"),
    ({"issuer": []}, "/credential/issuer"),
    ({"issuer": "no-address"}, "/credential/issuer"),
    ({"issuer": {"id": None}}, "/credential/issuer/id"),
    ({"issuer": {"id": "no-address"}}, "/credential/issuer/id"),
    ({"issuer": {"name": "nobody"}}, "/credential/issuer/id"),
    ({"issuer": "did:example:somebody-else"}, "/credential/issuer"),
    ({"issuer": "https://somebody.example/issuers/1"}, "/credential/issuer"),
    ({"credentialSubject": GONE}, "/credential/credentialSubject"),
    ({"credentialSubject": {}}, "/credential/credentialSubject"),
    ({"credentialSubject": [{"id": "did:a:b"}, {}]}, "/credential/credentialSubject/1"),
    ({"credentialSubject": "did:example:1"}, "/credential/credentialSubject"),
    ({"credentialSubject": True}, "/credential/credentialSubject"),
    ({"credentialSubject": {"id": ["did:a:b", "did:a:c"]}}, "/credential/credentialSubject/id"),
    ({"credentialSubject": {"id": "did:a:b", "undefined": 1}}, "/credential/credentialSubject/undefined"),
    ({"name": {"@value": "x", "@language": "en", "extra": 1}}, "/credential/name/extra"),
    ({"description": 5}, "/credential/description"),
    ({"issuer": {"id": "urn:x:1", "name": {"@value": "x", "extra": 1}}}, "/credential/issuer/name/extra"),
    ({"validFrom": "2020-01-01"}, "/credential/validFrom"),
    ({"validUntil": "01 January 2020"}, "/credential/validUntil"),
    ({"validFrom": "2021-01-01T00:00:00Z", "validUntil": "2020-01-01T00:00:00Z"}, "/credential/validUntil"),
    ({"credentialStatus": {"id": "urn:x:1"}}, "/credential/credentialStatus/type"),
    ({"credentialStatus": {"id": "urn:x:1", "type": 2}}, "/credential/credentialStatus/type"),
    ({"credentialStatus": {"id": "no address", "type": "urn:x:State"}}, "/credential/credentialStatus/id"),
    ({"credentialStatus": {"id": ["urn:x:1"], "type": "urn:x:State"}}, "/credential/credentialStatus/id"),
    ({"statusEntry": {"type": "BitstringStatusListEntry"}}, "/credential/statusEntry"),
    ({"credentialSchema": {"id": PLACE}}, "/credential/credentialSchema/type"),
    ({"credentialSchema": {"type": "JsonSchema"}}, "/credential/credentialSchema/id"),
    ({"credentialSchema": {"id": 5, "type": "JsonSchema"}}, "/credential/credentialSchema/id"),
    ({"termsOfUse": {"id": PLACE}}, "/credential/termsOfUse/type"),
    ({"evidence": {"id": PLACE}}, "/credential/evidence/type"),
    ({"refreshService": {"id": PLACE}}, "/credential/refreshService/type"),
    ({"relatedResource": [PLACE]}, "/credential/relatedResource/0"),
    ({"relatedResource": [{"digestSRI": "sha256-x"}]}, "/credential/relatedResource/0/id"),
    ({"relatedResource": {"id": PLACE}}, "/credential/relatedResource"),
    ({"relatedResource": [RESOURCE, RESOURCE]}, "/credential/relatedResource/1/id"),
    ({"proof": {"type": "DataIntegrityProof"}}, "/credential/proof"),
]
