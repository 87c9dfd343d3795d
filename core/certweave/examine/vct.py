"""Step ``rules`` for SD-JWT VC: what the type says about its claims, where that is published.

Follows draft-ietf-oauth-sd-jwt-vc (https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/) §5.7. The
documents are fetched once the signature holds. A type that is no https address has no rules that we know;
where the host itself says that there is nothing at the address, there are none either, unless the credential
names their digest.
"""

from certweave.errors import Cause, InvalidError, UndecidedError
from certweave.examine.course import Course, NeedsEvidenceError
from certweave.examine.evidence import Fetched, Kind, Need, Source, Unavailable
from certweave.examine.reading import Reading
from certweave.examine.schemas import check_own
from certweave.proof.sd_jwt.type_metadata import (
    MAX_EXTENDS,
    TypeMetadata,
    check_claim_rules,
    check_integrity,
    combine_rules,
    parse_type_metadata,
)

_NOTHING_THERE = (404, 410)


def check_type(reading: Reading, course: Course) -> str:
    """Apply the rules of the type; return what was found.

    Raises:
        NeedsEvidenceError: type metadata could not be had.
        InvalidError: a document is another than was meant, or the claims break a rule of the type.
        MalformedError, UndecidedError: the metadata cannot be read, or go on for too long.
    """
    payload, processed = reading.payload, reading.processed
    vct, integrity = payload["vct"], payload.get("vct#integrity")
    if processed is None or (not _is_web(vct) and integrity is None):
        course.note("type_without_rules", "its type is no web address: no rules for its claims are known")
        return f"a credential of the type {vct[:200]}"
    if integrity is None and _is_unpublished(vct, course):
        course.note("type_without_rules", "nothing is published at the address of its type")
        return f"a credential of the type {vct[:200]}"
    chain = _load_chain(vct, integrity, course)
    rules = combine_rules(chain)
    check_claim_rules(rules, processed, limits=course.situation.limits)
    name = chain[0].raw.get("name")
    return f"fits its type, {name[:200] if isinstance(name, str) else vct[:200]}"


def _load_chain(vct: str, integrity: str | None, course: Course) -> list[TypeMetadata]:
    """Read the type and those it extends, the credential's own first."""
    chain: list[TypeMetadata] = []
    wanted: str | None = vct
    path = "/vct#integrity"
    while wanted is not None:
        if any(one.vct == wanted for one in chain):
            raise InvalidError("the type extends itself", code="type_circular", path="/vct")
        if len(chain) > MAX_EXTENDS:
            detail = f"the type extends more than {MAX_EXTENDS} others"
            raise UndecidedError(detail, code="limit_types", cause=Cause.LIMIT, path="/vct")
        found = _load(wanted, course)
        if integrity is None:
            check_own(found, Need(Kind.TYPE, wanted), "the metadata of its type")
        else:
            check_integrity(found.content, integrity, path=path)
        metadata = parse_type_metadata(found.content, wanted, limits=course.situation.limits)
        chain.append(metadata)
        wanted, integrity, path = metadata.extends, metadata.integrity, "/vct"
    return chain


def _load(vct: str, course: Course) -> Fetched:
    if not _is_web(vct):
        detail = f"the rules of a type that is no web address must be handed in: {vct[:200]}"
        need = Need(Kind.TYPE, vct)
        if course.situation.evidence.find(need) is None:
            raise NeedsEvidenceError(detail, code="type_not_web", cause=Cause.UNSUPPORTED, path="/vct")
    return course.look_up(Kind.TYPE, vct, "the metadata of its type")


def _is_unpublished(vct: str, course: Course) -> bool:
    """Tell whether the host told us that there is nothing at the address: an answer, and no outage."""
    found = course.situation.evidence.find(Need(Kind.TYPE, vct))
    if not isinstance(found, Unavailable) or found.source is Source.SUPPLIED:
        return False
    return found.status in _NOTHING_THERE


def _is_web(vct: str) -> bool:
    return vct.startswith("https://")
