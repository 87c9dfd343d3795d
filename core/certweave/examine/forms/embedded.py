"""Proofs inside of a document (Data Integrity): what secures it.

``proof.data_integrity`` names the specification. Nothing is verified here; such a document needs no reading.
"""

from collections.abc import Callable

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError, UnsupportedError
from certweave.examine.course import Course
from certweave.examine.reading import Reading, at_place
from certweave.examine.secured import Securing
from certweave.examine.signing import Signed, method_owner
from certweave.keys.model import PublicKey
from certweave.limits import Limits
from certweave.proof.data_integrity import (
    check_proof_options,
    find_previous,
    parse_proofs,
    verify_proof,
)
from certweave.proof.proof_members import Proof
from certweave.proof.suites.registry import get_suite
from certweave.proof.suites.suite import Around, Pseudonym


def check_embedded(reading: Reading, course: Course, purpose: str) -> Securing:
    """Check every proof of a document; raises as ``proofs.check_securing``."""
    limits = course.situation.limits
    if "proof" not in reading.document:
        raise InvalidError("nothing secures this: there is no proof", code="proof_missing", path="/proof")
    unsecured, proofs = parse_proofs(reading.document, limits=limits)
    known = [proof for proof in proofs if proof.known]
    for proof in proofs:
        if not proof.known:
            course.note(
                "suite_unknown", f"a proof of an unknown suite stands beside: {proof.suite}", proof.path
            )
    if not known:
        names = ", ".join(proof.suite for proof in proofs)
        raise UnsupportedError(
            f"the suite is not supported: {names}", code="suite_unsupported", path="/proof"
        )
    partial, pseudonym = False, None
    for proof in known:
        _check_previous(proof, proofs)
        at_place(join(proof.path, "verificationMethod"), method_owner, proof.method)
        check_proof_options(proof, purpose=purpose, now=course.situation.now, limits=limits)
        if get_suite(proof.suite).selective:
            detail = "a part of a credential: what its issuer did not make mandatory may be left out"
            course.note("sd_part", detail, proof.path)
            partial = True
        pseudonym = _find_pseudonym(proof, course)
        if proof.domains and not reading.presentation:
            detail = f"it was made for {', '.join(proof.domains)[:200]}"
            course.note("audience_named", detail, join(proof.path, "domain"))
    around = Around(course.situation.contexts, limits, course.situation.audience)
    signatures = tuple([_signed(unsecured, proof, proofs, reading.digest, around) for proof in known])
    main = _main_proof(known, unsecured, owner="holder" if reading.presentation else "issuer")
    document = dict(unsecured)
    if "@context" in main.raw:
        document["@context"] = main.raw["@context"]
    names = ", ".join([proof.suite for proof in known])
    # Whoever passes a presentation on can add a proof of their own: only the speaker's says for whom it was.
    words = f"{names}, for {purpose}"
    securing = Securing(signatures, document, words, main.domains, main.challenge, partial=partial)
    return securing if pseudonym is None or len(proofs) > 1 else _shown_by_name(securing, pseudonym, course)


def shows_itself(reading: Reading, limits: Limits) -> bool:
    """Tell whether the one proof of a credential bears a pseudonym: its holder made it for one who asked."""
    try:
        _, proofs = parse_proofs(reading.document, limits=limits)
        read = get_suite(proofs[0].suite).pseudonym if proofs[0].known else None
        return len(proofs) == 1 and read is not None and read(proofs[0].value, limits) is not None
    except CertweaveError:
        return False


def _find_pseudonym(proof: Proof, course: Course) -> Pseudonym | None:
    """Say by what name a holder wants to be known again; step ``signature`` tells whether it is theirs."""
    read = get_suite(proof.suite).pseudonym
    found = None if read is None else read(proof.value, course.situation.limits)
    if found is not None:
        course.note("pseudonym", f"its holder is known to who asks as {found.name.hex()}", proof.path)
    return found


def _shown_by_name(securing: Securing, pseudonym: Pseudonym, course: Course) -> Securing:
    """Say for whom a pseudonym is, which is true where the signature holds, and what its holder answered."""
    audience = course.situation.audience
    named = () if audience is None else (audience,)
    return securing._replace(audience=named, nonce=pseudonym.nonce, pseudonym=pseudonym)


def _check_previous(proof: Proof, proofs: tuple[Proof, ...]) -> None:
    """Refuse to judge a proof that builds on one which we cannot verify."""
    for previous in find_previous(proof, proofs):
        if not previous.known:
            detail = f"it builds on a proof of a suite that is not supported: {previous.suite[:60]}"
            raise UnsupportedError(detail, code="suite_unsupported", path=previous.path)


def _main_proof(known: list[Proof], unsecured: JsonObject, *, owner: str) -> Proof:
    """Return the proof by the one who speaks: its context, domain and challenge are the signed ones."""
    speaker = unsecured.get(owner)
    name = speaker.get("id") if isinstance(speaker, dict) else speaker
    for proof in known:
        if method_owner(proof.method) == name:
            return proof
    return known[0]


def _signed(
    unsecured: JsonObject,
    proof: Proof,
    proofs: tuple[Proof, ...],
    digest: Callable[[], bytes],
    around: Around,
) -> Signed:
    def verify(key: PublicKey) -> None:
        verify_proof(unsecured, proof, key, all_proofs=proofs, around=around)

    return Signed(
        method=proof.method,
        claimed=proof.created,
        digest=digest,
        verify=verify,
        path=proof.path,
    )
