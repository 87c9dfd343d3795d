"""Credentials and presentations secured with COSE: media types ``vc+cose`` and ``vp+cose``.

Follows Securing Verifiable Credentials using JOSE and COSE 1.0 §3.3 (https://www.w3.org/TR/vc-jose-cose/) and
VCDM 2.0 §4.13 for the envelopes. The payload is the credential itself, as JSON; claims about the signature
stand in the protected header (RFC 9597, https://www.rfc-editor.org/rfc/rfc9597). The message is read in
cose.py; the credential and its validity are not checked here.
"""

import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from certweave.canon.jcs import canonicalize
from certweave.encoding.cbor import CborValue
from certweave.encoding.strict_json import JsonObject
from certweave.errors import MalformedError, MalformedProofError, UnsupportedError
from certweave.keys.model import Signer
from certweave.proof.cose import CONTENT_TYPE, CWT_CLAIMS, TYP, Sign1, sign_sign1
from certweave.proof.vc_jwt import (
    CREDENTIALS_V2,
    check_claims,
    check_replicated,
    numeric_date,
    split_data_url,
)

VC_COSE: Final = "application/vc+cose"
VP_COSE: Final = "application/vp+cose"

_ENVELOPES: Final = {VC_COSE: "EnvelopedVerifiableCredential", VP_COSE: "EnvelopedVerifiablePresentation"}
_ISS, _SUB, _AUD, _EXP, _NBF, _IAT, _NONCE, _STATUS = 1, 2, 3, 4, 5, 6, 10, 65535
CNF: Final = 8
"""The holder's key (RFC 8747 §3.1): a COSE key, which we do not read."""
_NAMES: Final = {
    _ISS: "iss",
    _SUB: "sub",
    _AUD: "aud",
    _EXP: "exp",
    _NBF: "nbf",
    _IAT: "iat",
    _NONCE: "nonce",
    _STATUS: "status",
}
"""Keys of CWT claims and the names of the same claims in JSON (RFC 8392 §3.1; 10 is that of RFC 9711 §4.1,
65535 of draft-ietf-oauth-status-list §6.3).

``cti``, which is bytes, has no counterpart in a credential; other claims are ignored (VC-JOSE-COSE §3.3.3).
"""


def sign_credential_cose(
    credential: JsonObject, signer: Signer, *, issued_at: datetime, status: JsonObject | None = None
) -> bytes:
    """Return ``credential`` as a ``vc+cose`` message, with ``issued_at`` as the claim ``iat``.

    ``status`` names its place in a token status list: ``{"status_list": {"idx": …, "uri": …}}``.

    Raises:
        MalformedError: the credential has no JSON form.
        InvalidError: it holds claims of a token that contradict it.
    """
    check_claims(credential)
    claims: dict[int, CborValue] = {_IAT: numeric_date(issued_at)}
    if status is not None:
        claims[_STATUS] = status
    return _sign(credential, VC_COSE, "application/vc", claims, signer)


def sign_presentation_cose(
    presentation: JsonObject, signer: Signer, *, issued_at: datetime, audience: str | None, nonce: str | None
) -> bytes:
    """Return ``presentation`` as a ``vp+cose`` message for one audience and nonce, where these are given.

    Raises:
        MalformedError: the presentation has no JSON form.
        InvalidError: it holds claims of a token that contradict it.
    """
    check_claims(presentation, presentation=True)
    claims: dict[int, CborValue] = {_IAT: numeric_date(issued_at)}
    if audience is not None:
        claims[_AUD] = audience
    if nonce is not None:
        claims[_NONCE] = nonce.encode()
    return _sign(presentation, VP_COSE, "application/vp", claims, signer)


def _sign(
    document: JsonObject, typ: str, content: str, claims: Mapping[int, CborValue], signer: Signer
) -> bytes:
    header: dict[int, CborValue] = {CONTENT_TYPE: content, CWT_CLAIMS: dict(claims), TYP: typ}
    return sign_sign1(canonicalize(document), header, signer)


