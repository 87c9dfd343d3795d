"""Receipts: when the ledger saw the digest of a secured credential.

A signer's own time never helps the signer; a receipt is the ledger's word that it had seen the SHA-256 of
the secured bytes by a moment. The form is our own (docs/reference/receipts.md): a compact JWS (RFC 7515,
https://www.rfc-editor.org/rfc/rfc7515) of type ``receipt+jwt`` over ``{iss, iat, digest}``. Which ledger's
receipts count is policy, and finding the ledger's key is resolution: neither is done here.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from certweave.canon.jcs import canonicalize
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import InvalidError, MalformedError
from certweave.keys.model import PublicKey, Signer
from certweave.limits import Limits
from certweave.proof.cose import STARTS as COSE_STARTS
from certweave.proof.jose import Jws, check_header, parse_compact, sign_compact, verify_jws
from certweave.proof.vc_cose import is_cose_envelope, open_cose_envelope
from certweave.proof.vc_jwt import is_envelope, open_envelope

TYP = "receipt+jwt"

_COMPACT = re.compile(r"([A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*)(~[A-Za-z0-9_.~-]*)?", re.ASCII)
_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LAST_SECOND = 253_402_300_799
"""The end of the year 9999, the last that a datetime can hold."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """``ledger`` (a DID) had seen ``digest`` by ``at``; ``method`` is the DID URL of the key that says so."""

    digest: bytes
    at: datetime
    ledger: str
    method: str


def secured_digest(secured: str | bytes | JsonObject) -> bytes:
    """Return the SHA-256 that a receipt is about.

    Of a compact token, the digest of its ASCII bytes, and of a COSE message, that of its bytes as they came,
    whether it stands alone or in an envelope; of an SD-JWT that of the part which the issuer signed, whatever
    is disclosed with it; of a document with embedded proofs, the digest of its RFC 8785
    form, proofs included, so that the same document written with other blanks or member order finds its
    receipt.

    Raises:
        MalformedError: neither a compact token, a COSE message nor a JSON object, or no RFC 8785 form.
    """
    if isinstance(secured, dict):
        if is_envelope(secured):
            if is_cose_envelope(secured):
                return hashlib.sha256(open_cose_envelope(secured)[1]).digest()
            return secured_digest(open_envelope(secured)[1])
        return hashlib.sha256(canonicalize(secured)).digest()
    if isinstance(secured, bytes) and secured[:1] in COSE_STARTS:
        return hashlib.sha256(secured).digest()
    try:
        text = secured if isinstance(secured, str) else secured.decode("ascii")
    except UnicodeDecodeError:
        text = ""
    compact = _COMPACT.fullmatch(text)
    if compact is None:
        raise MalformedError("a receipt is about a compact token or a JSON object", code="receipt_subject")
    return hashlib.sha256(compact[1].encode("ascii")).digest()


def make_receipt(digest: bytes, *, at: datetime, signer: Signer, ledger: str) -> str:
    """Return the ledger's signed receipt for one SHA-256; ``at`` is cut to the second.

    Raises:
        InvalidError: the digest has not 32 bytes, ``at`` has no time zone, or the key is not the ledger's.
    """
    if len(digest) != 32:
        raise InvalidError("a receipt is about one SHA-256 digest", code="receipt_digest")
    if at.tzinfo is None:
        raise InvalidError("the time of a receipt needs a time zone", code="receipt_time")
    _check_method(signer.method, ledger)
    payload = {"iss": ledger, "iat": int(at.timestamp()), "digest": digest.hex()}
    return sign_compact(canonicalize(payload), {"typ": TYP}, signer)


def parse_receipt(token: str | bytes, *, limits: Limits) -> tuple[Receipt, Jws]:
    """Read a receipt; its signature is not verified yet.

    Raises:
        MalformedError: no compact JWS of this type, or its payload is no receipt.
        InvalidError: the header does not hold, or its key is not one of the ledger named in ``iss``.
        UnsupportedError: an algorithm that we do not have.
    """
    jws = parse_compact(token, limits=limits)
    header = check_header(jws.header, typ=TYP)
    if not header.typed or header.kid is None:
        # Without its type, a token signed for another purpose could pass for a receipt.
        raise _malformed("the header of a receipt names its type and its key")
    payload = parse_object(jws.payload, limits=limits)
    if payload.keys() != {"iss", "iat", "digest"}:
        raise _malformed("a receipt says iss, iat and digest, and nothing else")
    ledger, seconds, digest = payload["iss"], payload["iat"], payload["digest"]
    if not isinstance(ledger, str) or not ledger:
        raise _malformed("the receipt names no ledger", "/iss")
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 <= seconds <= _LAST_SECOND:
        raise _malformed("the receipt's time is not a whole number of seconds", "/iat")
    if not isinstance(digest, str) or not _HEX.fullmatch(digest):
        raise _malformed("the receipt's digest is not 64 hexadecimal digits", "/digest")
    _check_method(header.kid, ledger)
    return Receipt(bytes.fromhex(digest), datetime.fromtimestamp(seconds, UTC), ledger, header.kid), jws


class SigningPeriod(Protocol):
    """A ledger's key and the time in which it was good, as the history of the ledger's DID tells it."""

    @property
    def key(self) -> PublicKey: ...  # noqa: D102
    @property
    def since(self) -> datetime | None: ...  # noqa: D102
    @property
    def retired(self) -> datetime | None: ...  # noqa: D102


def verify_receipt(receipt: Receipt, jws: Jws, period: SigningPeriod) -> None:
    """Verify the signature of a receipt, and that its key may say so: in force now, or then.

    Raises:
        InvalidSignatureError: the signature does not match.
        InvalidError: the receipt's time lies outside of the key's.
    """
    verify_jws(jws, period.key)
    # A key in force speaks for the ledger: it may repeat what the ledger said under a key before it.
    early = period.retired is not None and period.since is not None and receipt.at < period.since
    # A receipt at the very second of retirement does not count: receipts are cut to the second.
    late = period.retired is not None and receipt.at >= period.retired
    if early or late:
        detail = "the receipt states a time at which its key was not the ledger's"
        raise InvalidError(detail, code="receipt_key_period")


def check_receipt(receipt: Receipt, digest: bytes, *, ledger: str, now: datetime, limits: Limits) -> None:
    """Hold a receipt against what it is to prove.

    Raises:
        InvalidError: it is about another digest, by another ledger, or from the future.
    """
    if receipt.digest != digest:
        raise InvalidError("the receipt is about other bytes", code="receipt_digest_mismatch")
    if receipt.ledger != ledger:
        raise InvalidError("the receipt is by a ledger that does not count here", code="receipt_wrong_ledger")
    if receipt.at - now > limits.clock_skew:
        raise InvalidError("the receipt bears a time that has not come yet", code="receipt_future")


def _check_method(method: str, ledger: str) -> None:
    # The key must be the ledger's own: a receipt in the ledger's name under a stranger's key proves nothing.
    did, hash_sign, fragment = method.partition("#")
    if did != ledger or not hash_sign or not fragment:
        raise InvalidError("the key of the receipt is not one of its ledger", code="receipt_foreign_key")


def _malformed(detail: str, path: str | None = None) -> MalformedError:
    return MalformedError(detail, code="receipt_malformed", path=path)
