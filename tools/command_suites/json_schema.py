"""The program that w3c/vc-json-schema-test-suite calls: one credential against one schema.

``validate --format JsonSchema|JsonSchemaCredential --schema FILE --credential FILE --output FILE``; the
answer, written to the output, is ``{"result": "success" | "failure" | "indeterminate"}`` (§4.2 of the
specification). The suite's credentials are not signed, so only the rules for schemas are asked.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from certweave.credential.json_schema import check_against, check_schema, parse_schema
from certweave.credential.json_schema_credential import schema_of
from certweave.credential.shapes import objects_of
from certweave.encoding.strict_json import parse_object
from certweave.errors import CertweaveError, InvalidError, MissingEvidenceError, UndecidedError
from certweave.limits import DEFAULT_LIMITS


def validate(kind: str, schema: bytes, credential: bytes) -> str:
    """Return the outcome by its name in the specification."""
    try:
        _check(kind, schema, credential)
    except UndecidedError as error:
        sys.stderr.write(f"indeterminate: {error.code}: {error.detail}\n")
        return "indeterminate"
    except CertweaveError as error:
        sys.stderr.write(f"failure: {error.code}: {error.detail}\n")
        return "failure"
    return "success"


def _check(kind: str, content: bytes, credential: bytes) -> None:
    document = parse_object(credential, limits=DEFAULT_LIMITS)
    entries = objects_of(document, "credentialSchema")
    if not entries:
        raise InvalidError("the credential names no schema", code="schema_missing", path="/credentialSchema")
    for path, entry in entries:
        if entry.get("type") != kind:
            raise InvalidError(f"the schema is no {kind}", code="schema_type_unsupported", path=path)
        url = str(entry.get("id"))
        if kind == "JsonSchema":
            schema = parse_schema(content, limits=DEFAULT_LIMITS)
            check_schema(schema, url=url)
        else:
            schema = schema_of(parse_object(content, limits=DEFAULT_LIMITS), url=url)
        check_against(document, schema, load=_nothing, limits=DEFAULT_LIMITS)


def _nothing(url: str) -> NoReturn:
    raise MissingEvidenceError(f"{url} is not at hand")


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the two files, and write the outcome."""
    parser = argparse.ArgumentParser(prog="json_schema")
    parser.add_argument("verb", choices=["validate"])
    parser.add_argument("--format", choices=["JsonSchema", "JsonSchemaCredential"], required=True)
    for name in ("schema", "credential", "output"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args(arguments)
    result = validate(options.format, options.schema.read_bytes(), options.credential.read_bytes())
    options.output.write_text(json.dumps({"result": result}) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
