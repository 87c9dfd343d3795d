"""A compact JWT, and a token of VCDM 1.1, alone or in an envelope: how they are read, and what secures them.

``proof.vc_jwt`` and ``proof.legacy_jwt`` name the specifications. Nothing is verified here.
"""

from certweave.encoding.strict_json import JsonObject, JsonValue, parse_object
from certweave.errors import MalformedProofError
from certweave.examine.course import Course
from certweave.examine.reading import Form, Reading, at_place, is_presentation
from certweave.examine.secured import Securing, check_token
from certweave.limits import Limits
from certweave.proof.jose import Jws, check_jws_header, find_type, parse_compact, verify_jws
from certweave.proof.legacy_jwt import TYP as TYP_LEGACY
from certweave.proof.legacy_jwt import decode_legacy, is_legacy
from certweave.proof.vc_jwt import replicated_claims, strip_claims

_DIGESTS = frozenset(("_sd", "_sd_alg", "..."))


def read_jwt(token: str, *, path: str, limits: Limits, words: str = "a ") -> Reading:
    """Read a compact JWT; raises as ``reader.read``."""
    if path:
        return at_place(path, _read_jwt, token, path, limits, words)
    return _read_jwt(token, path, limits, words)


def _read_jwt(token: str, path: str, limits: Limits, words: str) -> Reading:
    jws = parse_compact(token, limits=limits)
    typ = find_type(jws.header)
    if typ is not None and typ.endswith("+sd-jwt"):
        detail = "this calls itself an SD-JWT, which has a ~ after its token and after each disclosure"
        raise MalformedProofError(detail, code="sd_jwt_malformed")
    payload = parse_object(jws.payload, limits=limits)
    if _may_withhold(jws.payload) and _holds_digests(payload):
        detail = "this is an SD-JWT without what comes after its token: nobody can tell what was left out"
        raise MalformedProofError(detail, code="sd_jwt_malformed")
    if is_legacy(typ, payload):
        return _read_legacy(token, jws, payload, presentation="vc" not in payload, place=path, words=words)
    presentation = typ == "vp+jwt" or is_presentation(payload)
    kind = "presentation" if presentation else "credential"
    told = f"{words}{kind} as a signed token (JWT)"
    return _reading(Form.JWT, token, jws, payload, presentation=presentation, path=path, words=told)


def _may_withhold(raw: bytes) -> bool:
    """Tell whether one of these members may stand in a payload, spelt in whichever way."""
    # A single byte is looked for much faster than several, and few payloads have one of these two.
    return (b"_" in raw and b'"_sd' in raw) or b'"..."' in raw or (b"\\" in raw and b"\\u" in raw)


def _holds_digests(value: JsonValue) -> bool:
    """Tell whether something has the members by which an SD-JWT stands for its disclosures (RFC 9901 §4)."""
    if isinstance(value, dict):
        return not _DIGESTS.isdisjoint(value) or any(map(_holds_digests, value.values()))
    return isinstance(value, list) and any(map(_holds_digests, value))


def read_legacy_jwt(token: str, *, path: str, limits: Limits, presentation: bool) -> Reading:
    """Read the token of an envelope of VCDM 1.1; raises as ``reader.read``."""
    jws = at_place(path, parse_compact, token, limits=limits)
    claims = at_place(path, parse_object, jws.payload, limits=limits)
    words = "an enveloped "
    return at_place(
        path, _read_legacy, token, jws, claims, presentation=presentation, place=path, words=words
    )


def _read_legacy(
    token: str, jws: Jws, claims: JsonObject, *, presentation: bool, place: str, words: str
) -> Reading:
    payload = decode_legacy(claims, presentation=presentation)
    kind = "presentation" if presentation else "credential"
    told = f"{words}{kind} inside a claim of a signed token (JWT of VCDM 1.1)"
    return _reading(Form.LEGACY_JWT, token, jws, payload, presentation=presentation, path=place, words=told)


def _reading(
    form: Form, token: str, jws: Jws, payload: JsonObject, *, presentation: bool, path: str, words: str
) -> Reading:
    replicated = replicated_claims(jws.header)
    document = strip_claims(payload, presentation=presentation)
    if replicated:
        payload = {**replicated, **payload}
    return Reading(form, document, payload, jws, presentation, token, path, len(token), words)


def check_jwt(reading: Reading, jws: Jws, course: Course) -> Securing:
    """Check header and claims of a token; raises as ``proofs.check_securing``."""
    typ = "vp+jwt" if reading.presentation else "vc+jwt"
    if reading.form is Form.LEGACY_JWT:
        typ = TYP_LEGACY
    header = check_jws_header(jws, typ=typ)
    if typ == TYP_LEGACY and header.kid == reading.payload.get("iss"):
        # VCDM 1.1 says nothing of a kid's form: one that is the DID itself names no more than an absent one.
        header = header._replace(kid=None)
    return check_token(reading, header, course, typ=typ, verify=lambda key: verify_jws(jws, key))
