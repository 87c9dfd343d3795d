"""Key binding of an SD-JWT: the presenter proves to hold the key that the issuer named.

Follows RFC 9901 (https://www.rfc-editor.org/rfc/rfc9901) §4.3 and §7.3, and RFC 7800 §3.2 for ``cnf.jwk``;
other ways to name a key are not here. Whether a binding was asked for, and for whom and which request, is
the examiner's business: never that of what came along.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from certweave.canon.jcs import canonicalize
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import InvalidError, MalformedProofError, UnsupportedError
from certweave.keys.jwk import parse_public_jwk
from certweave.keys.model import PublicKey, Signer
from certweave.limits import Limits
from certweave.proof.jose import check_header, sign_compact, verify_jws
from certweave.proof.sd_jwt.token import SdJwt, digest_of, parse_sd_jwt
from certweave.proof.vc_jwt import claims, numeric_date

TYP: Final = "kb+jwt"
_KEYS: Final = frozenset(("jwk", "jwe", "jku"))
"""Of these, ``cnf`` has one (RFC 7800 §3.1)."""


@dataclass(frozen=True, slots=True)
class KeyBinding:
    """A key binding whose form, digest and signature hold: for whom, for which request, and when.

    ``not_before`` and ``expires`` are None where it does not say so.
    """

    audience: str
    nonce: str
    issued_at: datetime
    key: PublicKey
    not_before: datetime | None = None
    expires: datetime | None = None


def bind_sd_jwt(
    token: str, signer: Signer, *, audience: str, nonce: str, issued_at: datetime, limits: Limits
) -> str:
    """Return a presentation with a key binding for one audience and one request (§4.3).

    Raises:
        InvalidError: the token bears one already (``key_binding_present``).
        MalformedError: it is no SD-JWT.
    """
    sd_jwt = parse_sd_jwt(token, limits=limits)
    if sd_jwt.binding is not None:
        raise InvalidError("the token bears a key binding already", code="key_binding_present")
    payload = {
        "iat": numeric_date(issued_at),
        "aud": audience,
        "nonce": nonce,
        "sd_hash": digest_of(sd_jwt.bound, sd_jwt.payload),
    }
    return sd_jwt.bound + sign_compact(canonicalize(payload), {"typ": TYP}, signer)


def find_bound_key(payload: JsonObject) -> PublicKey | None:
    """Return the key of the holder that the issuer put into ``cnf`` (RFC 7800 §3); None without ``cnf``.

    Raises:
        MalformedError: ``cnf`` is no object, names more than one key, or its key is broken.
        InvalidError: the key is weak, or not one to verify with.
        UnsupportedError: the key is named in another way (``cnf_unsupported``), or of another kind.
    """
    if "cnf" not in payload:
        return None
    cnf = payload["cnf"]
    if not isinstance(cnf, dict) or not cnf:
        raise MalformedProofError("cnf is an object", code="cnf_malformed", path="/cnf")
    if len(_KEYS & cnf.keys()) > 1:
        raise MalformedProofError("cnf names one key", code="cnf_malformed", path="/cnf")
    if "jwk" not in cnf:
        detail = f"cnf names the holder's key by {sorted(cnf)[0][:40]!a}, and we read jwk"
        raise UnsupportedError(detail, code="cnf_unsupported", path="/cnf")
    return parse_public_jwk(cnf["jwk"])


def verify_key_binding(sd_jwt: SdJwt, payload: JsonObject, *, limits: Limits) -> KeyBinding:
    """§7.3 step 5, but for the time and for whom it is: the holder's key signed for exactly this text.

    ``payload`` is the processed one; that the issuer did not let ``cnf`` be withheld, the formats check.

    Raises:
        MalformedError: a claim is missing or has the wrong form.
        InvalidError: ``cnf`` is missing (``cnf_missing``), the header breaks a rule (as ``check_header``),
            the digest is of something else (``key_binding_mismatch``), the key does not fit.
        InvalidSignatureError: another key signed.
        UnsupportedError: the key is named in another way, or of another kind.
    """
    binding = sd_jwt.binding
    if binding is None:
        raise MalformedProofError("there is no key binding", code="key_binding_malformed")
    key = find_bound_key(payload)
    if key is None:
        detail = "it comes with a key binding, and the issuer bound it to no key"
        raise InvalidError(detail, code="cnf_missing")
    if not check_header(binding.header, typ=TYP).typed:
        raise InvalidError("a key binding says by its typ that it is one", code="typ_wrong")
    said = parse_object(binding.payload, limits=limits)
    found = claims(said)
    if not isinstance(said.get("aud"), str) or not found.nonce or found.iat is None:
        detail = "a key binding says when it was made, for whom, and for which request"
        raise MalformedProofError(detail, code="key_binding_malformed")
    if said.get("sd_hash") != digest_of(sd_jwt.bound, sd_jwt.payload):
        detail = "the key binding is about something else than what is shown with it"
        raise InvalidError(detail, code="key_binding_mismatch")
    verify_jws(binding, key)
    return KeyBinding(said["aud"], found.nonce, found.iat, key, found.nbf, found.exp)


def check_binding_time(binding: KeyBinding, *, now: datetime, limits: Limits) -> None:
    """§7.3 step 5: made not long ago, and not later than now; and within the times that it names itself.

    Raises:
        InvalidError: ``key_binding_old``, ``key_binding_from_future``.
    """
    if binding.issued_at - now > limits.clock_skew:
        raise InvalidError("the key binding was made after now", code="key_binding_from_future")
    if binding.not_before is not None and binding.not_before - now > limits.clock_skew:
        raise InvalidError("the key binding does not hold yet", code="key_binding_from_future")
    if now - binding.issued_at > limits.key_binding_age:
        detail = f"the key binding is older than {limits.key_binding_age // timedelta(seconds=1)} seconds"
        raise InvalidError(detail, code="key_binding_old")
    if binding.expires is not None and now - binding.expires >= limits.clock_skew:
        raise InvalidError("the key binding has expired", code="key_binding_old")
