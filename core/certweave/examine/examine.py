"""``examine``: from bytes and evidence to a report. Pure: the same arguments give the same report.

Ten steps, in the order of ``certweave.examine.report.Step``; docs/reference/verdicts.md is the contract. A
presentation has three more, and one inner report for each credential that it shows. What only some documents
need (a presentation, a key binding, a status list, somebody who vouches) is loaded when one comes that does.
"""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from certweave.credential.contexts import ContextStore
from certweave.errors import Cause, CertweaveError, InvalidError, UndecidedError
from certweave.examine.claims import check_rules, check_validity
from certweave.examine.course import Course, Situation
from certweave.examine.evidence import Evidence
from certweave.examine.expectation import NOTHING_EXPECTED, Expectation
from certweave.examine.model import check_model, report_document
from certweave.examine.reader import read
from certweave.examine.reading import Form, Reading
from certweave.examine.report import CREDENTIAL_STEPS, Report
from certweave.examine.securing import Verified, verify_document
from certweave.limits import Limits
from certweave.trust.policy import Policy

_READ, _MODEL, _, _, _, _, _VALIDITY, _STATUS, _RULES, _TRUST = CREDENTIAL_STEPS
"""In Python 3.11 an enumeration takes its time to give a member, and each step is named several times."""


def examine(
    source: bytes,
    evidence: Evidence,
    *,
    policy: Policy,
    now: datetime,
    limits: Limits,
    contexts: ContextStore,
    expect: Expectation = NOTHING_EXPECTED,
) -> Report:
    """Examine a credential or presentation and say what was found, step by step.

    Args:
        source: the input in bytes, as it came: JSON, a token or a message (certweave.examine.reader).
        evidence: every document that was gathered so far, failures included.
        policy: whom the examiner trusts, and how fresh evidence has to be.
        now: the time for which the answer holds; without a time zone it is a ValueError.
        limits: bounds; reaching one is undecided.
        contexts: the pinned JSON-LD contexts.
        expect: audience and nonce of a presentation that was asked for.

    Returns:
        A report with all steps. ``report.needs`` names what would decide the undecided ones.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    situation = Situation(evidence, policy, now, limits, contexts, expect.audience, {}, {}, {})
    course = Course(situation)
    reading = course.attempt(_READ, read, source, limits=limits)
    if reading is None:
        return course.report(CREDENTIAL_STEPS)
    course.base = reading.path
    if reading.presentation:
        from certweave.examine.presentation import examine_presentation

        return examine_presentation(reading, course, expect, _presented)
    if _is_shown_bound(reading, expect, limits):
        return _examine_shown(reading, course, expect)
    if expect is not NOTHING_EXPECTED and expect != NOTHING_EXPECTED:
        # Whoever copied a certificate could show it bare; only its holder can present it for this request.
        detail = "a presentation was asked for, and this is a credential that nobody presents"
        course.fail(_READ, InvalidError(detail, code="presentation_expected"))
        return course.report(CREDENTIAL_STEPS)
    return _examine_reading(reading, course)


def _is_shown_bound(reading: Reading, expect: Expectation, limits: Limits) -> bool:
    """Tell whether a credential is to be judged as a presentation of itself: by key binding, or a pseudonym.

    It is where it comes with a binding, where one was asked for and the issuer bound it to a key, and where
    its holder made a pseudonym for who asked.
    """
    if reading.sd_jwt is None:
        if expect.audience is None or reading.form is not Form.EMBEDDED:
            return False
        from certweave.examine.forms.embedded import shows_itself

        return shows_itself(reading, limits)
    return reading.sd_jwt.binding is not None or (expect != NOTHING_EXPECTED and "cnf" in reading.payload)


def _presented(reading: Reading, situation: Situation) -> Report:
    return _examine_reading(reading, Course(situation, reading.path))


def _examine_reading(reading: Reading, course: Course) -> Report:
    """Steps 2 to 10 for one credential."""
    verified = _judge(reading, course)
    if verified is None:
        return course.report(CREDENTIAL_STEPS)
    if reading.sd_jwt is not None:
        from certweave.examine.binding import note_unasked

        note_unasked(reading, course)
    document = report_document(verified)
    return course.report(CREDENTIAL_STEPS, subject=verified.speaker, document=document)


def _examine_shown(reading: Reading, course: Course, expect: Expectation) -> Report:
    """All thirteen steps for one credential that its holder shows with a key binding, or by a pseudonym."""
    from certweave.examine.binding import check_shown
    from certweave.examine.presentation import STEPS, check_audience, check_nonce

    verified = _judge(reading, course)
    if verified is None:
        return course.report(STEPS)
    check_shown(verified, course, expect)
    if verified.securing.binding is not None or verified.securing.pseudonym is not None:
        check_audience(verified, course, expect)
        check_nonce(verified, course, expect)
    document = report_document(verified)
    return course.report(STEPS, subject=verified.speaker, document=document)


def _judge(reading: Reading, course: Course) -> Verified | None:
    """Record steps 2 to 10; return the credential, or None when its model or signature did not hold."""
    if reading.presentation:
        error = InvalidError("a presentation stands where a credential should", code="presentation_inside")
        course.fail(_READ, error)
        return None
    course.hold(_READ, reading.words)
    try:
        course.hold(_MODEL, check_model(reading))
    except CertweaveError as error:
        course.fail(_MODEL, error)
    verified = verify_document(reading, course, purpose="assertionMethod")
    if verified is None or not course.held(_MODEL):
        return None
    try:
        course.hold(_VALIDITY, check_validity(verified, course))
    except CertweaveError as error:
        course.fail(_VALIDITY, error)
    _check_status(verified, course)

    def examine_inner(inner: bytes) -> Report:
        return _examine_authority(inner, course.situation)

    if course.situation.depth and verified.securing.partial:
        # What was left out might be a limit: how far an authority's word goes, or what a schema demands.
        detail = "another credential rests on this one, and a part of it may have been left out"
        course.fail(_RULES, UndecidedError(detail, code="authority_in_part", cause=Cause.WITHHELD))
    try:
        course.hold(_RULES, check_rules(verified, course, examine_inner))
    except CertweaveError as error:
        course.fail(_RULES, error)
    _check_trust(verified, course, examine_inner)
    return verified


def _check_status(verified: Verified, course: Course) -> None:
    """Record the finding of step ``status``."""
    if "credentialStatus" not in verified.document and "status" not in verified.reading.payload:
        if verified.may_hide_its_end:
            detail = "it shows no status list, and one may have been left out"
            course.skip(_STATUS, "status_not_shown", detail)
        else:
            course.skip(_STATUS, "status_none", "it names no status list: it cannot be withdrawn")
        return
    from certweave.examine.standing import check_status

    check_status(verified, course)


def _check_trust(verified: Verified, course: Course, examine_inner: Callable[[bytes], Report]) -> None:
    """Record the finding of step ``trust``."""
    if not course.situation.policy.vouches:
        course.skip(_TRUST, "trust_not_asked", "the issuer is who signed; nobody vouches for them here")
        return
    from certweave.examine.vouching import check_vouching

    check_vouching(verified, course, examine_inner)


def _examine_authority(source: bytes, situation: Situation) -> Report:
    """Examine the credential of an authority, or one that holds a schema, one floor deeper."""
    known = (sha256(source).digest(), situation.depth + 1)
    if known not in situation.examined:
        course = Course(situation._replace(depth=situation.depth + 1))
        reading = course.attempt(_READ, read, source, limits=situation.limits)
        situation.examined[known] = (
            course.report(CREDENTIAL_STEPS) if reading is None else _examine_reading(reading, course)
        )
    return situation.examined[known]
