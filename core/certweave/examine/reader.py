"""Step ``read``: from bytes to one secured document, whatever form it came in.

Forms: a compact JWT (also as a JSON string), a COSE_Sign1 message, an enveloped credential or presentation
(VCDM 2.0 §4.13), an object with an embedded proof, and the bodies of VC-API, ``{"verifiableCredential": …}``
and ``{"verifiablePresentation": …}``. Nothing is verified here, and nothing is looked up.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject, JsonValue, parse_json, parse_object
from certweave.errors import Cause, MalformedError, UndecidedError, UnsupportedError
from certweave.limits import Limits
from certweave.log.receipt import secured_digest
from certweave.proof.cose import STARTS, TYP, Sign1, parse_sign1
from certweave.proof.jose import Jws, parse_compact
from certweave.proof.vc_cose import VP_COSE, is_cose_envelope, open_cose_envelope, with_claims
from certweave.proof.vc_jwt import VP_JWT, is_envelope, open_envelope, strip_claims


class Form(StrEnum):
    """How a document is secured."""

    JWT = "jwt"
    COSE = "cose"
    EMBEDDED = "embedded"


@dataclass(frozen=True, slots=True)
class Reading:
    """One document as it was read, not verified.

    Attributes:
        form: how it is secured.
        document: the claims; of a JWT without the registered claims, of an embedded form with ``proof``.
        payload: what was signed, as parsed (of a JWT, and of a COSE message, with its registered claims).
        jws: the parsed token; None for an embedded proof.
        presentation: whether it presents credentials, or is one.
        digest: SHA-256 that a receipt of the ledger would be about.
        path: JSON Pointer of the place in the input where it stood.
        size: bytes of the secured form.
        words: how the form is called in a report.
        envelope: the object around the token, which is not signed; None without one.
        cose: the parsed message; None for other forms.
    """

    form: Form
    document: JsonObject
    payload: JsonObject
    jws: Jws | None
    presentation: bool
    digest: bytes
    path: str
    size: int
    words: str
    envelope: JsonObject | None = None
    cose: Sign1 | None = None


def read(source: bytes, *, limits: Limits) -> Reading:
    """Read ``source``, in any of the forms above.

    Raises:
        MalformedError: it is none of them; ``path`` names the place.
        UndecidedError: a limit was reached, or the form is one that we do not read.
    """
    if len(source) > limits.credential_bytes:
        raise UndecidedError(
            f"the input has {len(source)} bytes; credential_bytes allows {limits.credential_bytes}",
            code="limit_bytes",
            cause=Cause.LIMIT,
        )
    if source[:1] in STARTS:
        return _read_cose(source, path="", limits=limits)
    text = source.strip()
    if not text:
        raise MalformedError("the input is empty", code="input_empty")
    if text[:1] in (b"{", b"[", b'"'):
        return read_value(parse_json(text, limits=limits), path="", limits=limits)
    return _read_token(_ascii(text), path="", limits=limits)


def read_value(value: JsonValue, *, path: str, limits: Limits) -> Reading:
    """Read a value that stands at ``path`` of a larger document.

    Raises:
        MalformedError, UndecidedError: as ``read``.
    """
    if isinstance(value, str):
        return _read_token(value, path=path, limits=limits)
    if not isinstance(value, dict):
        raise MalformedError("a credential is an object or a compact JWT", code="input_form", path=path)
    if "type" not in value and "@context" not in value:
        return _read_body(value, path=path, limits=limits)
    if is_envelope(value) and is_cose_envelope(value):
        media_type, message = open_cose_envelope(value)
        reading = _read_cose(message, path=path, limits=limits, words="an enveloped ")
        _check_kind(reading, presentation=media_type == VP_COSE, path=join(path, "id"))
        return replace(reading, envelope=value)
    if is_envelope(value):
        media_type, token = open_envelope(value)
        reading = _read_token(token, path=path, limits=limits, words="an enveloped ")
        _check_kind(reading, presentation=media_type == VP_JWT, path=join(path, "id"))
        return replace(reading, envelope=value)
    return _read_embedded(value, path=path)


_BODIES = {"verifiableCredential": False, "verifiablePresentation": True}
"""The members of a VC-API body, and whether what stands there is a presentation."""


def _read_body(value: JsonObject, *, path: str, limits: Limits) -> Reading:
    found = [member for member in _BODIES if member in value]
    if len(found) == 1:
        place = join(path, found[0])
        reading = read_value(value[found[0]], path=place, limits=limits)
        _check_kind(reading, presentation=_BODIES[found[0]], path=place)
        return reading
    if found:
        detail = "a body holds a credential or a presentation, not both"
        raise MalformedError(detail, code="input_form", path=path)
    raise MalformedError(
        "this is neither a credential nor a presentation: it has no type and no verifiableCredential",
        code="input_form",
        path=path,
    )


def _check_kind(reading: Reading, *, presentation: bool, path: str) -> None:
    """Refuse what is not what the thing around it says: who asked for one must not be given the other."""
    if reading.presentation != presentation:
        wanted, found = ("presentation", "credential") if presentation else ("credential", "presentation")
        raise MalformedError(f"a {found} stands where a {wanted} should", code="input_kind", path=path)


def _read_token(token: str, *, path: str, limits: Limits, words: str = "a ") -> Reading:
    if "~" in token:
        raise UnsupportedError("SD-JWT is not read yet", code="form_unsupported", path=path)
    jws = parse_compact(token, limits=limits)
    payload = parse_object(jws.payload, limits=limits)
    presentation = jws.header.get("typ") == "vp+jwt" or "VerifiablePresentation" in _types(payload)
    document = strip_claims(payload, presentation=presentation)
    kind = "presentation" if presentation else "credential"
    return Reading(
        form=Form.JWT,
        document=document,
        payload=payload,
        jws=jws,
        presentation=presentation,
        digest=secured_digest(token),
        path=path,
        size=len(token),
        words=f"{words}{kind} as a signed token (JWT)",
    )


def _read_cose(data: bytes, *, path: str, limits: Limits, words: str = "a ") -> Reading:
    message = parse_sign1(data, limits=limits)
    document = parse_object(message.payload, limits=limits)
    presentation = message.header.get(TYP) == VP_COSE or "VerifiablePresentation" in _types(document)
    kind = "presentation" if presentation else "credential"
    return Reading(
        form=Form.COSE,
        document=document,
        payload=with_claims(document, message),
        jws=None,
        presentation=presentation,
        digest=secured_digest(data),
        path=path,
        size=len(data),
        words=f"{words}{kind} as a signed message (COSE)",
        cose=message,
    )


def _read_embedded(value: JsonObject, *, path: str) -> Reading:
    presentation = "VerifiablePresentation" in _types(value)
    kind = "presentation" if presentation else "credential"
    return Reading(
        form=Form.EMBEDDED,
        document=value,
        payload=value,
        jws=None,
        presentation=presentation,
        digest=secured_digest(value),
        path=path,
        size=0,
        words=f"a {kind} with its proof inside",
    )


def _types(value: JsonObject) -> list[str]:
    found = value.get("type")
    if isinstance(found, str):
        return [found]
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []


def _ascii(text: bytes) -> str:
    try:
        return text.decode("ascii")
    except UnicodeDecodeError:
        raise MalformedError("the input is neither JSON nor a compact JWT", code="input_form") from None
