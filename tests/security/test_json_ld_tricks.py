"""Attack: JSON-LD keywords name parties where nobody looks, and masses of contexts cost time."""

import pytest
from tests.support.world import World, outcome, plain_credential

from certweave.encoding.strict_json import JsonValue

V2 = "https://www.w3.org/ns/credentials/v2"


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("@id", "urn:x:y"),
        ("@graph", []),
        ("@reverse", {}),
        ("@nest", {}),
        ("@index", "a"),
        ("@set", []),
    ],
)
def test_keywords_are_no_members(member: str, value: JsonValue) -> None:
    world = World()
    issuer = world.party("issuer")
    report = world.examine(issuer.issue({**plain_credential(issuer), member: value}))
    assert outcome(report, "rules").startswith("invalid:")


def test_a_subject_is_not_hidden_in_a_keyword() -> None:
    world = World()
    issuer = world.party("issuer")
    for subject in ({"@id": "did:example:a", "name": "x"}, {"@list": [{"id": "did:example:a"}]}):
        report = world.examine(issuer.issue(plain_credential(issuer, credentialSubject=subject)))
        assert report.verdict == "invalid"


@pytest.mark.parametrize("place", ["top", "subject"])
def test_many_contexts_are_a_limit(place: str) -> None:
    world = World()
    issuer = world.party("issuer")
    document = plain_credential(issuer)
    if place == "top":
        document["@context"] = [V2] * 5000
    else:
        document["credentialSubject"]["@context"] = [V2] * 5000
    report = world.examine(issuer.issue(document))
    assert outcome(report, "rules") == "undecided:limit"


@pytest.mark.parametrize(
    "scoped", [[V2] * 60, {f"y{n}": f"https://x.example/y{n}" for n in range(5000)}], ids=["many", "large"]
)
def test_a_context_that_is_taken_up_at_every_object_is_a_limit(scoped: JsonValue) -> None:
    world = World()
    issuer = world.party("issuer")
    document = plain_credential(issuer)
    document["@context"] = [V2, {"x": {"@id": "https://x.example/x", "@context": scoped}}]
    document["credentialSubject"]["x"] = [{"name": "a"}] * 2000
    report = world.examine(issuer.issue(document))
    assert outcome(report, "rules") == "undecided:limit"


def test_a_context_of_its_own_is_no_limit() -> None:
    world = World()
    issuer = world.party("issuer")
    document = plain_credential(issuer)
    document["@context"] = [V2, {f"y{n}": f"https://x.example/y{n}" for n in range(100)}]
    document["credentialSubject"]["y1"] = [{"name": "a"}] * 200
    assert world.examine(issuer.issue(document)).verdict == "valid"


NONE: list[JsonValue] = [False, True, 0, 1, 1.5, "", [False], [[False]], {"@context": False}, [0, None]]


@pytest.mark.parametrize("value", NONE, ids=str)
@pytest.mark.parametrize("place", ["subject", "issuer", "inner", "appended"])
def test_what_is_no_context_is_none_anywhere(value: JsonValue, place: str) -> None:
    world = World()
    issuer = world.party("issuer")
    document = plain_credential(issuer)
    inner = {"name": "a", "@context": value}
    if place == "subject":
        document["credentialSubject"]["@context"] = value
    elif place == "issuer":
        document["issuer"] = {"id": issuer.did, "@context": value}
    elif place == "inner":
        document["credentialSubject"]["https://x.example/y"] = inner
    else:
        document["@context"].append(value)
    for source in (issuer.issue(document), issuer.embed(document)):
        assert world.examine(source).verdict in ("invalid", "undecided")
