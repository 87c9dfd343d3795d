"""Step ``proof``: the form of what secures a document, before any key is looked for.

Gives the signatures that have to be judged, as values that no longer differ by their form.
"""

from collections.abc import Callable
from dataclasses import dataclass

from certweave.credential.shapes import issuer_id
from certweave.credential.uri import is_absolute_uri
from certweave.did.syntax import parse_did_url
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, MalformedProofError, UnsupportedError
from certweave.examine.course import Course
from certweave.examine.reader import Form, Reading
from certweave.examine.signing import Signed
from certweave.keys.model import Algorithm, PublicKey
from certweave.proof.cose import check_cose_header, verify_sign1
from certweave.proof.data_integrity import (
    Proof,
    check_proof_options,
    find_previous,
    parse_proofs,
    verify_proof,
)
from certweave.proof.jose import check_header, verify_jws
from certweave.proof.legacy_jwt import TYP as TYP_LEGACY
from certweave.proof.sd_jwt.binding import KeyBinding, verify_key_binding
from certweave.proof.sd_jwt.sd_jwt_vc import TYP as TYP_SD_JWT_VC
from certweave.proof.sd_jwt.token import Processed
from certweave.proof.sd_jwt.vc_sd_jwt import TYP_VC, TYP_VP, check_disclosed, find_withholdable
from certweave.proof.suites.registry import get_suite
from certweave.proof.suites.suite import Around
from certweave.proof.vc_cose import VC_COSE, VP_COSE, check_header_claims
from certweave.proof.vc_jwt import JwtClaims, check_claims
from certweave.proof.vc_jwt import claims as read_claims
from certweave.timestamps import format_timestamp


@dataclass(frozen=True, slots=True)
class Securing:
    """What secures a document.

    Attributes:
        signatures: every signature of a kind that we know.
        document: what is examined further: with the proof's ``@context`` where a proof names one, because
            what was appended later is not signed.
        words: what was found, for the report.
        audience: whom a presentation names; empty where it names nobody.
        nonce: the nonce or challenge of a presentation.
        binding: the key binding that came with an SD-JWT, its form and signature checked; None without one.
    """

    signatures: tuple[Signed, ...]
    document: JsonObject
    words: str
    audience: tuple[str, ...] = ()
    nonce: str | None = None
    binding: KeyBinding | None = None


def check_securing(reading: Reading, course: Course, *, purpose: str) -> Securing:
    """Check the form of every proof of ``reading``.

    Raises:
        InvalidError: there is none, it serves another purpose, or its times contradict themselves.
        MalformedProofError: a member is missing or has the wrong form.
        UnsupportedError: none is of a kind that we know.
    """
    if reading.form in (Form.JWT, Form.LEGACY_JWT):
        return _jwt_securing(reading, course)
    if reading.form is Form.COSE:
        return _cose_securing(reading, course)
    if reading.form is not Form.EMBEDDED:
        return _sd_securing(reading, course)
    return _embedded_securing(reading, course, purpose=purpose)


def _jwt_securing(reading: Reading, course: Course) -> Securing:
    jws = reading.jws
    if jws is None:
        raise MalformedProofError("there is no token")
    typ = "vp+jwt" if reading.presentation else "vc+jwt"
    if reading.form is Form.LEGACY_JWT:
        typ = TYP_LEGACY
    header = check_header(jws.header, typ=typ)
    _check_kid(header.kid)
    if not header.typed:
        course.note("typ_absent", f"the token does not say that it is a {typ}")
    claims = _check_claims(reading, course)
    signed = Signed(
        method=header.kid,
        claimed=claims.iat,
        digest=reading.digest,
        verify=lambda key: verify_jws(jws, key),
        path=None,
    )
    words = f"{header.algorithm.jws}, as a signed token"
    return Securing((signed,), reading.document, words, claims.aud, claims.nonce)


def _cose_securing(reading: Reading, course: Course) -> Securing:
    message = reading.cose
    if message is None:
        raise MalformedProofError("there is no message")
    typ = VP_COSE if reading.presentation else VC_COSE
    header = check_cose_header(message.header, typ=typ)
    _check_kid(header.kid)
    if not header.typed:
        course.note("typ_absent", f"the message does not say that it is {typ}")
    check_header_claims(reading.document, message)
    claims = _check_claims(reading, course)
    signed = Signed(
        method=header.kid,
        claimed=claims.iat,
        digest=reading.digest,
        verify=lambda key: verify_sign1(message, key),
        path=None,
    )
    words = f"{header.algorithm.jws}, as a signed message (COSE)"
    return Securing((signed,), reading.document, words, claims.aud, claims.nonce)


def _sd_securing(reading: Reading, course: Course) -> Securing:
    sd_jwt, processed = reading.sd_jwt, reading.processed
    if sd_jwt is None or processed is None:
        raise MalformedProofError("there is no token")
    header = sd_jwt.jws.header
    if reading.form is Form.SD_JWT_VC:
        method, algorithm = _sd_jwt_vc_method(header, reading.payload, course)
        _check_issued(read_claims(reading.payload), course)
    else:
        method, algorithm = _vc_sd_jwt_method(header, reading, processed, course)
    if processed.withheld or None in processed.places.values():
        course.note("sd_withheld", "something was withheld, or looks as if it were: nobody can tell")
    binding = None
    if sd_jwt.binding is not None:
        binding = verify_key_binding(sd_jwt, reading.payload, limits=course.situation.limits)
    claims = read_claims(reading.payload)
    signed = Signed(
        method=method,
        claimed=claims.iat,
        digest=reading.digest,
        verify=lambda key: verify_jws(sd_jwt.jws, key),
        path=None,
    )
    words = f"{algorithm.jws}, with selective disclosure"
    audience, nonce = (claims.aud, claims.nonce) if binding is None else ((binding.audience,), binding.nonce)
    return Securing((signed,), reading.document, words, audience, nonce, binding)


