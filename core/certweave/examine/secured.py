"""What secures a document, and what tokens and messages say of themselves: what the forms have in common."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, MalformedProofError, UnsupportedError
from certweave.examine.course import Course
from certweave.examine.reading import Reading
from certweave.examine.signing import Signed
from certweave.keys.model import PublicKey
from certweave.proof.jose import Header
from certweave.proof.vc_jwt import JwtClaims, check_claims, check_replicated, replicated_claims
from certweave.timestamps import format_timestamp

if TYPE_CHECKING:
    from certweave.proof.sd_jwt.binding import KeyBinding
    from certweave.proof.suites.suite import Pseudonym


class Securing(NamedTuple):
    """What secures a document.

    Attributes:
        signatures: every signature of a kind that we know.
        document: what is examined further: with the proof's ``@context`` where a proof names one, because
            what was appended later is not signed.
        words: what was found, for the report.
        audience: whom a presentation names; empty where it names nobody.
        nonce: the nonce or challenge of a presentation.
        binding: the key binding that came with an SD-JWT, its form and signature checked; None without one.
        partial: whether something may have been left out that was signed.
        claims: the registered claims of a token or a COSE message; None where there is neither.
        pseudonym: how the one proof of a document names its holder to who asks; None where it does not.
    """

    signatures: tuple[Signed, ...]
    document: JsonObject
    words: str
    audience: tuple[str, ...] = ()
    nonce: str | None = None
    binding: "KeyBinding | None" = None
    partial: bool = False
    claims: JwtClaims | None = None
    pseudonym: "Pseudonym | None" = None


def check_issued(claims: JwtClaims, course: Course) -> None:
    """Refuse what says that it was signed later than now."""
    if claims.iat is not None and claims.iat - course.situation.now > course.situation.limits.clock_skew:
        detail = f"iat lies in the future: {format_timestamp(claims.iat)}"
        raise InvalidError(detail, code="proof_from_future", path="/iat")


def note_audience(claims: JwtClaims, course: Course) -> None:
    """Say for whom a credential was made; who asks by another name is refused it (``binding``)."""
    if claims.aud:
        course.note("audience_named", f"its issuer made it for {', '.join(claims.aud)[:200]}", "/aud")


def check_token(
    reading: Reading, header: Header, course: Course, *, typ: str, verify: Callable[[PublicKey], None]
) -> Securing:
    """Check what a token or a message of W3C says of itself; its header has been checked."""
    check_token_header(header, course, typ=typ)
    claims = check_token_claims(reading, course)
    signed = Signed(header.kid, claims.iat, reading.digest, verify, None)
    kind = "token" if reading.cose is None else "message (COSE)"
    words = f"{header.algorithm.jws}, as a signed {kind}"
    return Securing((signed,), reading.document, words, claims.aud, claims.nonce, claims=claims)


def check_token_header(header: Header, course: Course, *, typ: str) -> None:
    """Check the name of the key, and note a header that does not say what it heads."""
    check_kid(header.kid)
    if not header.typed:
        course.note("typ_absent", f"it does not say of itself that it is {typ}")


def check_token_claims(reading: Reading, course: Course) -> JwtClaims:
    """Check the registered claims beside the document; they say when it was signed, and for whom."""
    if reading.jws is not None:
        replicated = replicated_claims(reading.jws.header)
        if replicated:
            check_replicated(replicated, reading.payload)
    claims = check_claims(reading.payload, presentation=reading.presentation)
    check_issued(claims, course)
    if not reading.presentation:
        note_audience(claims, course)
    if "proof" in reading.document:
        course.note("proof_inside_ignored", "the token's own signature was checked, the proof inside was not")
    return claims


def check_kid(kid: str | None) -> None:
    """Refuse a ``kid`` that leads to no key of a DID: we find keys nowhere else.

    RFC 7515 §4.1.4 lets it be any text, such as a thumbprint, so that one without a DID is no mistake.
    """
    if kid is None or (kid.startswith("did:") and "#" in kid):
        return
    if not kid.lower().startswith("did:"):
        detail = f"the kid of the token is not a DID URL, and we find keys nowhere else: {kid[:80]!a}"
        raise UnsupportedError(detail, code="method_unsupported")
    detail = f"the kid of the token is not the DID URL of a key: {kid[:80]!a}"
    raise MalformedProofError(detail, code="kid_malformed")
