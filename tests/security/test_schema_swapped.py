"""Attack: another schema stands at the address than the one that the issuer meant."""

import base64
import hashlib
import json

import pytest
from tests.support.world import World, outcome, plain_credential

from certweave.encoding.multihash import make_digest_multibase
from certweave.encoding.strict_json import JsonObject

URL = "https://schemas.example/1"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
STRICT: JsonObject = {"$id": URL, "$schema": DRAFT, "required": ["evidence"]}
LAX: JsonObject = {"$id": URL, "$schema": DRAFT}
CONTENT = json.dumps(STRICT).encode()
SRI = {"digestSRI": f"sha256-{base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()}"}
MULTIBASE = {"digestMultibase": make_digest_multibase(CONTENT)}


@pytest.mark.parametrize("digests", [SRI, MULTIBASE, {**SRI, **MULTIBASE}])
@pytest.mark.parametrize("kind", ["JsonSchema", "JsonSchemaCredential"])
def test_a_digest_tells(digests: JsonObject, kind: str) -> None:
    world = World()
    fa = world.party("fa")
    world.documents[URL] = json.dumps(LAX).encode()
    token = fa.issue(plain_credential(fa, credentialSchema={"id": URL, "type": kind, **digests}))
    assert outcome(world.examine(token), "rules") == "invalid:digest_mismatch"


def test_one_wrong_digest_of_two_is_enough() -> None:
    world = World()
    fa = world.party("fa")
    world.documents[URL] = CONTENT
    wrong = {**SRI, "digestMultibase": make_digest_multibase(b"{}")}
    token = fa.issue(plain_credential(fa, credentialSchema={"id": URL, "type": "JsonSchema", **wrong}))
    assert outcome(world.examine(token), "rules") == "invalid:digest_mismatch"


def test_another_schema_of_the_same_host_does_not_pass_for_it() -> None:
    world = World()
    fa = world.party("fa")
    world.documents[URL] = json.dumps({**LAX, "$id": "https://schemas.example/2"}).encode()
    token = fa.issue(plain_credential(fa, credentialSchema={"id": URL, "type": "JsonSchema"}))
    assert outcome(world.examine(token), "rules") == "invalid:schema_id_wrong"


def test_a_part_does_not_take_the_name_of_another() -> None:
    """Of two parts of one name, we might count the cheap one, and the validator apply the costly one."""
    world = World()
    fa = world.party("fa")
    twice = {"$defs": {"a": {"$id": "part", "required": ["evidence"]}, "b": {"$id": "part"}}, "$ref": "part"}
    world.documents[URL] = json.dumps({**LAX, **twice}).encode()
    token = fa.issue(plain_credential(fa, credentialSchema={"id": URL, "type": "JsonSchema"}))
    assert outcome(world.examine(token), "rules") == "undecided:unsupported"