def _vc_sd_jwt_method(
    raw: JsonObject, reading: Reading, processed: Processed, course: Course
) -> tuple[str | None, Algorithm]:
    """Check header and claims of W3C's form; return the verification method and the algorithm."""
    typ = TYP_VP if reading.presentation else TYP_VC
    header = check_header(raw, typ=typ)
    _check_kid(header.kid)
    if not header.typed:
        course.note("typ_absent", f"the token does not say that it is a {typ}")
    check_disclosed(processed)
    place = find_withholdable(processed)
    if place is not None:
        course.note("sd_needed_hidden", "the issuer let something be withheld that verifiers need", place)
    _check_claims(reading, course)
    return header.kid, header.algorithm


def _sd_jwt_vc_method(raw: JsonObject, payload: JsonObject, course: Course) -> tuple[str | None, Algorithm]:
    """Check the header of an SD-JWT VC (§2.2.1, §2.5); return the verification method and the algorithm.

    The method of an issuer that is a web address is that address with ``kid`` as its fragment.
    """
    typ = TYP_VC if raw.get("typ") == TYP_VC else TYP_SD_JWT_VC
    header = check_header(raw, typ=typ)
    if not header.typed:
        raise InvalidError("an SD-JWT VC says by its typ that it is one", code="typ_wrong")
    if typ == TYP_VC:
        course.note("typ_older", "the typ is that of older drafts of SD-JWT VC")
    if "x5c" in raw:
        raise UnsupportedError("keys in certificates are not supported", code="x5c_unsupported")
    issuer = payload.get("iss")
    if not isinstance(issuer, str) or issuer.startswith("did:"):
        _check_kid(header.kid)
        return header.kid, header.algorithm
    return header.kid and f"{issuer}#{header.kid}", header.algorithm


def _check_issued(claims: JwtClaims, course: Course) -> None:
    """Refuse what says that it was signed later than now."""
    if claims.iat is not None and claims.iat - course.situation.now > course.situation.limits.clock_skew:
        detail = f"iat lies in the future: {format_timestamp(claims.iat)}"
        raise InvalidError(detail, code="proof_from_future", path="/iat")


def _check_claims(reading: Reading, course: Course) -> JwtClaims:
    """Check the registered claims beside the document; they say when it was signed, and for whom."""
    claims = check_claims(reading.payload, presentation=reading.presentation)
    _check_issued(claims, course)
    if "proof" in reading.document:
        course.note("proof_inside_ignored", "the token's own signature was checked, the proof inside was not")
    return claims


def _check_kid(kid: str | None) -> None:
    """Refuse a ``kid`` that leads to no key of a DID: we find keys nowhere else."""
    if kid is None or (kid.startswith("did:") and "#" in kid):
        return
    if is_absolute_uri(kid) and not kid.lower().startswith("did:"):
        detail = f"the kid of the token is not a DID URL, and we find keys nowhere else: {kid[:80]!a}"
        raise UnsupportedError(detail, code="method_unsupported")
    detail = f"the kid of the token is not the DID URL of a key: {kid[:80]!a}"
    raise MalformedProofError(detail, code="kid_malformed")


def _embedded_securing(reading: Reading, course: Course, *, purpose: str) -> Securing:
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
    for proof in known:
        _check_previous(proof, proofs)
        check_proof_options(proof, purpose=purpose, now=course.situation.now, limits=limits)
        if get_suite(proof.suite).selective:
            detail = "a part of a credential: what its issuer did not make mandatory may be left out"
            course.note("sd_part", detail, proof.path)
    around = Around(course.situation.contexts, limits)
    signatures = tuple(_signed(unsecured, proof, proofs, reading.digest, around) for proof in known)
    main = _main_proof(known, unsecured, owner="holder" if reading.presentation else "issuer")
    document = dict(unsecured)
    if "@context" in main.options:
        document["@context"] = main.options["@context"]
    names = ", ".join(proof.suite for proof in known)
    # Whoever passes a presentation on can add a proof of their own: only the speaker's says for whom it was.
    return Securing(signatures, document, f"{names}, for {purpose}", main.domains, main.challenge)


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
        if parse_did_url(proof.method).did.text == name:
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


def speaker_of(reading: Reading, securing: Securing) -> str:
    """Return the DID whose key has to have signed: the issuer's, or a presentation's holder's.

    Raises:
        InvalidError, MalformedError: there is no issuer, or no holder can be told.
    """
    document = securing.document
    if reading.form is Form.SD_JWT_VC:
        issuer = document.get("iss")
        if not isinstance(issuer, str):
            raise InvalidError("an SD-JWT VC without iss names no issuer", code="issuer_missing", path="/iss")
        return issuer
    if not reading.presentation:
        return issuer_id(document)
    holder = document.get("holder")
    name = holder.get("id") if isinstance(holder, dict) else holder
    if isinstance(name, str):
        return name
    method = securing.signatures[0].method
    if method is None:
        raise InvalidError(
            "the presentation names no holder and no key", code="holder_missing", path="/holder"
        )
    return parse_did_url(method).did.text
