"""An SD-JWT, W3C's form or an SD-JWT VC: how it is read, and what secures it.

``proof.sd_jwt`` names the specifications. Of the signatures only that of a key binding is verified here.
"""

from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, UnsupportedError
from certweave.examine.course import Course
from certweave.examine.reading import Form, Reading, at_place, is_presentation
from certweave.examine.secured import (
    Securing,
    check_issued,
    check_kid,
    check_token_claims,
    check_token_header,
    note_audience,
)
from certweave.examine.signing import Signed
from certweave.keys.model import Algorithm
from certweave.limits import Limits
from certweave.proof.jose import check_header, find_type, verify_jws
from certweave.proof.sd_jwt.binding import verify_key_binding
from certweave.proof.sd_jwt.sd_jwt_vc import TYP as TYP_SD_JWT_VC
from certweave.proof.sd_jwt.sd_jwt_vc import is_sd_jwt_vc
from certweave.proof.sd_jwt.token import Processed, SdJwt, parse_sd_jwt, process_sd_jwt
from certweave.proof.sd_jwt.vc_sd_jwt import TYP_VC, TYP_VP, check_disclosed, find_withholdable
from certweave.proof.vc_jwt import check_replicated, replicated_claims, strip_claims
from certweave.proof.vc_jwt import claims as read_claims


def read_sd_jwt(token: str, *, path: str, limits: Limits, words: str) -> Reading:
    """Read an SD-JWT with its disclosures; raises as ``reader.read``."""
    sd_jwt = at_place(path, parse_sd_jwt, token, limits=limits)
    processed = at_place(path, process_sd_jwt, sd_jwt, limits=limits)
    payload, header = processed.payload, sd_jwt.jws.header
    ietf = is_sd_jwt_vc(header, payload)
    presentation = not ietf and (find_type(header) == TYP_VP or is_presentation(payload))
    kind = "presentation" if presentation else "credential"
    return Reading(
        form=Form.SD_JWT_VC if ietf else Form.SD_JWT,
        document=payload if ietf else strip_claims(payload, presentation=presentation),
        payload={**replicated_claims(header), **payload},
        jws=sd_jwt.jws,
        presentation=presentation,
        secured=token,
        path=path,
        size=len(token),
        words=f"{words}{kind} with selective disclosure ({'SD-JWT VC' if ietf else 'SD-JWT'})",
        sd_jwt=sd_jwt,
        processed=processed,
    )


def check_sd_jwt(reading: Reading, sd_jwt: SdJwt, processed: Processed, course: Course) -> Securing:
    """Check header, claims and key binding of an SD-JWT; raises as ``proofs.check_securing``."""
    header = sd_jwt.jws.header
    if reading.form is Form.SD_JWT_VC:
        method, algorithm = _sd_jwt_vc_method(header, reading.payload, course)
        check_replicated(replicated_claims(header), reading.payload)
        claims = read_claims(reading.payload)
        check_issued(claims, course)
        note_audience(claims, course)
    else:
        method, algorithm = _vc_sd_jwt_method(header, reading, processed, course)
        claims = check_token_claims(reading, course)
    partial = bool(processed.withheld) or None in processed.places.values()
    if partial:
        course.note("sd_withheld", "something was withheld, or looks as if it were: nobody can tell")
    binding = None
    if sd_jwt.binding is not None:
        binding = verify_key_binding(sd_jwt, reading.payload, limits=course.situation.limits)
    signed = Signed(
        method=method,
        claimed=claims.iat,
        digest=reading.digest,
        verify=lambda key: verify_jws(sd_jwt.jws, key),
        path=None,
    )
    words = f"{algorithm.jws}, with selective disclosure"
    audience, nonce = (claims.aud, claims.nonce) if binding is None else ((binding.audience,), binding.nonce)
    return Securing((signed,), reading.document, words, audience, nonce, binding, partial, claims)


def _vc_sd_jwt_method(
    raw: JsonObject, reading: Reading, processed: Processed, course: Course
) -> tuple[str | None, Algorithm]:
    """Check the header of W3C's form, and what may be withheld; return the method and the algorithm."""
    typ = TYP_VP if reading.presentation else TYP_VC
    header = check_header(raw, typ=typ)
    check_token_header(header, course, typ=typ)
    check_disclosed(processed)
    place = find_withholdable(processed)
    if place is not None:
        course.note("sd_needed_hidden", "the issuer let something be withheld that verifiers need", place)
    return header.kid, header.algorithm


def _sd_jwt_vc_method(raw: JsonObject, payload: JsonObject, course: Course) -> tuple[str | None, Algorithm]:
    """Check the header of an SD-JWT VC (§2.2.1, §2.5); return the verification method and the algorithm.

    The method of an issuer that is a web address is that address with ``kid`` as its fragment. Looser than
    the text: a ``kid`` that is a fragment alone is of the issuer's DID, as earlier drafts had it.
    """
    typ = TYP_VC if find_type(raw) == TYP_VC else TYP_SD_JWT_VC
    header = check_header(raw, typ=typ)
    if not header.typed:
        raise InvalidError("an SD-JWT VC says by its typ that it is one", code="typ_wrong")
    if typ == TYP_VC:
        course.note("typ_older", "the typ is that of older drafts of SD-JWT VC")
    if "x5c" in raw:
        raise UnsupportedError("keys in certificates are not supported", code="x5c_unsupported")
    issuer = payload.get("iss")
    if not isinstance(issuer, str) or issuer.startswith("did:"):
        kid = f"{issuer}{header.kid}" if (header.kid or "").startswith("#") else header.kid
        check_kid(kid)
        return kid, header.algorithm
    return header.kid and f"{issuer}#{header.kid}", header.algorithm
