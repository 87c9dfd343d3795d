"""Step ``trust``: does somebody whom the policy trusts vouch for the issuer, for this and at this time?

The authorities' own credentials are examined in the same way, one floor deeper, by the function that is
handed in; how they fit together is decided in ``certweave.trust.chain``.
"""

from collections.abc import Callable
from datetime import datetime

from certweave.credential.uri import is_absolute_uri
from certweave.encoding.multihash import check_digest_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, CertweaveError, UndecidedError
from certweave.examine.course import Course, NeedsEvidenceError
from certweave.examine.evidence import Kind, Need
from certweave.examine.reading import Form
from certweave.examine.report import Report, Step, Verdict
from certweave.examine.securing import Verified
from certweave.examine.signing import method_owner
from certweave.timestamps import format_timestamp
from certweave.trust.chain import (
    Authority,
    AuthorityLink,
    TrustFinding,
    anchor_links,
    authority_links,
    check_trust,
)
from certweave.trust.policy import Policy

Examine = Callable[[bytes], Report]

MAX_LINKS = 32
"""Of one credential and its issuer. A certificate for several schemes has about six."""


def check_vouching(verified: Verified, course: Course, examine_authority: Examine) -> None:
    """Record the finding of step ``trust``, under a policy that asks for somebody who vouches."""
    policy = course.situation.policy
    document = verified.document
    if verified.reading.form is Form.SD_JWT_VC:
        document = {"type": _type_in_question(document, verified.speaker, policy)}
    services = verified.identity.history.at(course.situation.now).document.services
    links = (*authority_links(document), *anchor_links(services))
    open_needs: set[Need] = set()
    authorities: dict[str, Authority] = {}
    trusted = policy.find_direct(verified.speaker, document) is not None
    if not trusted and len(links) > MAX_LINKS:
        detail = f"it names more than {MAX_LINKS} credentials of authorities"
        course.fail(Step.TRUST, UndecidedError(detail, code="limit_authorities", cause=Cause.LIMIT))
        return
    for link in () if trusted else links:
        authorities[link.url] = _authority(link, course, examine_authority, open_needs)
    try:
        finding = check_trust(
            document,
            verified.speaker,
            policy=policy,
            authorities=authorities,
            now=course.situation.now,
            signed=_signed_at(verified),
        )
    except UndecidedError as error:
        course.fail(
            Step.TRUST,
            NeedsEvidenceError(
                error.detail, *open_needs, code=error.code, cause=error.cause, path=error.path
            ),
        )
    except CertweaveError as error:
        course.fail(Step.TRUST, error)
    else:
        _tell_found(finding, course)


def _tell_found(finding: TrustFinding, course: Course) -> None:
    """Record who vouches; what rests on the issuer's own word is noted."""
    course.hold(Step.TRUST, finding.words)
    course.vouching, course.known_as = finding.roots, finding.known_as
    if finding.ended is not None:
        when = format_timestamp(finding.ended)
        detail = f"its issuer's authorisation ended on {when}; that this was signed before is its own word"
        course.note("authorisation_ended", detail)


def _type_in_question(claims: JsonObject, issuer: str, policy: Policy) -> str | None:
    """Return the type of an SD-JWT VC for which trust is asked, None where no trust can be given for one.

    Its types are its ``vct`` and ``aka_vcts``, whatever else its claims call themselves. Who asks for any of
    them takes it, so trust is asked for the first that the policy does not trust the issuer for.
    """
    vct: str = claims["vct"]
    others: list[str] = claims.get("aka_vcts", [])
    if not all(map(is_absolute_uri, [vct, *others])):
        return None
    return next((one for one in others if policy.find_direct(issuer, {"type": one}) is None), vct)


def _signed_at(verified: Verified) -> datetime | None:
    """Return when the issuer says that it signed, the latest time where it did so more than once."""
    times = [
        signed.claimed
        for signed in verified.securing.signatures
        if signed.claimed is not None
        and (signed.method is None or method_owner(signed.method) == verified.speaker)
    ]
    return max(times, default=None)


def _authority(
    link: AuthorityLink, course: Course, examine_authority: Examine, open_needs: set[Need]
) -> Authority:
    """Examine the credential behind one link; what is missing is added to ``open_needs``."""
    if course.situation.depth >= course.situation.limits.authority_depth:
        return Authority(
            link.url, "undecided", None, None, "the chain of authorities is too long", Cause.LIMIT
        )
    try:
        found = course.look_up(Kind.CREDENTIAL, link.url, "the authority's credential")
        if link.digest is not None:
            check_digest_multibase(found.content, link.digest)
    except UndecidedError as error:
        if isinstance(error, NeedsEvidenceError):
            open_needs |= error.needs
        return Authority(link.url, "undecided", None, None, error.detail, error.cause)
    except CertweaveError as error:
        return Authority(link.url, "invalid", None, None, error.detail)
    report = examine_authority(found.content)
    course.absorb(report)
    open_needs |= report.needs
    first = next(report.decisive(), None)
    return Authority(
        link.url,
        report.verdict.value,
        report.subject,
        report.document if report.verdict is Verdict.VALID else None,
        first.detail if first else "",
        first.cause if first else None,
    )
