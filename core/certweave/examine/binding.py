"""The steps of a presentation for a credential that is shown by itself: an SD-JWT with a key binding.

That the holder's key signed the binding, and over exactly what is shown, step ``proof`` has found (RFC 9901
§7.3). Whether a binding is needed follows from what was asked for, never from what came along. A proof with a
pseudonym (bbs-2023) needs none: that it was made for who asks, and by the holder, its signature says.
"""

from certweave.encoding.pointer import join
from certweave.errors import CertweaveError, InvalidError, UnsupportedError
from certweave.examine.course import Course
from certweave.examine.expectation import NOTHING_EXPECTED, Expectation
from certweave.examine.reading import Form, Reading
from certweave.examine.report import Step
from certweave.examine.securing import Verified
from certweave.keys.model import PublicKey
from certweave.limits import Limits
from certweave.proof.cose import CWT_CLAIMS
from certweave.proof.sd_jwt.binding import check_binding_time, find_bound_key, verify_key_binding
from certweave.proof.vc_cose import CNF
from certweave.proof.vc_jwt import claims


def check_shown(verified: Verified, course: Course, expect: Expectation) -> None:
    """Record p1 ``holder`` of a credential shown by itself, and what speaks against p2 ``audience``."""
    if verified.securing.pseudonym is not None:
        course.hold(Step.HOLDER, "shown by who knows the secrets that the issuer bound it to")
        return
    course.attempt(Step.AUDIENCE, _check_named, verified.reading, expect)
    binding = verified.securing.binding
    if binding is None:
        detail = "the issuer bound it to a key, and nobody proves to hold that key"
        course.fail(Step.HOLDER, InvalidError(detail, code="key_binding_missing", path="/cnf"))
        return
    situation = course.situation
    if expect == NOTHING_EXPECTED:
        course.note("key_binding_age_ignored", "nobody asked for the key binding, so it may be of any age")
    else:
        course.attempt(Step.HOLDER, check_binding_time, binding, now=situation.now, limits=situation.limits)
    if not course.reached(Step.HOLDER):
        course.hold(Step.HOLDER, "shown by who holds the key that the issuer bound it to")


def note_unasked(reading: Reading, course: Course) -> None:
    """Say of a credential without a key binding that its issuer meant it to have one."""
    if reading.sd_jwt is not None and reading.sd_jwt.binding is None and "cnf" in reading.payload:
        detail = "it is bound to a key, and nobody asked for a proof that the presenter holds it"
        course.note("key_binding_not_asked", detail, "/cnf")


def check_inside(reading: Reading, around: Verified, course: Course, expect: Expectation) -> None:
    """Check the binding of a credential inside of a presentation: its own, or the presentation's key.

    Of an SD-JWT somebody may have cut off the end: what names a key is bound to it in every form.

    Raises:
        InvalidError: another audience or nonce than was asked for, of the binding or of the credential
            itself; too old a binding, or none and another key (``key_binding_missing``).
        MalformedError, UnsupportedError: the key cannot be read.
    """
    sd_jwt = reading.sd_jwt
    if expect == NOTHING_EXPECTED:
        return
    _check_named(reading, expect)
    _check_domains(reading, expect, course.situation.limits)
    if reading.cose is not None and CNF in reading.cose.header.get(CWT_CLAIMS, {}):
        detail = "cnf names the holder's key as one of COSE, and we read jwk"
        raise UnsupportedError(detail, code="cnf_unsupported")
    if "cnf" not in reading.payload:
        return
    if sd_jwt is None or sd_jwt.binding is None:
        key = find_bound_key(reading.payload)
        if key is not None and not _signed_with(around, key):
            detail = "the issuer bound it to a key, and another one signed the presentation"
            raise InvalidError(detail, code="key_binding_missing")
        return
    binding = verify_key_binding(sd_jwt, reading.payload, limits=course.situation.limits)
    check_binding_time(binding, now=course.situation.now, limits=course.situation.limits)
    if expect.audience not in (None, binding.audience):
        raise InvalidError("its key binding was made for somebody else", code="audience_wrong")
    if expect.nonce not in (None, binding.nonce):
        raise InvalidError("its key binding answers another request", code="nonce_wrong")


def _check_named(reading: Reading, expect: Expectation) -> None:
    """Refuse a token or message that its issuer made for others than who asks (RFC 7519 §4.1.3)."""
    if expect.audience is None or reading.form is Form.EMBEDDED:
        return
    named = claims(reading.payload).aud
    if named and expect.audience not in named:
        detail = f"its issuer made it for {', '.join(named)[:200]}, not for {expect.audience}"
        raise InvalidError(detail, code="audience_wrong", path="/aud")


def _check_domains(reading: Reading, expect: Expectation, limits: Limits) -> None:
    """Refuse a credential with a proof that was made for others than who asks (Data Integrity 1.0 §2.1)."""
    if expect.audience is None or reading.form is not Form.EMBEDDED:
        return
    try:
        from certweave.proof.data_integrity import parse_proofs  # most credentials have no proof inside

        _, proofs = parse_proofs(reading.document, limits=limits)
    except CertweaveError:
        return  # the credential's own examination says what is wrong
    for proof in proofs:
        if proof.domains and expect.audience not in proof.domains:
            detail = f"it was made for {', '.join(proof.domains)[:200]}, not for {expect.audience}"
            raise InvalidError(detail, code="audience_wrong", path=join(proof.path, "domain"))


def _signed_with(around: Verified, key: PublicKey) -> bool:
    for signed in around.securing.signatures:
        try:
            signed.verify(key)
        except CertweaveError:
            continue
        return True
    return False
