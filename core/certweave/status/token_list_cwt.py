"""Token status lists in CBOR: taking a status list CWT apart, and making one.

Follows draft-ietf-oauth-status-list (https://datatracker.ietf.org/doc/draft-ietf-oauth-status-list/) §4.3 and
§5.2, in the state of April 2026, and CWT (RFC 8392, https://www.rfc-editor.org/rfc/rfc8392) §3.1. The message
is read in cose.py, and what its claims mean in token_list.py, by the rules of the form in JSON. MACs are
refused: whoever could check one could make one.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from certweave.encoding.cbor import CborValue, decode_cbor, encode_cbor
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, MalformedError
from certweave.keys.model import Signer
from certweave.limits import Limits
from certweave.proof.cose import TAG, Sign1, parse_sign1, sign_sign1
from certweave.proof.cose import TYP as TYP_LABEL
from certweave.status.token_list import make_list_claims

TYP: Final = "application/statuslist+cwt"
_MAC: Final = b"\xd1"
"""The tag 17 of a COSE_Mac0, the other message that §5.2 allows."""
_NUMBER: Final = (int, float)
_CLAIMS: Final[dict[int, tuple[str, type | tuple[type, ...]]]] = {
    1: ("iss", str),
    2: ("sub", str),
    4: ("exp", _NUMBER),
    5: ("nbf", _NUMBER),
    6: ("iat", _NUMBER),
    65534: ("ttl", int),
    65533: ("status_list", dict),
}
"""Keys of claims, their names in JSON and their types; whoever makes a list may add others (§5.2)."""


def parse_token_list_cwt(data: bytes, *, limits: Limits) -> tuple[Sign1, JsonObject]:
    """§5.2: take a status list CWT apart; return the message and its claims by their names in JSON.

    Nothing is verified; ``check_cose_header`` and ``verify_sign1`` do that.

    Raises:
        MalformedError: no tagged COSE_Sign1 in strict CBOR, or no map of claims of their types.
        InvalidError: it has a MAC instead of a signature (``alg_refused``).
        UndecidedError: too large (cause ``limit``).
    """
    if data[:1] == _MAC:
        detail = "the status list has a MAC, which proves nothing about who made it"
        raise InvalidError(detail, code="alg_refused")
    if data[:1] != TAG:
        raise MalformedError("a status list in CBOR bears the tag of a COSE_Sign1", code="status_list_form")
    message = parse_sign1(data, limits=limits)
    said = decode_cbor(message.payload, limits=limits)
    if not isinstance(said, dict):
        raise MalformedError("the claims of a status list are a map", code="status_list_form")
    found: JsonObject = {}
    for key, (name, kind) in _CLAIMS.items():
        if key in said:
            if not isinstance(said[key], kind):
                raise _malformed(f"{name} of the status list is of another type", f"/{name}")
            found[name] = said[key]
    _check_packed(found.get("status_list"))
    return message, found


def _check_packed(listed: Any) -> None:
    """§4.3: the packed list is bytes; whether it is there, the rules of both forms say."""
    if listed is not None and not isinstance(listed.get("lst"), bytes):
        raise _malformed("lst of a status list in CBOR is a byte string", "/status_list/lst")


def sign_token_list_cwt(
    list_url: str,
    signer: Signer,
    *,
    data: bytes | bytearray,
    bits: int,
    issued_at: datetime,
    expires: datetime | None = None,
    ttl: timedelta | None = None,
) -> bytes:
    """Return a signed status list token in CWT format (§5.2).

    Raises:
        InvalidError: as ``make_list_claims``.
    """
    said = make_list_claims(list_url, data=data, bits=bits, issued_at=issued_at, expires=expires, ttl=ttl)
    claims: dict[int, CborValue] = {key: said[name] for key, (name, _) in _CLAIMS.items() if name in said}
    return sign_sign1(encode_cbor(claims), {TYP_LABEL: TYP}, signer)


def _malformed(detail: str, path: str) -> MalformedError:
    return MalformedError(detail, code="status_list_form", path=path)
