"""Attack: a schema whose pattern takes a backtracking matcher longer than the age of the universe.

Patterns run in linear time, those that cannot are refused, and their number and weight are bounded.
"""

import json

import pytest
from tests.support.cost import spent, start
from tests.support.world import World, plain_credential

from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import Step

URL = "https://schemas.example/1"
SECONDS = 3.0
"""Far more than any of these takes, and far less than one that backtracks."""


def judged(body: JsonObject, name: str) -> str:
    world = World()
    fa = world.party("fa")
    schema = {"$id": URL, "$schema": "https://json-schema.org/draft/2020-12/schema"}
    at_name = {"properties": {"credentialSubject": {"properties": {"name": body}}}}
    world.documents[URL] = json.dumps({**schema, **at_name}).encode()
    document = plain_credential(fa, credentialSchema={"id": URL, "type": "JsonSchema"})
    document["credentialSubject"]["name"] = name
    token = fa.issue(document)
    started = start()
    check = world.examine(token).check(Step.RULES)
    assert spent(started) < SECONDS
    return f"{check.outcome}:{check.code}"


@pytest.mark.parametrize(
    "pattern", ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(.*a){20}$", "^(([a-z])+.)+[A-Z]([a-z])+$"]
)
def test_a_pattern_that_backtracks(pattern: str) -> None:
    assert judged({"pattern": pattern}, "a" * 5_000 + "!") == "invalid:schema_mismatch"


@pytest.mark.parametrize(
    "pattern", ["^(?=(a+))\\1b", "(a*)\\1$", "(?<!a)b", "((a{1000}){1000}){1000}", "a{1000000}"]
)
def test_a_pattern_that_cannot_run_in_linear_time(pattern: str) -> None:
    assert judged({"pattern": pattern}, "aaa") == "undecided:schema_pattern"


def test_many_patterns() -> None:
    several = {f"[a-z]{{1,{1000 + number}}}": True for number in range(2_000)}
    assert judged({"patternProperties": several}, "aaa") == "undecided:limit_schema_work"


def test_a_pattern_for_a_very_long_text() -> None:
    assert judged({"pattern": "a[ab]{500}c"}, "ab" * 200_000) == "undecided:limit_schema_work"


def test_a_text_that_is_read_as_a_pattern() -> None:
    """The format ``regex`` makes a pattern of a text of the credential."""
    assert judged({"format": "regex"}, "(" * 5_000 + "a" + ")*" * 5_000).startswith(("invalid", "valid"))
