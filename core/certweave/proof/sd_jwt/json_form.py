"""An SD-JWT in the JWS JSON Serialization: put into the compact form, by whose rules it is judged.

Follows RFC 9901 (https://www.rfc-editor.org/rfc/rfc9901) §8 and RFC 7515
(https://www.rfc-editor.org/rfc/rfc7515) §7.2, flattened, and general with one signature. ``sd_hash`` is taken
over the compact form (§8.1), and token.py reads nothing else. Of the unprotected header, which nobody signs,
``disclosures`` and ``kb_jwt`` are looked at and nothing else. Several signatures are not here, nor is a token
without the two, which may be no SD-JWT at all.
"""

from typing import Final

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import MalformedProofError, UnsupportedError
from certweave.limits import Limits
from certweave.proof.jose import parse_compact

DISCLOSURES: Final = "disclosures"
BINDING: Final = "kb_jwt"
_FLATTENED: Final = frozenset(("protected", "header", "signature"))


def is_json_form(value: JsonObject) -> bool:
    """Tell whether an object calls itself a token (RFC 7515 §7.2), an SD-JWT or another."""
    return "payload" in value and ("signature" in value or "signatures" in value)


def to_compact(value: JsonObject, *, limits: Limits) -> str:
    """§8.1: return the compact form of an SD-JWT, whose parts are not read here but for the header.

    Raises:
        MalformedError: it is of neither of the two forms (``sd_jwt_malformed``), or a part is not what stands
            there.
        UnsupportedError: no SD-JWT by its unprotected header, or several signatures (``form_unsupported``).
        UndecidedError: it is too long.
    """
    signed, place = _find_signature(value)
    header = signed.get("header", {})
    if not isinstance(header, dict):
        raise _malformed("the unprotected header is an object", join(place, "header"))
    if DISCLOSURES not in header and BINDING not in header:
        detail = "of tokens as JSON, SD-JWT are read, and this has neither disclosures nor a key binding"
        raise UnsupportedError(detail, code="form_unsupported")
    protected, payload, signature = signed.get("protected"), value["payload"], signed.get("signature")
    if not (isinstance(protected, str) and isinstance(payload, str) and isinstance(signature, str)):
        raise _malformed("protected header, payload and signature of a token are texts", place)
    token = f"{protected}.{payload}.{signature}"
    _check_header(parse_compact(token, limits=limits).header, header, place)
    disclosures = header.get(DISCLOSURES, [])
    if not isinstance(disclosures, list) or not all(_is_part(one) for one in disclosures):
        raise _malformed("disclosures is an array of texts", join(place, "header", DISCLOSURES))
    if BINDING in header and not _is_part(header[BINDING]):
        raise _malformed("kb_jwt is a token", join(place, "header", BINDING))
    return "~".join([token, *disclosures, header.get(BINDING, "")])


def _find_signature(value: JsonObject) -> tuple[JsonObject, str]:
    """RFC 7515 §7.2.1, §7.2.2: return the one signature with its headers, and where it stands."""
    if "signatures" not in value:
        return value, ""
    if not _FLATTENED.isdisjoint(value):
        raise _malformed("a token has one signature or a list of them, not both", "/signatures")
    signatures = value["signatures"]
    if not isinstance(signatures, list) or not signatures or not isinstance(signatures[0], dict):
        raise _malformed("signatures is an array of objects", "/signatures")
    if len(signatures) > 1:
        detail = f"it has {len(signatures)} signatures, and tokens as JSON are read with one"
        raise UnsupportedError(detail, code="form_unsupported")
    return signatures[0], "/signatures/0"


def _check_header(protected: JsonObject, header: JsonObject, place: str) -> None:
    """RFC 7515 §4.1.11, §7.2.1: no name stands in both headers, and ``crit`` is signed for."""
    twice = sorted(protected.keys() & header.keys()) or [name for name in header if name == "crit"]
    if twice:
        detail = f"{twice[0][:40]!a} may not stand in the unprotected header"
        raise _malformed(detail, join(place, "header", twice[0]))


def _is_part(value: object) -> bool:
    """Tell whether a text stays one part of the compact form."""
    return isinstance(value, str) and value != "" and "~" not in value


def _malformed(detail: str, path: str) -> MalformedProofError:
    return MalformedProofError(detail, code="sd_jwt_malformed", path=path or None)
