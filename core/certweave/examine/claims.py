"""Steps ``validity`` and ``rules``: what the verified claims say about themselves."""

from datetime import datetime

from certweave.credential.json_schema_credential import TYPE as SCHEMA_CREDENTIAL
from certweave.credential.renamed import check_names
from certweave.credential.shapes import types
from certweave.credential.sound import is_sound
from certweave.credential.terms import check_terms, untp_version
from certweave.credential.vcdm import validity
from certweave.errors import AbsentError, InvalidError
from certweave.examine.course import Course
from certweave.examine.reading import Form
from certweave.examine.schemas import Examine, check_related, check_schemas
from certweave.examine.securing import Verified
from certweave.proof.vc_jwt import JwtClaims
from certweave.timestamps import format_timestamp


def check_validity(verified: Verified, course: Course) -> str:
    """Compare the period of the claims with the time of examination; return the period in words.

    A token's own ``nbf`` and ``exp`` narrow the period (RFC 7519 §4.1.4, §4.1.5).

    Raises:
        InvalidError: it has not begun yet, or is over.
    """
    now, claims = course.situation.now, verified.securing.claims
    if verified.reading.form is Form.SD_JWT_VC and claims is not None:
        begins, ends = claims.nbf, claims.exp
    else:
        document = verified.document
        begins, ends = validity(document)
        starts, stops = ("validFrom", "validUntil")
        if "issuanceDate" in document:  # of VCDM 1.1
            starts, stops = ("issuanceDate", "expirationDate")
        _check_period(begins, ends, f"/{starts}", f"/{stops}", now=now)
    if claims is not None and (claims.nbf or claims.exp):
        check_token_period(claims, now=now)
        begins = max(filter(None, (begins, claims.nbf)), default=None)
        ends = min(filter(None, (ends, claims.exp)), default=None)
    start = format_timestamp(begins) if begins else "an unstated time"
    if ends:
        return f"from {start} to {format_timestamp(ends)}"
    if verified.may_hide_its_end:
        return f"from {start}; no end is shown, and one may have been left out"
    return f"from {start}; it does not expire"


def check_token_period(claims: JwtClaims, *, now: datetime) -> None:
    """Compare ``nbf`` and ``exp`` with the time of examination; a token ends *on* its ``exp``.

    Raises:
        InvalidError: it has not begun yet, or is over.
    """
    _check_period(claims.nbf, claims.exp, "/nbf", "/exp", now=now)
    if claims.exp is not None and now >= claims.exp:
        raise InvalidError(f"it ended on {format_timestamp(claims.exp)}", code="expired", path="/exp")


def _check_period(
    begins: datetime | None, ends: datetime | None, from_path: str, until_path: str, *, now: datetime
) -> None:
    if begins is not None and now < begins:
        raise InvalidError(
            f"it is not valid yet: it begins on {format_timestamp(begins)}",
            code="not_yet_valid",
            path=from_path,
        )
    if ends is not None and now > ends:
        raise InvalidError(f"it ended on {format_timestamp(ends)}", code="expired", path=until_path)


def check_rules(verified: Verified, course: Course, examine_schema: Examine) -> str:
    """Check terms, UNTP model, extension, digests and schemas; return what the credential was found to be.

    ``examine_schema`` examines a schema that is itself a credential.

    Raises:
        InvalidError: a member is not defined, or a value breaks its type's rules or a schema; ``path`` names
            it. A resource or a schema is another than the one that was meant.
        UnsupportedError: an unknown UNTP version, an unpinned context, a schema that we do not apply.
        NeedsEvidenceError: a schema could not be had.
        UndecidedError: a credential that is shown in part lacks what its kind demands.
    """
    if verified.reading.form is Form.SD_JWT_VC:
        from certweave.examine.vct import check_type

        return check_type(verified.reading, course)
    document, contexts = verified.document, course.situation.contexts
    version = untp_version(document)
    sound = is_sound(document, version, contexts=contexts)
    if not sound:
        check_terms(document, contexts=contexts)
    if not sound or version is not None:
        check_names(document, contexts=contexts, limits=course.situation.limits)
    names = types(document)
    words = [name for name in names if name != "VerifiableCredential"]
    if version is not None:
        if not sound:
            _check_untp(verified)
        words.append(f"UNTP {version}")
    if "relatedResource" in document:
        check_related(document, course)
    schemas = "credentialSchema" in document or SCHEMA_CREDENTIAL in names
    count = check_schemas(verified, course, examine_schema) if schemas else 0
    if count:
        words.append("fits its schema" if count == 1 else f"fits its {count} schemas")
    return f"no unknown terms; {', '.join(words) or 'a credential without a type of its own'}"


def _check_untp(verified: Verified) -> None:
    # Both load models, and pydantic with them, which many documents do not need.
    from certweave.credential.untp.credentials import read_credential

    document = verified.document
    try:
        read_credential(document)
        if len(document["@context"]) > 2:
            # Under the contexts of VCDM and UNTP alone, the rule for terms has refused every extension.
            from certweave.credential.extension import read_extension

            read_extension(document)
    except AbsentError as error:
        raise verified.judge(error) from None
