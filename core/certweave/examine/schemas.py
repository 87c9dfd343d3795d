"""Part of step ``rules``: the schemas that a credential names, and the resources whose digests it gives.

Both are looked at only after the signature held, because until then nobody stands behind what they name.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from certweave.credential.json_schema_credential import (
    check_schema_credential,
    is_schema_credential,
    schema_of,
)
from certweave.credential.related import check_digests, check_related_resources
from certweave.credential.shapes import digests_of, objects_of
from certweave.encoding.strict_json import JsonObject
from certweave.errors import (
    AbsentError,
    Cause,
    CertweaveError,
    InvalidError,
    UndecidedError,
    UnsupportedError,
)
from certweave.examine.course import Course, NeedsEvidenceError
from certweave.examine.evidence import Fetched, Kind, Need, Source
from certweave.examine.report import Outcome, Report, Step
from certweave.examine.securing import Verified

Examine = Callable[[bytes], Report]
"""Examines another credential, one floor deeper."""

MAX_SCHEMAS: Final = 16
"""Of one credential, which share what schemas may cost. Honest credentials name one or two."""


def check_schemas(verified: Verified, course: Course, examine_schema: Examine) -> int:
    """Hold a credential against every schema that it names; return how many there were.

    Schema credentials of its own issuer need nobody else to vouch for them.

    Raises:
        InvalidError: it does not fit one of them, or one does not hold itself.
        NeedsEvidenceError: one could not be had; ``needs`` names all that are missing.
        UndecidedError: one could not be applied, or demands what a part does not show.
    """
    document = verified.document
    if is_schema_credential(document):
        check_schema_credential(document)
        return 1
    entries = objects_of(document, "credentialSchema")
    from certweave.credential.json_schema import check_against  # few credentials name a schema

    if len(entries) > MAX_SCHEMAS:
        detail = f"it names more than {MAX_SCHEMAS} schemas"
        raise UndecidedError(detail, code="limit_schemas", cause=Cause.LIMIT, path="/credentialSchema")
    limits = course.situation.limits
    share = replace(limits, schema_work=limits.schema_work // len(entries))
    undecided: list[UndecidedError] = []
    for path, entry in entries:
        try:
            schema = _find_schema(entry, path, verified.speaker, course, examine_schema)
            check_against(
                document,
                schema,
                load=lambda url: _load_named(url, course),
                limits=share,
            )
        except CertweaveError as error:
            # A mismatch names the place which does not fit, and a digest is part of the entry.
            if error.code != "schema_mismatch" and not (error.path or "").startswith(f"{path}/digest"):
                error.path = path
            judged = verified.judge(error) if isinstance(error, AbsentError) else error
            if not isinstance(judged, UndecidedError):
                raise
            undecided.append(judged)
    if undecided:
        raise _together(undecided)
    return len(entries)


def check_related(document: JsonObject, course: Course) -> None:
    """Compare the digests of related resources with what is at hand; note those that are not.

    Raises:
        InvalidError: other bytes are at hand than the credential was made over.
        MalformedError, UnsupportedError: a digest is none, or not one that we compute.
    """
    at_hand: dict[str, bytes] = {}
    for _, item in objects_of(document, "relatedResource"):
        for kind in Kind:
            need = Need(kind, str(item.get("id")))
            found = course.situation.evidence.find(need)
            if isinstance(found, Fetched):
                course.remember(need, found)
                at_hand[need.url] = found.content
    digests = course.situation.contexts.raw_digests
    for path in check_related_resources(document, at_hand, digests=digests):
        course.note("related_resource_not_compared", "this resource is not at hand to be compared", path)


def check_own(found: Fetched, need: Need, what: str) -> None:
    """Refuse what somebody else handed in, who could have written it: nobody whom we know stands behind it.

    Raises:
        NeedsEvidenceError: it must be fetched (``evidence_not_ours``).
    """
    if found.source is Source.SUPPLIED:
        detail = f"somebody else handed in {what}, and nobody whom we know signed it; fetch it yourself"
        raise NeedsEvidenceError(detail, need, code="evidence_not_ours", cause=Cause.STALE)


def _load_named(url: str, course: Course) -> bytes:
    found = course.look_up(Kind.SCHEMA, url, "a schema that the schema names")
    check_own(found, Need(Kind.SCHEMA, url), "a schema that the schema names")
    return found.content


def _find_schema(
    entry: JsonObject, path: str, speaker: str, course: Course, examine_schema: Examine
) -> JsonObject:
    """Return the schema that one entry of ``credentialSchema`` names."""
    kind, url = entry.get("type"), str(entry.get("id"))
    if isinstance(kind, list) and len(kind) == 1:
        kind = kind[0]
    if kind not in ("JsonSchema", "JsonSchemaCredential"):
        raise UnsupportedError(
            f"schemas of type {str(kind)[:60]!a} are not applied here", code="schema_type_unsupported"
        )
    if not url.startswith("https://"):
        raise UnsupportedError(f"no schema can be had from {url[:200]!a}", code="schema_address")
    found = course.look_up(Kind.SCHEMA, url, "the schema of the credential")
    check_digests(entry, found.content, path=path)
    fixed = bool(digests_of(entry, path))
    if kind == "JsonSchema":
        from certweave.credential.json_schema import check_schema, parse_schema

        if not fixed:
            check_own(found, Need(Kind.SCHEMA, url), "the schema")
        schema = parse_schema(found.content, limits=course.situation.limits)
        check_schema(schema, url=url)
        return schema
    if course.situation.depth >= course.situation.limits.authority_depth:
        raise UndecidedError("the schema lies too deep", code="limit_authorities", cause=Cause.LIMIT)
    report = examine_schema(found.content)
    course.absorb(report)
    schema = schema_of(_believed(report, Need(Kind.SCHEMA, url), speaker), url=url)
    if not fixed and report.subject != speaker and report.check(Step.TRUST).outcome is not Outcome.VALID:
        check_own(found, Need(Kind.SCHEMA, url), "the schema")
    return schema


def _believed(report: Report, need: Need, speaker: str) -> JsonObject:
    """Return the schema credential when it holds; of the credential's own issuer, its trust is not asked."""
    for outcome in (Outcome.INVALID, Outcome.UNDECIDED):
        for check in report.checks:
            if check.outcome is not outcome or (check.step is Step.TRUST and report.subject == speaker):
                continue
            detail = f"the credential that holds the schema does not hold: {check.detail}"
            if outcome is Outcome.INVALID:
                raise InvalidError(detail, code="schema_credential_invalid")
            needs = check.needs or {need}
            raise NeedsEvidenceError(
                detail, *needs, code="schema_credential_undecided", cause=check.cause or Cause.UNREACHABLE
            )
    return report.document or {}  # which is no credential that holds a schema


def _together(undecided: list[UndecidedError]) -> UndecidedError:
    """Return one error for several schemas; what would decide them is asked for at once."""
    first = undecided[0]
    needs = frozenset[Need]().union(*(e.needs for e in undecided if isinstance(e, NeedsEvidenceError)))
    return NeedsEvidenceError(first.detail, *needs, code=first.code, cause=first.cause, path=first.path)
