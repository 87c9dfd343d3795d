"""A compact JWT, and a token of VCDM 1.1 in an envelope: how they are read, and what secures them.

``proof.vc_jwt`` and ``proof.legacy_jwt`` name the specifications. Nothing is verified here.
"""

from certweave.encoding.strict_json import parse_object
from certweave.errors import MalformedProofError
from certweave.examine.course import Course
from certweave.examine.proofs import Securing, check_kid, check_token_claims
from certweave.examine.reader import Form, Reading, at_place, types_of
from certweave.examine.signing import Signed
from certweave.limits import Limits
from certweave.proof.jose import check_header, parse_compact, verify_jws
from certweave.proof.legacy_jwt import TYP as TYP_LEGACY
from certweave.proof.legacy_jwt import decode_legacy
from certweave.proof.vc_jwt import strip_claims


def read_jwt(token: str, *, path: str, limits: Limits, words: str = "a ") -> Reading:
    """Read a compact JWT; raises as ``reader.read``."""
    jws = at_place(path, parse_compact, token, limits=limits)
    payload = at_place(path, parse_object, jws.payload, limits=limits)
    presentation = jws.header.get("typ") == "vp+jwt" or "VerifiablePresentation" in types_of(payload)
    document = strip_claims(payload, presentation=presentation)
    kind = "presentation" if presentation else "credential"
    return Reading(
        form=Form.JWT,
        document=document,
        payload=payload,
        jws=jws,
        presentation=presentation,
        secured=token,
        path=path,
        size=len(token),
        words=f"{words}{kind} as a signed token (JWT)",
    )


def read_legacy_jwt(token: str, *, path: str, limits: Limits, presentation: bool) -> Reading:
    """Read the token of an envelope of VCDM 1.1; raises as ``reader.read``."""
    jws = at_place(path, parse_compact, token, limits=limits)
    raw = at_place(path, parse_object, jws.payload, limits=limits)
    payload = at_place(path, decode_legacy, raw, presentation=presentation)
    kind = "presentation" if presentation else "credential"
    return Reading(
        form=Form.LEGACY_JWT,
        document=strip_claims(payload, presentation=presentation),
        payload=payload,
        jws=jws,
        presentation=presentation,
        secured=token,
        path=path,
        size=len(token),
        words=f"an enveloped {kind} inside a claim of a signed token (JWT of VCDM 1.1)",
    )


def check_jwt(reading: Reading, course: Course) -> Securing:
    """Check header and claims of a token; raises as ``proofs.check_securing``."""
    jws = reading.jws
    if jws is None:
        raise MalformedProofError("there is no token")
    typ = "vp+jwt" if reading.presentation else "vc+jwt"
    if reading.form is Form.LEGACY_JWT:
        typ = TYP_LEGACY
    header = check_header(jws.header, typ=typ)
    check_kid(header.kid)
    if not header.typed:
        course.note("typ_absent", f"the token does not say that it is a {typ}")
    claims = check_token_claims(reading, course)
    signed = Signed(
        method=header.kid,
        claimed=claims.iat,
        digest=reading.digest,
        verify=lambda key: verify_jws(jws, key),
        path=None,
    )
    words = f"{header.algorithm.jws}, as a signed token"
    return Securing((signed,), reading.document, words, claims.aud, claims.nonce)
