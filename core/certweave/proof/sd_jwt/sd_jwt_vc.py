"""SD-JWT VC: a credential as a claims set with a type, media type ``dc+sd-jwt``.

Follows draft-ietf-oauth-sd-jwt-vc (https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/) §2, in the
state of August 2026. Its data model is not that of W3C: the registered claims are the credential. What bears
the marks of both is judged by neither (docs/adr/0014-one-token-two-models.md). Type metadata are in
type_metadata.py; certificates in ``x5c`` are not supported.

Older drafts wrote ``vc+sd-jwt`` as typ, which is W3C's now: a token with that typ is taken for an SD-JWT VC
only where it has ``vct`` and no ``@context``.
"""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, MalformedError, UnsupportedError
from certweave.keys.entropy import Entropy
from certweave.keys.jwk import make_public_jwk
from certweave.keys.model import PublicKey, Signer
from certweave.proof.jose import find_type
from certweave.proof.sd_jwt.issue import sign_sd_jwt
from certweave.proof.sd_jwt.token import Processed
from certweave.proof.sd_jwt.vc_sd_jwt import TYP_VP, check_disclosed, check_hideable
from certweave.proof.vc_jwt import claims, numeric_date

TYP: Final = "dc+sd-jwt"

NEVER_HIDDEN: Final = frozenset(
    {"iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status", "aud"}
)
"""§2.2.2.3; ``aud`` is from RFC 9901 §9.7."""

_W3C_TYPES: Final = ("VerifiableCredential", "VerifiablePresentation")
_NAME: Final = re.compile(r"[!-~]+", re.ASCII)
"""A name is one word; that nobody else uses it (RFC 7515 §2) cannot be seen in it."""


def is_sd_jwt_vc(header: JsonObject, payload: JsonObject) -> bool:
    """Tell whether an SD-JWT is an SD-JWT VC, by its typ, and where that says too little by its claims."""
    typ = find_type(header)
    if typ in (TYP, TYP_VP):
        return bool(typ == TYP)
    return "vct" in payload and "@context" not in payload


def sign_sd_jwt_vc(
    claims_set: JsonObject,
    signer: Signer,
    *,
    issued_at: datetime,
    hidden: Collection[str],
    entropy: Entropy,
    holder: PublicKey | None = None,
    decoys: Mapping[str, int] | None = None,
) -> str:
    """Return a claims set as a ``dc+sd-jwt`` token with every disclosure.

    ``claims_set`` names at least ``vct`` and ``iss``; ``iat`` and, for ``holder``, ``cnf`` are added.

    Raises:
        InvalidError: a rule of the model is broken, or a place must not be hidden (``sd_place_needed``).
        MalformedError: a claim has the wrong form.
    """
    payload: JsonObject = {**claims_set, "iat": numeric_date(issued_at)}
    if holder is not None:
        payload["cnf"] = {"jwk": make_public_jwk(holder)}
    check_claims_set(payload)
    check_hideable(hidden, NEVER_HIDDEN)
    return sign_sd_jwt(payload, signer, header={"typ": TYP}, hidden=hidden, entropy=entropy, decoys=decoys)


def check_sd_jwt_vc(processed: Processed) -> None:
    """Check the rules of the model: §2.2.2, and that what must not be withheld was not withholdable.

    Raises:
        InvalidError, MalformedError: with the place of the first rule that is broken.
    """
    check_claims_set(processed.payload)
    check_disclosed(processed, NEVER_HIDDEN)


def check_claims_set(payload: JsonObject) -> None:
    """Check the claims of §2.2.2 that are there.

    Raises:
        UnsupportedError: it calls itself a W3C credential, too (``model_ambiguous``).
        InvalidError: no type (``vct_missing``), or ``aka_vcts`` repeats it (``vct_repeated``).
        MalformedError: a claim has the wrong form (``claim_malformed``, ``vct_malformed``).
    """
    _check_one_model(payload)
    if "vct" not in payload:
        raise InvalidError("an SD-JWT VC names its type", code="vct_missing", path="/vct")
    vct = _name(payload["vct"], "/vct")
    if "aka_vcts" in payload:
        others = payload["aka_vcts"]
        if not isinstance(others, list) or not others:
            raise _malformed("aka_vcts is an array of names, not empty", "/aka_vcts")
        for index, other in enumerate(others):
            if _name(other, join("/aka_vcts", index)) == vct:
                detail = "aka_vcts names other types than vct"
                raise InvalidError(detail, code="vct_repeated", path=join("/aka_vcts", index))
    if not isinstance(payload.get("vct#integrity", ""), str):
        raise _malformed("vct#integrity is a text", "/vct#integrity")
    for name in ("cnf", "status"):
        if name in payload and (not isinstance(payload[name], dict) or not payload[name]):
            raise MalformedError(
                f"{name} is an object, not empty", code="claim_malformed", path=join("", name)
            )
    claims(payload)


def _name(value: object, path: str) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise _malformed("a type is named by one word, such as a URL", path)
    return value


def _malformed(detail: str, path: str) -> MalformedError:
    return MalformedError(detail, code="vct_malformed", path=path)


def _check_one_model(payload: JsonObject) -> None:
    types = payload.get("type")
    named = types if isinstance(types, list) else [types]
    if "@context" in payload or any(name in named for name in _W3C_TYPES):
        detail = "it is an SD-JWT VC by its typ and a W3C credential by its claims, which have other rules"
        place = "/@context" if "@context" in payload else "/type"
        raise UnsupportedError(detail, code="model_ambiguous", path=place)
