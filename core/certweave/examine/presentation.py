"""Presentations: the steps ``holder``, ``audience`` and ``nonce``, and every credential that is shown."""

from collections.abc import Callable

from certweave.credential.holder import holders_of
from certweave.credential.renamed import check_names
from certweave.credential.terms import check_terms_generic
from certweave.credential.vcdm import check_presentation, find_version
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, CertweaveError, InvalidError, UndecidedError
from certweave.examine.binding import check_inside
from certweave.examine.claims import check_validity
from certweave.examine.course import Course, Situation
from certweave.examine.expectation import Expectation
from certweave.examine.reader import read_value
from certweave.examine.reading import Form, Reading, at_place
from certweave.examine.report import CREDENTIAL_STEPS, PRESENTATION_STEPS, Report, Step
from certweave.examine.securing import Verified, verify_document
from certweave.proof.vc_jwt import check_envelope

Presented = Callable[[Reading, Situation], Report]

_JUDGED_APART = frozenset(("verifiableCredential", "proof"))

STEPS = (*PRESENTATION_STEPS, *CREDENTIAL_STEPS)


def examine_presentation(
    reading: Reading, course: Course, expect: Expectation, examine_credential: Presented
) -> Report:
    """Examine a presentation; ``examine_credential`` is applied to each credential in it."""
    course.hold(Step.READ, reading.words)
    course.attempt(Step.MODEL, check_presentation, reading.document)
    if reading.envelope is not None:
        course.attempt(Step.MODEL, check_envelope, reading.envelope)
    if not course.reached(Step.MODEL):
        course.hold(Step.MODEL, f"Verifiable Presentation {find_version(reading.document)}")
    verified = verify_document(reading, course, purpose="authentication")
    if verified is None or not course.held(Step.MODEL):
        return course.report(STEPS)
    words = course.attempt(Step.VALIDITY, check_validity, verified, course)
    if words is not None:
        course.hold(Step.VALIDITY, words)
    course.skip(Step.STATUS, "status_of_presentation", "a presentation has no status of its own")
    course.attempt(Step.RULES, _check_terms, verified, course)
    if not course.reached(Step.RULES):
        course.skip(Step.RULES, "rules_of_presentation", "rules are for the credentials in it")
    course.skip(Step.TRUST, "trust_of_presentation", "trust is for the credentials in it")
    check_audience(verified, course, expect)
    check_nonce(verified, course, expect)
    inner = _examine_credentials(verified, course, expect, examine_credential)
    _check_holder(verified, inner, course)
    return course.report(STEPS, credentials=inner, subject=verified.speaker, document=verified.document)


def _check_terms(verified: Verified, course: Course) -> None:
    """Refuse members that nobody defines around the credentials; each of those is judged by itself."""
    around = {name: value for name, value in verified.document.items() if name not in _JUDGED_APART}
    check_terms_generic(around, contexts=course.situation.contexts)
    check_names(around, contexts=course.situation.contexts, limits=course.situation.limits)


def check_audience(verified: Verified, course: Course, expect: Expectation) -> None:
    """Step p2: the presentation was made for the one who asked.

    A proof for nobody beside (Data Integrity 1.0 §4.4); a token for others, too (RFC 7519 §4.1.3).
    """
    named = verified.securing.audience
    others = verified.reading.form is Form.EMBEDDED and set(named) - {expect.audience}
    if expect.audience is None:
        course.skip(Step.AUDIENCE, "audience_not_asked", "no audience was expected")
        course.note("audience_not_checked", "nobody said for whom this presentation should be")
    elif expect.audience in named and not others:
        course.hold(Step.AUDIENCE, f"made for {expect.audience}")
    else:
        found = ", ".join(named) or "nobody"
        course.fail(
            Step.AUDIENCE,
            InvalidError(f"made for {found}, not for {expect.audience}", code="audience_wrong"),
        )


def check_nonce(verified: Verified, course: Course, expect: Expectation) -> None:
    """Step p3: the presentation answers this request and is not a copy of an earlier one."""
    if expect.nonce is None:
        course.skip(Step.NONCE, "nonce_not_asked", "no nonce was expected")
        course.note("nonce_not_checked", "nobody said which request this presentation should answer")
    elif verified.securing.nonce == expect.nonce:
        course.hold(Step.NONCE, "answers this request")
    else:
        course.fail(Step.NONCE, InvalidError("it answers another request", code="nonce_wrong"))


