"""Key proofs of type ``jwt``: a wallet shows that it has the key a credential shall be bound to.

OpenID for Verifiable Credential Issuance 1.0 appendix F.1 and F.4
(https://openid.net/specs/openid-4-verifiable-credential-issuance-1_0.html). Keys come by ``kid`` (a DID URL,
which the caller resolves) or by ``jwk``; certificates (``x5c``) are refused. Whether a nonce is one of the
issuer's, unused and not too old, the issuer's service decides (``invalid_nonce``). Key attestations are not
read.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from certweave.canon.jcs import canonicalize
from certweave.did.syntax import DidUrl, parse_did_url
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import ExchangeError
from certweave.exchange.form import Form
from certweave.keys.jwk import make_public_jwk, parse_public_jwk
from certweave.keys.model import Algorithm, PublicKey, Signer
from certweave.limits import Limits
from certweave.proof.jose import Jws, check_header, parse_compact, sign_compact, verify_jws
from certweave.proof.vc_jwt import numeric_date

TYP: Final = "openid4vci-proof+jwt"
MAX_AGE: Final = timedelta(minutes=10)
"""How long ago a proof may have been made; the nonce bounds it more tightly."""

_FORM: Final = Form(code="key_proof_malformed", oauth="invalid_proof")
_KEY_MEMBERS: Final = ("kid", "jwk", "x5c")


@dataclass(frozen=True, slots=True)
class KeyProof:
    """A key proof that was read; nothing is verified yet.

    Attributes:
        kid: the verification method that signed, or None.
        jwk: the key itself, or None; exactly one of the two is there.
        audience: the issuer it was made for.
        nonce: the issuer's ``c_nonce``, or None.
        client_id: the claim ``iss``, or None.
    """

    jws: Jws
    algorithm: Algorithm
    kid: DidUrl | None
    jwk: PublicKey | None
    audience: str
    issued_at: datetime
    nonce: str | None
    client_id: str | None


def sign_proof_jwt(
    signer: Signer, *, audience: str, nonce: str | None, issued_at: datetime, by_jwk: bool = False
) -> str:
    """Return a key proof for the issuer ``audience``, with the signer's method as ``kid`` (appendix F.1).

    With the key itself instead (``by_jwk``) for an issuer that does not bind to DIDs. Without ``iss``, as the
    anonymous pre-authorized code flow demands. A moment without time zone is a ValueError.
    """
    payload: JsonObject = {"aud": audience, "iat": numeric_date(issued_at)}
    if nonce is not None:
        payload["nonce"] = nonce
    key: JsonObject = {"jwk": make_public_jwk(signer.public)} if by_jwk else {}
    return sign_compact(canonicalize(payload), {"typ": TYP, **key}, signer)


def parse_proof_jwt(token: str, *, limits: Limits) -> KeyProof:
    """Read a key proof (appendix F.1).

    Raises:
        ExchangeError: ``invalid_proof``, with the code of the rule that spoke.
    """
    with _FORM.answering():
        jws = parse_compact(token, limits=limits)
        named = [name for name in _KEY_MEMBERS if name in jws.header]
        if len(named) != 1 or named == ["x5c"]:
            raise _FORM.refusal("a key proof names its key by kid or by jwk, not both, and not by x5c")
        # A token that brings its own key proves possession of that key, which is all that is asked here.
        rest = {name: value for name, value in jws.header.items() if name != "jwk"}
        header = check_header(rest, typ=TYP)
        if not header.typed:
            raise _FORM.refusal(f"the typ of a key proof is {TYP}")
        kid = parse_did_url(header.kid) if header.kid is not None else None
        if kid is not None and not kid.fragment:
            raise _FORM.refusal("the kid of a key proof is a DID URL that names one key")
        jwk = parse_public_jwk(jws.header["jwk"]) if kid is None else None
        payload = parse_object(jws.payload, limits=limits)
        return KeyProof(
            jws=jws,
            algorithm=header.algorithm,
            kid=kid,
            jwk=jwk,
            audience=_FORM.text(payload, "aud"),
            issued_at=_FORM.moment(payload, "iat"),
            nonce=_FORM.find_text(payload, "nonce"),
            client_id=_FORM.find_text(payload, "iss"),
        )


def check_proof(
    proof: KeyProof, *, audience: str, nonce_needed: bool, anonymous: bool, now: datetime, limits: Limits
) -> None:
    """Check what a key proof claims (appendix F.4), before its nonce is looked up and its key is found.

    ``nonce_needed`` where the issuer has a nonce endpoint; ``anonymous`` where the access token was had
    without a client_id.

    Raises:
        ExchangeError: ``invalid_proof``.
    """
    if proof.audience != audience:
        raise _invalid("the key proof was made for another issuer", code="key_proof_audience", path="/aud")
    if nonce_needed and proof.nonce is None:
        raise _invalid("the key proof holds no nonce of ours", code="key_proof_nonce_missing", path="/nonce")
    if anonymous and proof.client_id is not None:
        raise _invalid("a key proof of an anonymous wallet has no iss", code="key_proof_iss", path="/iss")
    if proof.issued_at - now > limits.clock_skew:
        raise _invalid(
            "the key proof bears a time that has not come yet", code="key_proof_future", path="/iat"
        )
    if proof.issued_at < now - MAX_AGE:
        raise _invalid("the key proof is too old", code="key_proof_old", path="/iat")


def verify_proof(proof: KeyProof, key: PublicKey) -> None:
    """Verify the signature of a key proof with the key that its ``kid`` names, or with its ``jwk``.

    Raises:
        ExchangeError: ``invalid_proof``.
    """
    with _FORM.answering():
        verify_jws(proof.jws, key)


def _invalid(detail: str, *, code: str, path: str) -> ExchangeError:
    return ExchangeError(detail, oauth="invalid_proof", code=code, path=path)
