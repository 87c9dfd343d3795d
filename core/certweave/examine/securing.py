"""Steps 3 to 6 together: ``proof``, ``history``, ``key`` and ``signature`` of one document.

They end in a ``Verified``: the only type from which anything acts on claims.
"""

from copy import copy
from typing import NamedTuple

from certweave.did.history import KeyPeriod
from certweave.encoding.strict_json import JsonObject
from certweave.errors import (
    AbsentError,
    Cause,
    CertweaveError,
    InvalidError,
    InvalidSignatureError,
    MissingEvidenceError,
    UndecidedError,
    UnsupportedError,
)
from certweave.examine.course import Course
from certweave.examine.identity import Identity, find_identity
from certweave.examine.proofs import check_securing, speaker_of
from certweave.examine.reading import Form, Reading
from certweave.examine.report import CREDENTIAL_STEPS
from certweave.examine.secured import Securing
from certweave.examine.signing import Signed, check_signing_time, find_signing_key, method_owner
from certweave.examine.web_issuer import find_web_issuer

_PROOF, _HISTORY, _KEY, _SIGNATURE = CREDENTIAL_STEPS[2:6]  # as in examine.py


class Verified(NamedTuple):
    """A document whose signature matched a key of the one who speaks in it.

    Attributes:
        document: the signed claims; nothing that was appended later.
        speaker: DID of the issuer; of a presentation the holder, who may be another URL.
        signer: DID whose key signed.
        identity: the signer's history.
        securing: the proofs, with audience and nonce.
        reading: how the document was read.
    """

    document: JsonObject
    speaker: str
    signer: str
    identity: Identity
    securing: Securing
    reading: Reading

    @property
    def may_hide_its_end(self) -> bool:
        """Whether end or status may have been left out, which are members or claims of the whole."""
        processed = self.reading.processed
        return self.securing.partial and (processed is None or "" in processed.withheld)

    def judge(self, error: AbsentError) -> AbsentError | UndecidedError:
        """Return what an absence comes to: of a part, what is not there may have been left out."""
        if not self.securing.partial:
            return error
        detail = "what its kind demands is not shown; the holder may have left it out"
        return UndecidedError(detail, code="member_withheld", path=error.path, cause=Cause.WITHHELD)


def verify_document(reading: Reading, course: Course, *, purpose: str) -> Verified | None:
    """Run steps 3 to 6; return the verified document, or None when one of them did not hold.

    ``purpose`` is the relationship of the key: ``assertionMethod`` or ``authentication``.
    """
    step = _PROOF
    try:
        securing = check_securing(reading, course, purpose=purpose)
        course.hold(step, securing.words)
        step = _KEY
        speaker = speaker_of(reading, securing)
        main = _signature_of(speaker, securing, by_web=reading.form is Form.SD_JWT_VC)
        signer = speaker if main.method is None else method_owner(main.method)
        if speaker != signer:
            _record_unbound(speaker, signer, course, presentation=reading.presentation)
        step = _HISTORY
        identity = _identity_of(signer, course)
    except CertweaveError as error:
        course.fail(step, error)
        return None
    _record_history(identity, course)
    _judge_main(main, identity, course, purpose=purpose)
    if not course.held(_SIGNATURE):
        return None
    _judge_others(securing, main, course, purpose=purpose)
    if not course.held(_SIGNATURE):
        return None
    if speaker != signer and not reading.presentation and _needs_binding(course):
        return None
    return Verified(securing.document, speaker, signer, identity, securing, reading)


def _identity_of(signer: str, course: Course) -> Identity:
    """Find who signed; a place inside of a DID's log or document is told in words: it is not in the input."""
    try:
        return (find_identity if signer.startswith("did:") else find_web_issuer)(signer, course)
    except CertweaveError as error:
        if error.path is None:
            raise
        # A copy, because what a log came to is remembered for the next who asks.
        told = copy(error)
        told.detail, told.path = f"{error.detail} (at {error.path} of the identity's own document)", None
        raise told from None


