"""Credentials and presentations secured as SD-JWT: media types ``vc+sd-jwt`` and ``vp+sd-jwt``.

Follows Securing Verifiable Credentials using JOSE and COSE 1.0 §3.2 (https://www.w3.org/TR/vc-jose-cose/)
over RFC 9901; the unsecured document is the input claims set. This is not SD-JWT VC (sd_jwt_vc.py), whose
older drafts used the same ``typ``: what has an ``@context`` is W3C's.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError
from certweave.keys.entropy import Entropy
from certweave.keys.jwk import make_public_jwk
from certweave.keys.model import PublicKey, Signer
from certweave.proof.sd_jwt.issue import sign_sd_jwt
from certweave.proof.sd_jwt.token import Processed
from certweave.proof.vc_jwt import check_claims, numeric_date

TYP_VC: Final = "vc+sd-jwt"
TYP_VP: Final = "vp+sd-jwt"

CRITICAL: Final = frozenset(
    {
        *("iss", "exp", "nbf", "aud", "cnf", "status"),
        *("validFrom", "validUntil", "credentialStatus", "issuanceDate", "expirationDate"),
    }
)
"""Claims that nobody may withhold: whether a credential is valid hangs on them (RFC 9901 §9.7)."""
NEEDED: Final = frozenset(
    {
        "@context",
        "type",
        "issuer",
        "holder",
        "credentialSchema",
        "relatedResource",
        "iat",
        "nonce",
        "verifiableCredential",
    }
)
"""What a verifier needs to judge a document (§3.2.1 names five of them); we never issue it withholdable."""


def sign_credential_sd_jwt(
    credential: JsonObject,
    signer: Signer,
    *,
    issued_at: datetime,
    hidden: Collection[str],
    entropy: Entropy,
    holder: PublicKey | None = None,
    decoys: Mapping[str, int] | None = None,
) -> str:
    """Return ``credential`` as a ``vc+sd-jwt`` token with every disclosure.

    ``hidden`` are JSON Pointers of what the holder may withhold; ``holder`` is the key that a presenter has
    to prove, put into ``cnf``; ``decoys`` and ``entropy`` as in ``sign_sd_jwt``.

    Raises:
        InvalidError: the credential holds claims that contradict it; a place is not there, or must not be
            hidden (``sd_place_needed``).
        MalformedError: the credential has no JSON form.
    """
    payload: JsonObject = {**credential, "iat": numeric_date(issued_at)}
    if holder is not None:
        payload["cnf"] = {"jwk": make_public_jwk(holder)}
    check_claims(payload)
    check_hideable(hidden, NEEDED | CRITICAL)
    header = {"typ": TYP_VC, "cty": "vc"}
    return sign_sd_jwt(payload, signer, header=header, hidden=hidden, entropy=entropy, decoys=decoys)


def sign_presentation_sd_jwt(
    presentation: JsonObject,
    signer: Signer,
    *,
    issued_at: datetime,
    audience: str | None,
    nonce: str | None,
    hidden: Collection[str] = (),
    entropy: Entropy,
) -> str:
    """Return ``presentation`` as a ``vp+sd-jwt`` token for one audience and one nonce, where these are given.

    Raises:
        InvalidError, MalformedError: as ``sign_credential_sd_jwt``.
    """
    payload: JsonObject = {**presentation, "iat": numeric_date(issued_at)}
    if audience is not None:
        payload["aud"] = audience
    if nonce is not None:
        payload["nonce"] = nonce
    check_claims(payload, presentation=True)
    check_hideable(hidden, NEEDED | CRITICAL)
    header = {"typ": TYP_VP, "cty": "vp"}
    return sign_sd_jwt(payload, signer, header=header, hidden=hidden, entropy=entropy)


def check_hideable(hidden: Collection[str], needed: Collection[str]) -> None:
    """Refuse to hide what a verifier needs, or anything inside of it.

    Raises:
        InvalidError: ``sd_place_needed``.
    """
    for place in hidden:
        if _top(place) in needed:
            detail = "a verifier needs this to judge the token: it cannot be withheld"
            raise InvalidError(detail, code="sd_place_needed", path=place)


def check_disclosed(processed: Processed, critical: Collection[str] = CRITICAL) -> None:
    """Refuse a claim on which validity hangs, and of which something came as a disclosure or was withheld.

    Raises:
        InvalidError: ``sd_claim_withholdable``.
    """
    for place in (*processed.places, *sorted(processed.withheld)):
        if _top(place) in critical:
            detail = "the issuer let a claim be withheld on which validity hangs"
            raise InvalidError(detail, code="sd_claim_withholdable", path=place)


def find_withholdable(processed: Processed) -> str | None:
    """Return the place of something needed that the issuer let be withheld; None where all is well."""
    places = (*processed.places, *sorted(processed.withheld))
    return next((place for place in places if _top(place) in NEEDED), None)


def _top(place: str) -> str:
    # A text without a slash is no JSON Pointer and has no top; that nothing stands there is said later.
    return place.partition("/")[2].partition("/")[0].replace("~1", "/").replace("~0", "~")
