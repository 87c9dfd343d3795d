"""Attack: a large document that breaks a schema many times, each time with a copy of it in the error."""

import resource
from typing import Any

import pytest

from certweave.credential.json_schema import check_against
from certweave.encoding.strict_json import JsonObject
from certweave.errors import AbsentError, InvalidError
from certweave.limits import DEFAULT_LIMITS

DOCUMENT = {"credentialSubject": {"notes": ["x" * 900] * 900}}
KIBIBYTES = 200 * 1024
"""Without a bound it takes some gigabytes, all of them at once."""


def schema(*parts: JsonObject) -> JsonObject:
    head = {"$id": "https://schemas.example/1", "$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {**head, "allOf": list(parts)}


def refused(document: JsonObject, body: JsonObject) -> type[Any]:
    with pytest.raises(InvalidError) as caught:
        check_against(document, body, load=lambda _: b"", limits=DEFAULT_LIMITS)
    assert caught.value.code == "schema_mismatch"
    return caught.type


@pytest.mark.parametrize(
    ("part", "kind"), [({"type": "number"}, InvalidError), ({"required": ["grade"]}, AbsentError)]
)
def test_few_errors_are_kept(part: JsonObject, kind: type[Any]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refused(DOCUMENT, schema(*([part] * 2000))) is kind
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < KIBIBYTES


def test_a_small_one_is_told_in_full() -> None:
    missing, wrong = {"required": ["grade"]}, {"properties": {"id": {"type": "number"}}}
    assert refused({"id": "urn:x:1"}, schema(missing, missing)) is AbsentError
    assert refused({"id": "urn:x:1"}, schema(missing, wrong)) is InvalidError
