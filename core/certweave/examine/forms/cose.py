"""A COSE_Sign1 message, alone or in an envelope: how it is read, and what secures it.

``proof.cose`` and ``proof.vc_cose`` name the specifications. Nothing is verified here.
"""

from certweave.encoding.strict_json import parse_object
from certweave.examine.course import Course
from certweave.examine.reading import Form, Reading, at_place, is_presentation
from certweave.examine.secured import Securing, check_token
from certweave.limits import Limits
from certweave.proof.cose import Sign1, check_cose_header, find_cose_type, parse_sign1, verify_sign1
from certweave.proof.vc_cose import VC_COSE, VP_COSE, check_header_claims, with_claims


def read_cose(data: bytes, *, path: str, limits: Limits, words: str = "a ") -> Reading:
    """Read a message; raises as ``reader.read``."""
    message = at_place(path, parse_sign1, data, limits=limits)
    document = at_place(path, parse_object, message.payload, limits=limits)
    presentation = find_cose_type(message.header) == VP_COSE or is_presentation(document)
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


def check_cose(reading: Reading, message: Sign1, course: Course) -> Securing:
    """Check header and claims of a message; raises as ``proofs.check_securing``."""
    typ = VP_COSE if reading.presentation else VC_COSE
    header = check_cose_header(message.header, typ=typ)
    check_header_claims(reading.document, message, presentation=reading.presentation)
    return check_token(reading, header, course, typ=typ, verify=lambda key: verify_sign1(message, key))
