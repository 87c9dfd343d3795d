"""Step ``proof``: the form of what secures a document, before any key is looked for.

Gives the signatures that have to be judged, as values that no longer differ by their form.
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from certweave.credential.shapes import issuer_id
from certweave.did.syntax import parse_did_url
from certweave.errors import InvalidError
from certweave.examine.course import Course
from certweave.examine.reading import Form, Reading
from certweave.examine.secured import Securing
from certweave.proof.jose import Jws

if TYPE_CHECKING:
    from certweave.proof.cose import Sign1
    from certweave.proof.sd_jwt.token import Processed, SdJwt


def check_securing(reading: Reading, course: Course, *, purpose: str) -> Securing:
    """Check the form of every proof of ``reading``.

    Raises:
        InvalidError: there is none, it serves another purpose, or its times contradict themselves.
        MalformedProofError: a member is missing or has the wrong form.
        UnsupportedError: none is of a kind that we know.
    """
    if reading.cose is not None:
        return _cose()(reading, reading.cose, course)
    if reading.sd_jwt is not None and reading.processed is not None:
        return _sd_jwt()(reading, reading.sd_jwt, reading.processed, course)
    if reading.jws is not None:
        return _jwt()(reading, reading.jws, course)
    return _embedded()(reading, course, purpose)


# What looks at a form is loaded when the first such document comes (``reader``).
@cache
def _cose() -> Callable[[Reading, "Sign1", Course], Securing]:
    from certweave.examine.forms.cose import check_cose

    return check_cose


@cache
def _sd_jwt() -> Callable[[Reading, "SdJwt", "Processed", Course], Securing]:
    from certweave.examine.forms.sd_jwt import check_sd_jwt

    return check_sd_jwt


@cache
def _jwt() -> Callable[[Reading, Jws, Course], Securing]:
    from certweave.examine.forms.jwt import check_jwt

    return check_jwt


@cache
def _embedded() -> Callable[[Reading, Course, str], Securing]:
    from certweave.examine.forms.embedded import check_embedded

    return check_embedded


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