def cwt_claims(message: Sign1) -> JsonObject:
    """Return the claims of the protected header under their JSON names; empty where there are none.

    Raises:
        MalformedProofError: a claim has the wrong type, or is named as in JSON (``claim_malformed``).
    """
    claims = message.header.get(CWT_CLAIMS, {})
    if not isinstance(claims, dict):
        raise MalformedProofError("the CWT claims of the header are a map", code="claim_malformed")
    for name in (*_NAMES.values(), "cnf"):
        if name in claims:  # others are ignored, and this one might be what says no
            detail = f"the claim {name} stands under its name, and COSE has numbers for claims"
            raise MalformedProofError(detail, code="claim_malformed", path=f"/{name}")
    found: JsonObject = {}
    for key, name in _NAMES.items():
        if key in claims:
            found[name] = _nonce(claims[key]) if key == _NONCE else claims[key]
    return found


def with_claims(document: JsonObject, message: Sign1) -> JsonObject:
    """Return the signed document with the claims of the protected header, for the checks that a JWT has.

    The context of VCDM 2.0 defines the same names, so that a document may state them itself; whether the two
    agree, ``check_header_claims`` says.

    Raises:
        MalformedProofError: as ``cwt_claims``.
    """
    return {**document, **cwt_claims(message)}


def check_header_claims(document: JsonObject, message: Sign1, *, presentation: bool = False) -> None:
    """Check that a claim which stands in the protected header and in the document says the same in both.

    Raises:
        InvalidError: one contradicts the other (``claim_mismatch``).
        UnsupportedError: a presentation has a status (``status_mechanism_unknown``), which nobody defines.
    """
    found = cwt_claims(message)
    if presentation and "status" in found:
        detail = "the header names a status of the presentation, and nobody defines one"
        raise UnsupportedError(detail, code="status_mechanism_unknown", path="/status")
    check_replicated(found, document)


def envelope_cose(data: bytes, *, presentation: bool = False) -> JsonObject:
    """Return a message as an EnvelopedVerifiableCredential, or …Presentation (VC-JOSE-COSE §3.3.1)."""
    media_type = VP_COSE if presentation else VC_COSE
    text = binascii.b2a_base64(data, newline=False).decode("ascii")
    return {
        "@context": CREDENTIALS_V2,
        "id": f"data:{media_type};base64,{text}",
        "type": _ENVELOPES[media_type],
    }


def is_cose_envelope(obj: Mapping[str, Any]) -> bool:
    """Tell whether the ``id`` of an envelope says that a COSE message is inside."""
    return split_data_url(obj.get("id"))[0].partition(";")[0] in _DATA


_DATA: Final = {f"data:{media_type}": media_type for media_type in _ENVELOPES}


def open_cose_envelope(obj: Mapping[str, Any]) -> tuple[str, bytes]:
    """Return the media type and the message of an envelope; ``check_envelope`` has its other rules.

    Raises:
        MalformedError: its parts do not fit together, or the message is not in base64 (RFC 2397, RFC 4648 §4;
            exactly one text is accepted for given bytes).
    """
    head, text = split_data_url(obj.get("id"))
    prefix, _, encoding = head.partition(";")
    media_type = _DATA.get(prefix)
    if media_type is None or encoding != "base64" or not text:
        detail = "the envelope must hold a COSE message in base64, without parameters"
        raise MalformedError(detail, code="envelope_malformed", path="/id")
    kind = obj.get("type")
    if _ENVELOPES[media_type] not in (kind, *(kind if isinstance(kind, list) and len(kind) == 1 else ())):
        detail = f"an envelope of this type does not hold {media_type}"
        raise MalformedError(detail, code="envelope_malformed", path="/id")
    return media_type, decode_base64(text)


def decode_base64(text: str) -> bytes:
    """Read base64 with padding (RFC 4648 §4); every byte string has exactly one accepted text.

    Raises:
        MalformedError: blanks, foreign characters, wrong padding, or stray trailing bits.
    """
    try:
        data = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except ValueError:
        raise MalformedError("a COSE message stands in base64 with padding", code="base64") from None
    if binascii.b2a_base64(data, newline=False).decode("ascii") != text:
        raise MalformedError("the last character of the base64 text has stray bits", code="base64")
    return data


def _nonce(value: object) -> str:
    """RFC 9711 §4.1 has bytes; they are compared as text, since whoever asked chose a text."""
    try:
        if isinstance(value, bytes) and value:
            return value.decode("utf-8")
    except UnicodeDecodeError:
        pass
    raise MalformedProofError("the nonce is the bytes of a text", code="claim_malformed", path="/nonce")
