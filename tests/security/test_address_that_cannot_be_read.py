"""Attack: a URL that the library for URLs cannot read, wherever one stands, so that something breaks.

``urllib`` raises for brackets that do not match, and for letters that look like a slash when normalised.
"""

import json
from typing import Any

import pytest
from tests.support.forging import finding, token
from tests.support.world import World, plain_credential

from certweave.credential.json_schema import check_against
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, MissingEvidenceError
from certweave.limits import DEFAULT_LIMITS

BROKEN = ["https://[x", "https://x]/", "//[", "https://\u2100.example/", "http://[::1", "https://a@[/"]
SCHEMA = "https://schemas.example/1"
DRAFTS = [
    "https://json-schema.org/draft/2020-12/schema",
    "https://json-schema.org/draft/2019-09/schema",
    "http://json-schema.org/draft-07/schema#",
]


def nowhere(url: str) -> bytes:
    raise MissingEvidenceError(f"nothing at {url!a}", code="evidence_missing")


@pytest.mark.parametrize("url", BROKEN)
@pytest.mark.parametrize("draft", DRAFTS)
@pytest.mark.parametrize(
    "place", ["$ref", "$dynamicRef", "$recursiveRef", "inner $ref", "inner $id", "nested $id", "$id"]
)
def test_in_a_schema(url: str, draft: str, place: str) -> None:
    """A reference that another draft does not know is none; every other answer is one of ours."""
    parts: dict[str, JsonObject] = {
        "inner $ref": {"properties": {"credentialSubject": {"$ref": url}}},
        "inner $id": {"properties": {"credentialSubject": {"$id": url}}},
        "nested $id": {"definitions": {"a": {"$id": url, "type": "object"}}},
    }
    schema = {"$schema": draft, "$id": SCHEMA, **parts.get(place, {place: url})}
    try:
        check_against({"credentialSubject": {}}, schema, load=nowhere, limits=DEFAULT_LIMITS)
    except CertweaveError as refused:
        found = refused.code
    else:
        found = "fits"
    assert found in {"schema_reference", "schema_id_wrong", "schema_malformed", "fits"}
    if place != "$id":
        world = World()
        fa = world.party("fa")
        world.documents[SCHEMA] = json.dumps(schema).encode()
        document = plain_credential(fa, credentialSchema={"id": SCHEMA, "type": "JsonSchema"})
        verdict, _, code, _ = finding(world.examine(fa.issue(document)))
        assert (verdict, code) in {("valid", ""), ("undecided", found), ("invalid", found)}


PLACES: dict[str, dict[str, Any]] = {
    "the id": {"id": "URL"},
    "the issuer": {"issuer": "URL"},
    "the subject": {"credentialSubject": {"id": "URL", "name": "x"}},
    "a type": {"type": ["VerifiableCredential", "URL"]},
    "a context": {"@context": ["https://www.w3.org/ns/credentials/v2", "URL"]},
    "a context inside": {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            {"x": {"@id": "URL"}, "y": "URL", "@vocab": "URL"},
        ],
        "x": 1,
    },
    "a base": {"@context": ["https://www.w3.org/ns/credentials/v2", {"@base": "URL"}]},
    "a status list": {
        "credentialStatus": {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "1",
            "statusListCredential": "URL",
        }
    },
    "a token status list": {"status": {"status_list": {"idx": 1, "uri": "URL"}}},
    "a schema": {"credentialSchema": {"id": "URL", "type": "JsonSchema"}},
    "a resource": {"relatedResource": {"id": "URL", "digestSRI": f"sha256-{'A' * 43}="}},
    "evidence": {"evidence": [{"id": "URL", "type": "urn:x:y"}]},
    "a service": {"refreshService": {"id": "URL", "type": "urn:x:y"}},
}


@pytest.mark.parametrize("url", [url for url in BROKEN if url != "//["])
@pytest.mark.parametrize("place", PLACES)
def test_in_a_credential(url: str, place: str) -> None:
    """Fetching is the edge's, which refuses it; here it must only break nothing, and decide nothing."""
    world = World()
    fa = world.party("fa")
    members = json.loads(json.dumps(PLACES[place]).replace('"URL"', json.dumps(url)))
    report = world.examine(
        token({**plain_credential(fa), **members}, fa.signer, typ="vc+jwt").encode(), offline=True
    )
    assert report.verdict in ("valid", "invalid", "undecided")
    if "status" in place or place in {"a schema", "the issuer", "a context"}:
        assert report.verdict != "valid"


@pytest.mark.parametrize("url", BROKEN)
@pytest.mark.parametrize("name", ["iss", "vct", "sub", "jti"])
def test_in_an_sd_jwt_vc(url: str, name: str) -> None:
    world = World()
    fa = world.party("fa")
    claims = {"iss": fa.did, "vct": "urn:x:y", "iat": int(world.clock.timestamp()), name: url}
    report = world.examine(f"{token(claims, fa.signer, typ='dc+sd-jwt')}~".encode(), offline=True)
    assert report.verdict in ("valid", "invalid", "undecided")
    if name == "iss":
        assert report.verdict != "valid"


@pytest.mark.parametrize("url", BROKEN)
def test_in_an_entry_that_names_a_place_in_a_log(url: str) -> None:
    """The kid and the verification method are read strictly, whatever comes after did:."""
    world = World()
    fa = world.party("fa")
    for kid in (url, f"did:web:{url}#a", f"did:webvh:{url}:{url}#a"):
        report = world.examine(token(plain_credential(fa), fa.signer, typ="vc+jwt", kid=kid).encode())
        assert report.verdict in ("invalid", "undecided")