def _examine_credentials(
    verified: Verified, course: Course, expect: Expectation, examine_credential: Presented
) -> tuple[Report, ...]:
    shown = verified.document.get("verifiableCredential", [])
    items = shown if isinstance(shown, list) else [shown]
    limits = course.situation.limits
    if len(items) > limits.credentials:
        course.checks.pop(Step.MODEL, None)
        course.fail(
            Step.MODEL,
            UndecidedError(
                f"it shows {len(items)} credentials; credentials allows {limits.credentials}",
                code="limit_credentials",
                cause=Cause.LIMIT,
                path="/verifiableCredential",
            ),
        )
        return ()
    if not items:
        course.note("presentation_empty", "the presentation shows no credential")
    reports: list[Report] = []
    for place, item in enumerate(items):
        path = join("/verifiableCredential", place) if isinstance(shown, list) else "/verifiableCredential"
        reading = _read_one(item, path, course)
        if isinstance(reading, Report):
            reports.append(reading)
            continue
        course.attempt(Step.HOLDER, at_place, path, check_inside, reading, verified, course, expect)
        report = examine_credential(reading, course.situation)
        _check_named(report, reading, path, course)
        reports.append(report)
    for report in reports:
        course.absorb(report)
    return tuple(reports)


def _read_one(item: JsonObject, path: str, course: Course) -> Reading | Report:
    """Read one credential; where that fails, return the report that says so."""
    inner, place = Course(course.situation), course.base + path
    try:  # the error's own path is complete: nothing stands between it and the input
        return read_value(item, path=place, limits=course.situation.limits)
    except CertweaveError as error:
        inner.fail(Step.READ, error)
        return inner.report(CREDENTIAL_STEPS)


def _check_named(report: Report, reading: Reading, path: str, course: Course) -> None:
    """Leave open whose a credential is where somebody else might have left that out.

    Anybody can drop disclosures of an SD-JWT that is bound to no key, and statements of an ecdsa-sd-2023
    proof; of bbs-2023 only the holder can.
    """
    if report.document is None or not report.in_part or holders_of(report.document):
        return
    if course.situation.policy.holder_binding == "required" and _is_open_to_all(reading):
        detail = "this credential is shown in part, without whose it is"
        error = UndecidedError(detail, code="holder_withheld", path=path, cause=Cause.WITHHELD)
        course.fail(Step.HOLDER, error)


def _is_open_to_all(reading: Reading) -> bool:
    if reading.sd_jwt is not None:
        return "cnf" not in reading.payload
    proofs = reading.document["proof"]
    return any(
        one.get("cryptosuite") == "ecdsa-sd-2023"
        for one in (proofs if isinstance(proofs, list) else [proofs])
    )


def _check_holder(verified: Verified, inner: tuple[Report, ...], course: Course) -> None:
    """Step p1: the presenter signed, and the credentials are the presenter's own."""
    if verified.signer != verified.speaker and course.situation.policy.holder_binding == "required":
        detail = f"nothing binds the key of {verified.signer} to the holder, {verified.speaker}"
        error = UndecidedError(detail, code="holder_not_bound", path="/holder", cause=Cause.UNSUPPORTED)
        course.fail(Step.HOLDER, error)
    for place, report in enumerate(inner):
        if report.document is None:
            continue
        path = join("/verifiableCredential", place)
        holders = holders_of(report.document)
        if not holders:
            course.note("holder_unnamed", "this credential names no holder: anybody can present it", path)
        if not holders or verified.speaker in holders:
            continue
        detail = f"this credential belongs to {holders[0]}, not to {verified.speaker} who presents it"
        if course.situation.policy.holder_binding == "required":
            course.fail(Step.HOLDER, InvalidError(detail, code="holder_foreign", path=path))
            return
        course.note("holder_foreign", detail, path)
    course.hold(Step.HOLDER, f"presented and signed by {verified.speaker}")
