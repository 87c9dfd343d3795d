"""JSON Web Signatures in compact form, read strictly and signed plainly.

Follows RFC 7515 (https://www.rfc-editor.org/rfc/rfc7515) with the advice of RFC 8725
(https://www.rfc-editor.org/rfc/rfc8725). The algorithm must fit the key that the caller found; a key that the
token itself brings along is never used. Claims are read in vc_jwt.py. JWE and detached payloads are not here.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from certweave.canon.jcs import canonicalize
from certweave.encoding.multibase import base64url_decode, base64url_encode
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import Cause, InvalidError, MalformedProofError, UndecidedError, UnsupportedError
from certweave.keys.model import JWS_ALGORITHMS, Algorithm, PublicKey, Signer
from certweave.limits import DEFAULT_LIMITS, Limits

MAX_HEADER_TEXT: Final = 8192
"""Characters of the encoded header; an honest one has about 300."""
HEADERS_KEPT: Final = 256
"""As they were read, some 2 KiB each; one for each issuer of whom tokens are at hand."""
LONGEST_HEADER_KEPT: Final = 1024

# "Ed25519" is the fully specified name of RFC 9864 for what RFC 8037 calls "EdDSA" with this curve.
_BY_ALG: Final = {known.jws: known for known in JWS_ALGORITHMS} | {"Ed25519": Algorithm.ED25519}
_FOREIGN_KEYS: Final = frozenset(("jwk", "jku", "x5u"))
_REFUSED: Final = _FOREIGN_KEYS | {"crit", "b64"}
"""With one exception: ``b64`` may say what holds without it."""


class Jws(NamedTuple):
    """A token taken apart; nothing in it has been verified.

    Attributes:
        header: the protected header.
        payload: the bytes that were signed for.
        signing_input: the first two parts with the dot between (RFC 7515 §2).
        signature: may be empty, as in a token of ``alg`` none.
        kept: the header's text where what it says is remembered; None for others.
    """

    header: JsonObject
    payload: bytes
    signing_input: bytes
    signature: bytes
    kept: str | None = None

    @property
    def token(self) -> str:
        """The compact form. Only one text is accepted for given bytes, so this is the text that was read."""
        return f"{self.signing_input.decode('ascii')}.{base64url_encode(self.signature)}"


class Header(NamedTuple):
    """What a checked header says.

    Attributes:
        algorithm: the scheme that ``alg`` names.
        kid: the verification method it names, or None.
        typed: False when ``typ`` is absent, which is worth a note.
    """

    algorithm: Algorithm
    kid: str | None
    typed: bool


def parse_compact(token: str | bytes, *, limits: Limits) -> Jws:
    """Take a compact token apart (RFC 7515 §7.1, §5.2 steps 1 to 7).

    Raises:
        MalformedError: not three parts of base64url, or the header is no strict JSON object.
        UndecidedError: the token or its header is too long (cause ``limit``).
    """
    if len(token) > limits.credential_bytes:
        detail = f"the token has more than {limits.credential_bytes} characters"
        raise UndecidedError(detail, code="limit_bytes", cause=Cause.LIMIT)
    try:
        text = token if isinstance(token, str) else token.decode("ascii")
        first, last = text.find("."), text.rfind(".")
        signing_input = text[:last].encode("ascii")
    except UnicodeError:
        raise MalformedProofError("a token is ASCII", code="jws_malformed") from None
    if first == last or text.find(".", first + 1) != last:
        raise MalformedProofError("a compact token has three parts", code="jws_malformed")
    if first > MAX_HEADER_TEXT:
        detail = f"the header of the token has more than {MAX_HEADER_TEXT} characters"
        raise UndecidedError(detail, code="limit_header", cause=Cause.LIMIT)
    head = text[:first]
    known = _plain_header(head) if limits is DEFAULT_LIMITS and first <= LONGEST_HEADER_KEPT else None
    # A copy, so that nobody changes what is kept.
    header = parse_object(base64url_decode(head), limits=limits) if known is None else known.copy()
    payload, signature = base64url_decode(text[first + 1 : last]), base64url_decode(text[last + 1 :])
    return Jws(header, payload, signing_input, signature, None if known is None else head)


@lru_cache(maxsize=HEADERS_KEPT)
def _plain_header(text: str) -> JsonObject | None:
    """Read a header that holds texts only, as nearly all do, under the usual limits; None for another.

    All tokens that an issuer signs with one key have the same header, and it follows from its text.
    """
    header = parse_object(base64url_decode(text), limits=DEFAULT_LIMITS)
    return header if all(isinstance(value, str) for value in header.values()) else None


def check_jws_header(jws: Jws, *, typ: str) -> Header:
    """Check the header of a token; raises as ``check_header``."""
    return check_header(jws.header, typ=typ) if jws.kept is None else _check_plain_header(jws.kept, typ)


@lru_cache(maxsize=HEADERS_KEPT)
def _check_plain_header(text: str, typ: str) -> Header:
    return check_header(_plain_header(text) or {}, typ=typ)


def check_header(header: JsonObject, *, typ: str) -> Header:
    """Check every header parameter that could change how the token is verified.

    Stricter than RFC 7515: keys inside the header are refused rather than ignored. Other parameters are
    ignored, as VC-JOSE-COSE §3.1.3 demands.

    Raises:
        MalformedProofError: ``alg``, ``kid``, ``cty`` or ``crit`` has the wrong form.
        InvalidError: ``alg`` none or symmetric (``alg_refused``), a critical extension (``crit_unknown``), an
            unencoded payload (``b64_refused``), a key brought along (``header_key_refused``), another
            ``typ`` (``typ_wrong``).
        UnsupportedError: another algorithm (``alg_unsupported``).
    """
    algorithm = _algorithm(header)
    if not _REFUSED.isdisjoint(header):
        _check_extensions(header)
    for name in ("kid", "cty"):
        if name in header and (not isinstance(header[name], str) or header[name] == ""):
            raise MalformedProofError(f"{name} of the header is a text, not empty", code="header_malformed")
    if "typ" in header and find_type(header) != typ.lower():
        raise InvalidError(
            f"the typ of the token is {str(header['typ'])[:40]!a}, not {typ!r}", code="typ_wrong"
        )
    return Header(algorithm, header.get("kid"), "typ" in header)


def find_type(header: JsonObject) -> str | None:
    """Return ``typ`` as media types are compared: in small letters, without ``application/`` (§4.1.9)."""
    typ = header.get("typ")
    return typ.lower().removeprefix("application/") if isinstance(typ, str) and typ.isascii() else None


def verify_jws(jws: Jws, key: PublicKey) -> None:
    """Verify the signature of ``jws`` with ``key`` (RFC 7515 §5.2 step 8); ``check_header`` comes before.

    Raises:
        InvalidError: an algorithm that is refused, or unfit for the key (``alg_key_mismatch``).
        UnsupportedError: another algorithm.
        InvalidSignatureError: the signature does not match.
    """
    algorithm = _algorithm(jws.header)
    if algorithm is not key.algorithm:
        detail = f"alg {jws.header['alg']!r} of the token does not fit a key for {key.algorithm.value}"
        raise InvalidError(detail, code="alg_key_mismatch")
    key.verify(jws.signature, jws.signing_input)


def sign_compact(payload: bytes, header: JsonObject, signer: Signer) -> str:
    """Sign ``payload`` and return the compact token; ``alg`` and ``kid`` come from ``signer``.

    ``header`` holds the rest (``typ``, ``cty``); naming ``alg`` or ``kid`` there is a ValueError. With the
    key itself in it (``jwk``), it gets no ``kid``.
    """
    if "alg" in header or "kid" in header:
        raise ValueError("alg and kid come from the signer")
    named = {} if "jwk" in header else {"kid": signer.method}
    full = {**header, "alg": signer.algorithm.jws, **named}
    signing_input = f"{base64url_encode(canonicalize(full))}.{base64url_encode(payload)}"
    return f"{signing_input}.{base64url_encode(signer.sign(signing_input.encode('ascii')))}"


def _algorithm(header: JsonObject) -> Algorithm:
    alg = header.get("alg")
    if not isinstance(alg, str) or not alg:
        raise MalformedProofError("the header names no algorithm", code="header_malformed")
    if alg in _BY_ALG:
        return _BY_ALG[alg]
    if alg.lower() == "none" or alg.upper().startswith("HS"):
        detail = f"alg {alg[:20]!a} proves nothing about who signed"
        raise InvalidError(detail, code="alg_refused")
    raise UnsupportedError(f"alg {alg[:20]!a} is not one we verify", code="alg_unsupported")


def _check_extensions(header: JsonObject) -> None:
    """RFC 7515 §4.1.11: we understand no extension, so every well-formed ``crit`` is one too many."""
    if "crit" in header:
        critical = header["crit"]
        if not isinstance(critical, list) or not critical:
            raise MalformedProofError("crit is an array, not empty", code="header_malformed")
        detail = f"the token makes {str(critical[0])[:40]!a} critical, which we do not know"
        raise InvalidError(detail, code="crit_unknown")
    if header.get("b64", True) is not True:
        # RFC 7797 demands crit beside it; a sender who forgets that shall not win by it.
        raise InvalidError("the payload of a credential must be encoded", code="b64_refused")
    for name in header:
        if name in _FOREIGN_KEYS:
            detail = f"the token brings a key of its own in {name!r}; keys come from the issuer's DID alone"
            raise InvalidError(detail, code="header_key_refused")
