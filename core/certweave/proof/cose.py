"""COSE_Sign1: one signature over one payload in CBOR, read strictly and written in one way.

Follows RFC 9052 §3, §4.2 and §4.4 (https://www.rfc-editor.org/rfc/rfc9052), the algorithms of RFC 9053
(https://www.rfc-editor.org/rfc/rfc9053) and RFC 9864, and ``typ`` of RFC 9596. Only the protected header
counts: nothing in the unprotected one changes a result. The claims inside are read in vc_cose.py. Detached
payloads, countersignatures, encryption and MACs are not here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from certweave.encoding.cbor import CborValue, decode_cbor, encode_cbor
from certweave.errors import InvalidError, MalformedProofError, UnsupportedError
from certweave.keys.model import JWS_ALGORITHMS, Algorithm, PublicKey, Signer
from certweave.limits import Limits
from certweave.proof.jose import Header

ALG, CRIT, CONTENT_TYPE, KID, CWT_CLAIMS, TYP = 1, 2, 3, 4, 15, 16
"""Labels of header parameters (RFC 9052 §3.1, RFC 9597 §2, RFC 9596 §2)."""

TAG: Final = b"\xd2"
"""The tag 18 of a COSE_Sign1 (RFC 9052 §2), which may be left out."""
STARTS: Final = (TAG, b"\x84")
"""First bytes of a message with its tag and without; neither JSON nor a compact token starts with one."""

# The first of each is the one that we write; the second is the fully specified one of RFC 9864.
_NUMBERS: Final = {"EdDSA": (-8, -19), "ES256": (-7, -9), "ES384": (-35, -51), "ES512": (-36, -52)}
_BY_ALG: Final = {number: known for known in JWS_ALGORITHMS for number in _NUMBERS.get(known.jws, ())}
_SYMMETRIC: Final = frozenset((4, 5, 6, 7, 14, 15, 25, 26))
"""HMAC and AES-MAC (RFC 9053 §3): whoever can check them can make them."""
_FOREIGN_KEYS: Final = {13: "kcwt", 14: "kccs", 35: "x5u"}
"""Parameters that bring a key along (RFC 9528 §3.5.3, RFC 9360 §2)."""


@dataclass(frozen=True, slots=True)
class Sign1:
    """A message taken apart; nothing in it has been verified.

    Attributes:
        header: the protected parameters by label.
        protected: the bytes of the protected header, as they were signed for.
        payload: the bytes that were signed for.
        signature: as it came.
        unprotected: parameters that nobody signed; for looking at, never for deciding.
    """

    header: Mapping[int | str, Any]
    protected: bytes
    payload: bytes
    signature: bytes
    unprotected: Mapping[int | str, Any]


def parse_sign1(data: bytes, *, limits: Limits) -> Sign1:
    """Take a COSE_Sign1 apart, with or without its tag (RFC 9052 §4.2).

    Stricter than the text, which binds only writers to it (§9): lengths are definite and in their shortest
    form throughout, so that a message cannot be written in a second way without breaking it.

    Raises:
        MalformedError: not strict CBOR.
        MalformedProofError: no array of two headers, a payload and a signature (``cose_malformed``), or the
            payload is elsewhere (``cose_detached``).
        UndecidedError: too large (cause ``limit``).
    """
    parts = decode_cbor(data.removeprefix(TAG), limits=limits)
    if not isinstance(parts, list) or len(parts) != 4:
        raise MalformedProofError("a COSE_Sign1 is an array of four", code="cose_malformed")
    protected, unprotected, payload, signature = parts
    if not isinstance(protected, bytes) or not isinstance(signature, bytes):
        detail = "the protected header and the signature of a COSE_Sign1 are byte strings"
        raise MalformedProofError(detail, code="cose_malformed")
    if payload is None:
        raise MalformedProofError("the payload is not in the message", code="cose_detached")
    if not isinstance(payload, bytes) or not isinstance(unprotected, dict):
        detail = "the payload of a COSE_Sign1 is a byte string, and its unprotected header a map"
        raise MalformedProofError(detail, code="cose_malformed")
    # RFC 9052 §3: an empty map may be written as an empty byte string.
    header = decode_cbor(protected, limits=limits) if protected else {}
    if not isinstance(header, dict):
        raise MalformedProofError("the protected header of a COSE_Sign1 is a map", code="cose_malformed")
    return Sign1(header, protected, payload, signature, unprotected)


def check_cose_header(header: Mapping[int | str, Any], *, typ: str) -> Header:
    """Check every protected parameter that could change how the message is verified.

    Stricter than RFC 9052: ``alg`` must be protected, ``typ`` is a media type as text, and keys inside the
    header are refused rather than ignored. Other parameters are ignored, as VC-JOSE-COSE §3.3.3 demands.

    Raises:
        MalformedProofError: ``alg``, ``kid``, content type or ``crit`` is missing or has the wrong form.
        InvalidError: an algorithm that proves nothing (``alg_refused``), a critical parameter that we do not
            know (``crit_unknown``), a key brought along (``header_key_refused``), another ``typ``
            (``typ_wrong``).
        UnsupportedError: another algorithm (``alg_unsupported``).
    """
    algorithm = _algorithm(header)
    _check_critical(header)
    for label, name in _FOREIGN_KEYS.items():
        if label in header:
            detail = f"the message brings a key of its own in {name!r}; keys come from the issuer's DID alone"
            raise InvalidError(detail, code="header_key_refused")
    content_type = header.get(CONTENT_TYPE, 0)
    if not _is_number(content_type) and (not isinstance(content_type, str) or not content_type):
        raise MalformedProofError("the content type is a text or a number", code="header_malformed")
    if TYP in header and find_cose_type(header) != typ:
        raise InvalidError(
            f"the typ of the message is {str(header[TYP])[:40]!a}, not {typ!r}", code="typ_wrong"
        )
    return Header(algorithm, _kid(header), TYP in header)


def find_cose_type(header: Mapping[int | str, Any]) -> str | None:
    """Return ``typ`` as media types are compared, in small letters (RFC 9596 §2); None for a number."""
    typ = header.get(TYP)
    return typ.lower() if isinstance(typ, str) and typ.isascii() else None


def verify_sign1(message: Sign1, key: PublicKey) -> None:
    """Verify the signature with ``key`` (RFC 9052 §4.4); ``check_cose_header`` comes before.

    Raises:
        InvalidError: an algorithm that is refused, or unfit for the key (``alg_key_mismatch``).
        UnsupportedError: another algorithm.
        InvalidSignatureError: the signature does not match.
    """
    algorithm = _algorithm(message.header)
    if algorithm is not key.algorithm:
        detail = f"alg {message.header[ALG]} of the message does not fit a key for {key.algorithm.value}"
        raise InvalidError(detail, code="alg_key_mismatch")
    key.verify(message.signature, _to_be_signed(message.protected, message.payload))


def sign_sign1(payload: bytes, header: Mapping[int, CborValue], signer: Signer) -> bytes:
    """Sign ``payload`` and return the tagged message; ``alg`` and ``kid`` come from ``signer``.

    ``header`` holds the rest; naming ``alg`` or ``kid`` there is a ValueError. Nothing is left
    unprotected.
    """
    if ALG in header or KID in header:
        raise ValueError("alg and kid come from the signer")
    number = _NUMBERS[signer.algorithm.jws][0]
    protected = encode_cbor({**header, ALG: number, KID: signer.method.encode()})
    signature = signer.sign(_to_be_signed(protected, payload))
    return TAG + encode_cbor([protected, {}, payload, signature])


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """RFC 9052 §4.4, Sig_structure: context, protected header, no external data, payload."""
    return encode_cbor(["Signature1", protected, b"", payload])


def _algorithm(header: Mapping[int | str, Any]) -> Algorithm:
    alg = header.get(ALG)
    if isinstance(alg, str) and alg:
        if alg.lower() == "none" or alg.upper().startswith("HS"):
            raise InvalidError(f"alg {alg[:20]!a} proves nothing about who signed", code="alg_refused")
        raise UnsupportedError(f"alg {alg[:20]!a} is not one we verify", code="alg_unsupported")
    if not isinstance(alg, int) or isinstance(alg, bool):
        raise MalformedProofError("the protected header names no algorithm", code="header_malformed")
    if alg in _SYMMETRIC:
        raise InvalidError(f"alg {alg} proves nothing about who signed", code="alg_refused")
    algorithm = _BY_ALG.get(alg)
    if algorithm is None:
        raise UnsupportedError(f"alg {alg} is not one we verify", code="alg_unsupported")
    return algorithm


def _check_critical(header: Mapping[int | str, Any]) -> None:
    """RFC 9052 §3.1: every label in ``crit`` must be known, and present in the protected header."""
    if CRIT not in header:
        return
    critical = header[CRIT]
    if not isinstance(critical, list) or not critical:
        raise MalformedProofError("crit is an array, not empty", code="header_malformed")
    for label in critical:
        if not (isinstance(label, str) or (isinstance(label, int) and not isinstance(label, bool))):
            raise MalformedProofError("crit holds labels", code="header_malformed")
        if label not in _UNDERSTOOD:
            detail = f"the message makes {str(label)[:40]!a} critical, which we do not know"
            raise InvalidError(detail, code="crit_unknown")
        if label not in header:
            detail = f"the message makes {label} critical, and it is not there"
            raise MalformedProofError(detail, code="header_malformed")


_UNDERSTOOD: Final = frozenset((ALG, CONTENT_TYPE, KID, CWT_CLAIMS, TYP))


def _kid(header: Mapping[int | str, Any]) -> str | None:
    if KID not in header:
        return None
    kid = header[KID]
    try:
        if isinstance(kid, bytes) and kid:
            return kid.decode("utf-8")
    except UnicodeDecodeError:
        pass
    raise MalformedProofError("kid of the header is the bytes of a DID URL", code="header_malformed")


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
