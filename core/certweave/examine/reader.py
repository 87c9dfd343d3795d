"""Step ``read``: from bytes to one secured document, whatever form it came in.

Forms: a compact JWT or SD-JWT (also as a JSON string), an SD-JWT in the JSON serialisation, a COSE_Sign1
message, an enveloped credential or presentation (VCDM 2.0 §4.13), an object with an embedded proof, and the
bodies of VC-API, ``{"verifiableCredential": …}`` and ``{"verifiablePresentation": …}``. Each form has a
module of its own in ``forms``, which is loaded when such a document comes: most commands see one. Nothing is
verified here, and nothing is looked up.
"""

from codecs import BOM_UTF8
from collections.abc import Callable
from functools import cache

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject, JsonValue, parse_json
from certweave.errors import Cause, MalformedError, UndecidedError
from certweave.examine.reading import Form, Reading, at_place, is_presentation
from certweave.limits import Limits
from certweave.proof.legacy_jwt import open_legacy_envelope
from certweave.proof.vc_jwt import VP_JWT, VP_SD_JWT, is_envelope, open_envelope


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
    if not source[:1].isascii():
        from certweave.examine.forms.cose import read_cose
        from certweave.proof.cose import STARTS

        if source[:1] in STARTS:
            return read_cose(source, path="", limits=limits)
    text = source.strip(b" \t\r\n")
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
    legacy = open_legacy_envelope(value)
    if legacy is not None:
        from certweave.examine.forms.jwt import read_legacy_jwt

        token, presentation = legacy
        reading = read_legacy_jwt(token, path=path, limits=limits, presentation=presentation)
        return reading._replace(envelope=value)
    if is_envelope(value):
        return _read_enveloped(value, path=path, limits=limits)._replace(envelope=value)
    return _read_embedded(value, path=path)


_BODIES = {"verifiableCredential": False, "verifiablePresentation": True}
"""The members of a VC-API body, and whether what stands there is a presentation."""


def _read_body(value: JsonObject, *, path: str, limits: Limits) -> Reading:
    # Inside of something else, a body would be an unsigned frame, whose other members nobody judges.
    found = [] if path else [member for member in _BODIES if member in value]
    if len(found) == 1:
        place = join(path, found[0])
        reading = read_value(value[found[0]], path=place, limits=limits)
        _check_kind(reading, presentation=_BODIES[found[0]], path=place)
        return reading
    if found:
        detail = "a body holds a credential or a presentation, not both"
        raise MalformedError(detail, code="input_form", path=path)
    if "payload" in value:
        from certweave.proof.sd_jwt.json_form import is_json_form, to_compact

        if is_json_form(value):
            token = at_place(path, to_compact, value, limits=limits)
            return _read_token(token, path=path, limits=limits)
    raise MalformedError(
        "this is neither a credential nor a presentation: it has no type and no verifiableCredential",
        code="input_form",
        path=path,
    )


def _read_enveloped(value: JsonObject, *, path: str, limits: Limits) -> Reading:
    from certweave.proof.vc_cose import VP_COSE, is_cose_envelope, open_cose_envelope

    if is_cose_envelope(value):
        from certweave.examine.forms.cose import read_cose

        media_type, message = at_place(path, open_cose_envelope, value)
        reading = read_cose(message, path=path, limits=limits, words="an enveloped ")
    else:
        media_type, token = at_place(path, open_envelope, value)
        reading = _read_token(token, path=path, limits=limits, words="an enveloped ")
        if reading.form in (Form.SD_JWT_VC, Form.LEGACY_JWT):
            detail = f"what the envelope holds is no {media_type}"
            raise MalformedError(detail, code="input_kind", path=join(path, "id"))
    presentation = media_type in (VP_COSE, VP_JWT, VP_SD_JWT)
    _check_kind(reading, presentation=presentation, path=join(path, "id"))
    return reading


def _check_kind(reading: Reading, *, presentation: bool, path: str) -> None:
    """Refuse what is not what the thing around it says: who asked for one must not be given the other."""
    if reading.presentation != presentation:
        wanted, found = ("presentation", "credential") if presentation else ("credential", "presentation")
        raise MalformedError(f"a {found} stands where a {wanted} should", code="input_kind", path=path)


def _read_token(token: str, *, path: str, limits: Limits, words: str = "a ") -> Reading:
    return _find_reader(disclosing="~" in token)(token, path=path, limits=limits, words=words)


@cache  # each import statement takes a microsecond, also where the module is there
def _find_reader(*, disclosing: bool) -> Callable[..., Reading]:
    if disclosing:
        from certweave.examine.forms.sd_jwt import read_sd_jwt

        return read_sd_jwt
    from certweave.examine.forms.jwt import read_jwt

    return read_jwt


def _read_embedded(value: JsonObject, *, path: str) -> Reading:
    presentation = is_presentation(value)
    kind = "presentation" if presentation else "credential"
    return Reading(
        form=Form.EMBEDDED,
        document=value,
        payload=value,
        jws=None,
        presentation=presentation,
        secured=value,
        path=path,
        size=0,
        words=f"a {kind} with its proof inside",
    )


def _ascii(text: bytes) -> str:
    if b"." in text and text.isascii():
        return text.decode("ascii")
    detail = "the input is neither JSON nor a compact JWT"
    if text.startswith(BOM_UTF8):
        detail = "the input starts with a byte-order mark, which neither JSON nor a compact JWT has"
    raise MalformedError(detail, code="input_form")
