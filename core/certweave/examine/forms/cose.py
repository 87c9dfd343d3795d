"""A COSE_Sign1 message, alone or in an envelope: how it is read, and what secures it.

``proof.cose`` and ``proof.vc_cose`` name the specifications. Nothing is verified here.
"""

from certweave.encoding.strict_json import parse_object
from certweave.errors import MalformedProofError
from certweave.examine.course import Course
from certweave.examine.proofs import Securing, check_kid, check_token_claims
from certweave.examine.reader import Form, Reading, at_place, types_of
from certweave.examine.signing import Signed
from certweave.limits import Limits
from certweave.proof.cose import TYP, check_cose_header, parse_sign1, verify_sign1
from certweave.proof.vc_cose import VC_COSE, VP_COSE, check_header_claims, with_claims


def read_cose(data: bytes, *, path: str, limits: Limits, words: str = "a ") -> Reading:
    """Read a message; raises as ``reader.read``."""
    message = at_place(path, parse_sign1, data, limits=limits)
    document = at_place(path, parse_object, message.payload, limits=limits)
    presentation = message.header.get(TYP) == VP_COSE or "VerifiablePresentation" in types_of(document)
    kind = "presentation" if presentation else "credential"
    return Reading(
        form=Form.COSE,
        document=document,
        payload=with_claims(document, message),
        jws=None,
        presentation=presentation,
        secured=data,
        path=path,
        size=len(data),
        words=f"{words}{kind} as a signed message (COSE)",
        cose=message,
    )


def check_cose(reading: Reading, course: Course) -> Securing:
    """Check header and claims of a message; raises as ``proofs.check_securing``."""
    message = reading.cose
    if message is None:
        raise MalformedProofError("there is no message")
    typ = VP_COSE if reading.presentation else VC_COSE
    header = check_cose_header(message.header, typ=typ)
    check_kid(header.kid)
    if not header.typed:
        course.note("typ_absent", f"the message does not say that it is {typ}")
    check_header_claims(reading.document, message)
    claims = check_token_claims(reading, course)
    signed = Signed(
        method=header.kid,
        claimed=claims.iat,
        digest=reading.digest,
        verify=lambda key: verify_sign1(message, key),
        path=None,
    )
    words = f"{header.algorithm.jws}, as a signed message (COSE)"
    return Securing((signed,), reading.document, words, claims.aud, claims.nonce)
