"""A credential held against a JSON Schema.

Follows Verifiable Credentials JSON Schema Specification §2 to §4 (https://www.w3.org/TR/vc-json-schema/) with
the drafts 7, 2019-09 and 2020-12 of JSON Schema (https://json-schema.org/specification). jsonschema-rs
judges; it runs patterns in linear time and fetches nothing. What that costs is counted before, in
json_schema_work.py. Where a schema comes from, and whether it is the one that was meant, is not decided here.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from certweave.canon.jcs import canonicalize
from certweave.credential.json_schema_work import SchemaSet, check_work
from certweave.credential.uri import is_absolute_uri
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import AbsentError, CertweaveError, InvalidError, UnsupportedError
from certweave.limits import Limits

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

Load = Callable[[str], bytes]
"""From the URL that a ``$ref`` names to the bytes found there; raises what keeps them away."""

PATTERN_BYTES: Final = 1 << 16
"""Of one compiled pattern. Matching costs at most about as many steps a character as it has states."""

MOST_TOLD: Final = 1 << 26
"""Bytes of the schemas times those of the document, up to which all errors are looked at: there may be one
for each keyword, each with a copy of the value. Honest ones have some kilobytes each."""

_MISSING: Final = "required"
"""How the library calls the error of a member that ``required`` or ``dependentRequired`` asks for."""

_DRAFTS: Final = {
    "https://json-schema.org/draft/2020-12/schema": "2020-12",
    "https://json-schema.org/draft/2019-09/schema": "2019-09",
    "http://json-schema.org/draft-07/schema": "7",
    "https://json-schema.org/draft-07/schema": "7",
}
_NAMES: Final = {draft: name for name, draft in reversed(_DRAFTS.items())}
"""Draft by the value of ``$schema``. The last is how schemas of credentials often spell it."""


def parse_schema(content: bytes, *, limits: Limits) -> JsonObject:
    """Read a schema document; a schema that is only true or false says nothing about its draft.

    Raises:
        MalformedError: not a strict JSON object.
        UndecidedError: larger than ``limits`` allow (cause ``limit``).
    """
    return parse_object(content, limits=replace(limits, credential_bytes=limits.schema_bytes))


def check_schema(schema: JsonObject, *, url: str | None = None) -> str:
    """§3.1, §4: check that a schema names itself and its draft; return the draft.

    Stricter than the text: ``$id`` is an absolute URL, and where the schema stands alone at ``url`` it is
    that URL (the text recommends it), so that no other document of the same host can take its place.

    Raises:
        InvalidError: ``$id`` or ``$schema`` is missing or wrong (``schema_id_wrong``,
            ``schema_draft_missing``).
        UnsupportedError: another draft (``schema_draft_unsupported``): indeterminate, as §4.2 says.
    """
    draft = schema.get("$schema")
    if not isinstance(draft, str) or not draft:
        raise InvalidError("the schema does not name its draft in $schema", code="schema_draft_missing")
    if not is_absolute_uri(schema.get("$id")):
        raise InvalidError("the $id of the schema is not a URL", code="schema_id_wrong")
    if url is not None and schema["$id"].removesuffix("#") != url.removesuffix("#"):
        raise InvalidError(f"the schema at {url} says that it is another", code="schema_id_wrong")
    found = _DRAFTS.get(draft.removesuffix("#"))
    if found is None:
        detail = f"the schema is written in a draft that we do not apply: {draft[:80]!a}"
        raise UnsupportedError(detail, code="schema_draft_unsupported")
    return found


def check_written_schema(schema: JsonObject, path: str) -> None:
    """§3: check that what stands at ``path`` is a schema by the rules of its draft; nothing is referred to.

    Raises:
        InvalidError, UnsupportedError: as ``check_schema``; ``schema_malformed``.
    """
    import jsonschema_rs as library

    try:
        draft = check_schema(schema)
        library.meta.validate({**schema, "$schema": _NAMES[draft]})
    except CertweaveError as error:
        error.path = path
        raise
    except library.ValidationError as error:
        unusable = _unusable(error)
        unusable.path = path + join("", *error.instance_path)
        raise unusable from None


def check_against(document: JsonObject, schema: JsonObject, *, load: Load, limits: Limits) -> None:
    """§4.2: hold ``document`` against ``schema``, which ``check_schema`` has passed. Formats are asserted.

    Raises:
        InvalidError: it does not fit (``schema_mismatch``; ``path`` is the place in the document), or the
            schema is none (``schema_malformed``). An ``AbsentError`` where nothing but members is missing,
            or where the first to be found is and the rest is too much to look at.
        UnsupportedError: a draft, reference or pattern that we do not apply.
        UndecidedError: a referenced schema is missing, or a limit was reached.
    """
    draft = check_schema(schema)
    schemas = SchemaSet(
        schema["$id"], schema, draft == "7", load=lambda url: parse_schema(load(url), limits=limits)
    )
    for inner in schemas.drafts:
        if _DRAFTS.get(inner.removesuffix("#")) != draft:
            detail = f"a part of the schema is written in another draft: {inner[:80]!a}"
            raise UnsupportedError(detail, code="schema_draft_unsupported")
    check_work(document, schemas, limits=limits)
    validator = _build(draft, schema, schemas)
    first = _first_error(validator, document)
    if first is None:
        return
    path = join("", *first.instance_path)
    detail = f"{path or 'the document'} does not fit the schema: {first.message[:200]}"
    if _misses_only(validator, first, document, schemas):
        raise AbsentError(detail, code="schema_mismatch", path=path)
    raise InvalidError(detail, code="schema_mismatch", path=path)


def _first_error(validator: Any, document: JsonObject) -> "ValidationError | None":
    from jsonschema_rs import ValidationError

    try:
        validator.validate(document)
    except ValidationError as error:
        return error
    return None


def _misses_only(validator: Any, first: "ValidationError", document: JsonObject, schemas: SchemaSet) -> bool:
    """Tell whether nothing but missing members speaks against a document, or that is too much to look at."""
    if first.kind.name != _MISSING:
        return False
    told = sum(len(canonicalize(one)) for one in schemas.documents.values())
    if told * len(canonicalize(document)) > MOST_TOLD:
        return True
    return all(error.kind.name == _MISSING for error in validator.iter_errors(document))


def _build(draft: str, schema: JsonObject, schemas: SchemaSet) -> Any:
    import jsonschema_rs as library  # loads a compiled module; few credentials name a schema

    classes: dict[str, Any] = {
        "2020-12": library.Draft202012Validator,
        "2019-09": library.Draft201909Validator,
        "7": library.Draft7Validator,
    }

    def retrieve(url: str) -> JsonObject:
        return schemas.documents[url.removesuffix("#")]  # a KeyError tells the library that it is not there

    try:
        return classes[draft](
            schema,
            validate_formats=True,
            mask="it",  # in its words for what does not fit: the place is named, and the value may be large
            retriever=retrieve,
            pattern_options=library.RegexOptions(size_limit=PATTERN_BYTES, dfa_size_limit=PATTERN_BYTES),
        )
    except library.ValidationError as error:
        raise _unusable(error) from None


def _unusable(error: "ValidationError") -> InvalidError | UnsupportedError:
    """Tell a schema that breaks the rules of its draft from one that asks for more than we give."""
    keyword = error.kind.name
    place = join("", *error.instance_path)
    if keyword == "$ref":
        return UnsupportedError("a reference of the schema leads nowhere", code="schema_reference")
    if keyword == "format":
        detail = f"the schema has a pattern that cannot be read, or not run in linear time: {place[:200]}"
        return UnsupportedError(detail, code="schema_pattern")
    return InvalidError(
        f"the schema breaks the rules of its draft: {keyword} at {place[:200] or 'its top'}",
        code="schema_malformed",
    )