def _record_unbound(speaker: str, signer: str, course: Course, *, presentation: bool) -> None:
    """Record that the speaker is no DID: anybody can sign under an address, and nothing binds a key to it.

    Of a presentation, step ``holder`` decides what follows.
    """
    detail = f"the key belongs to {signer}; nothing binds it to {speaker}"
    if presentation:
        course.note("holder_not_bound", detail, "/holder")
        return
    if not _needs_binding(course):
        course.note("issuer_not_bound", detail, "/issuer")
        return
    course.fail(_KEY, UnsupportedError(detail, code="issuer_not_bound", path="/issuer"))


def _needs_binding(course: Course) -> bool:
    return course.situation.policy.issuer_binding == "required"


def _signature_of(speaker: str, securing: Securing, *, by_web: bool) -> Signed:
    """Return the signature that has to be the speaker's own.

    ``by_web`` says that the keys of a web address can be found (JWT VC Issuer Metadata).
    """
    if securing.signatures[0].method is None and not speaker.startswith("did:") and not by_web:
        detail = f"the token names no key, and none can be found for {speaker[:200]}, which is not a DID"
        raise UnsupportedError(detail, code="method_unsupported")
    for signed in securing.signatures:
        if signed.method is None or method_owner(signed.method) == speaker:
            return signed
    if not speaker.startswith("did:"):
        return securing.signatures[0]
    foreign = method_owner(securing.signatures[0].method or "")
    raise InvalidError(
        f"the key belongs to {foreign}, not to {speaker}",
        code="foreign_signer",
        path=securing.signatures[0].path,
    )


def _record_history(identity: Identity, course: Course) -> None:
    if identity.stale is not None:
        course.fail(_HISTORY if identity.history.has_past else _KEY, identity.stale)
    if identity.history.has_past:
        course.hold(_HISTORY, identity.words)
        return
    if course.situation.policy.demand_history:
        error = InvalidError("the policy demands an identity with a history", code="history_demanded")
        course.fail(_HISTORY, error)
    code = "history_none_key" if identity.did.startswith(("did:key:", "did:jwk:")) else "history_none_web"
    course.skip(_HISTORY, code, identity.words)


def _judge_main(signed: Signed, identity: Identity, course: Course, *, purpose: str) -> None:
    """Steps 5 and 6 for the speaker's own signature."""
    try:
        period, mismatch = _find_key(signed, identity, course, purpose=purpose)
    except CertweaveError as error:
        course.fail(_KEY, error)
        return
    if mismatch is not None:
        # Whether a retired key was still good is of no interest when it did not sign this.
        course.hold(_KEY, f"{period.method_id}")
        course.fail(_SIGNATURE, mismatch)
        return
    try:
        words = check_signing_time(signed, period, identity.history, course)
        course.hold(_KEY, f"{period.method_id}, {words}")
    except CertweaveError as error:
        course.fail(_KEY, _doubt(identity) or error)
    course.hold(_SIGNATURE, "the signature matches")


def _find_key(
    signed: Signed, identity: Identity, course: Course, *, purpose: str
) -> tuple[KeyPeriod, CertweaveError | None]:
    """Do as ``find_signing_key``; a key that an identity lacked when last seen, it may have got since."""
    try:
        period, mismatch = find_signing_key(signed, identity.history, purpose, now=course.situation.now)
    except InvalidError as error:
        raise identity.stale or error from None
    doubt = _doubt(identity)
    if doubt is not None and isinstance(mismatch, InvalidSignatureError):
        raise doubt
    return period, mismatch


def _doubt(identity: Identity) -> UndecidedError | None:
    """Return why nothing is held against a signer: a document without a past may say all else by now."""
    return None if identity.history.has_past else identity.stale


def _judge_others(securing: Securing, main: Signed, course: Course, *, purpose: str) -> None:
    """Judge the other proofs of a set: none of them may be invalid."""
    for signed in securing.signatures:
        if signed is main or signed.method is None:
            continue
        try:
            identity = find_identity(method_owner(signed.method), course)
            period, mismatch = _find_key(signed, identity, course, purpose=purpose)
            if mismatch is not None:
                raise mismatch
            if identity.stale is not None:
                raise identity.stale
            check_signing_time(signed, period, identity.history, course)
        except CertweaveError as error:
            if isinstance(error, MissingEvidenceError):
                course.note(
                    "other_proof_open", f"another proof could not be judged: {error.detail}", signed.path
                )
            course.checks.pop(_SIGNATURE, None)
            course.fail(_SIGNATURE, error)
            return
