"""Tokens of the time before ``vc+jwt``: a credential or presentation inside the claim ``vc`` or ``vp``.

VCDM 1.1 §6.3.1, JSON Web Token (https://www.w3.org/TR/vc-data-model-1.1/#json-web-token). Read where they
come alone and where the envelope says ``application/jwt``, as tokens of the W3C test suite do; VC-JOSE-COSE
forbids these claims in ``vc+jwt`` and ``vp+jwt``, and so do we (``vc_jwt``). Such tokens are not made here.
The signature is verified like that of any other token.
"""

from typing import Final

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, MalformedError
from certweave.proof.vc_jwt import CREDENTIALS_V2, claims, split_data_url
from certweave.timestamps import format_timestamp

MEDIA_TYPE: Final = "application/jwt"
TYP: Final = "JWT"
"""The ``typ`` of such a token, where it has one."""

_KINDS: Final = {"EnvelopedVerifiableCredential": False, "EnvelopedVerifiablePresentation": True}
_TYPS: Final = (None, TYP.lower())
_CLAIMED: Final = frozenset({"vc", "vp"})
_DOCUMENT: Final = frozenset({"@context", "type"})
_CLAIMS: Final = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce"})
_MISPLACED: Final = _CLAIMS | {"cnf", "status"}
"""What a reader of tokens would take off the document, and judge as a claim or not at all."""
_V1: Final = "https://www.w3.org/2018/credentials/v1"


def open_legacy_envelope(obj: JsonObject) -> tuple[str, bool] | None:
    """Return the token of an envelope of ``application/jwt``, and whether it is a presentation.

    None for any other object; what surrounds the token is for ``vc_jwt.check_envelope``.
    """
    kind = obj.get("type")
    if isinstance(kind, list) and len(kind) == 1:
        kind = kind[0]
    if not isinstance(kind, str) or kind not in _KINDS:
        return None
    head, token = split_data_url(obj.get("id"))
    return (token, _KINDS[kind]) if head == f"data:{MEDIA_TYPE}" else None


def is_legacy(typ: str | None, payload: JsonObject) -> bool:
    """Tell whether a payload is no document, but has one in a claim; ``typ`` is in small letters, or None."""
    return typ in _TYPS and not _CLAIMED.isdisjoint(payload) and _DOCUMENT.isdisjoint(payload)


def decode_legacy(payload: JsonObject, *, presentation: bool) -> JsonObject:
    """Return a payload as one of ``vc+jwt`` would be: the document's members, and beside them the claims.

    VCDM 1.1 §6.3.1, JWT Decoding: claims fill in what the document leaves out. That they agree with what it
    says is for ``vc_jwt.check_claims``. Stricter than the text: a claim that is not named there is refused.
    A token that a presentation holds becomes an envelope around it.

    Raises:
        MalformedError: there is no such document, or it has members that are claims (``claim_malformed``).
        InvalidError: a claim that is not known (``claim_refused``).
    """
    name = "vp" if presentation else "vc"
    document = payload.get(name)
    if not isinstance(document, dict):
        raise MalformedError(f"the claim {name} is an object", code="claim_malformed", path=f"/{name}")
    given = {key: value for key, value in payload.items() if key != name}
    for key in given:
        if key not in _CLAIMS:
            detail = f"the claim {key[:40]!a} is not known in such a token"
            raise InvalidError(detail, code="claim_refused", path=join("", key))
    for key in document:
        if key in _MISPLACED:
            detail = f"{key} is a claim of the token, not a member of the document"
            raise MalformedError(detail, code="claim_malformed", path=join(f"/{name}", key))
    filled = _fill_presentation(document, given) if presentation else _fill_credential(document, given)
    return {**filled, **given}


def _fill_presentation(document: JsonObject, given: JsonObject) -> JsonObject:
    filled = {**_only(given, {"iss": "holder", "jti": "id"}), **document}
    shown = filled.get("verifiableCredential")
    if isinstance(shown, str | list):
        tokens = shown if isinstance(shown, list) else [shown]
        filled["verifiableCredential"] = [_wrap(one) if isinstance(one, str) else one for one in tokens]
    return filled


def _wrap(token: str) -> JsonObject:
    """Return the envelope that a token stands for: these presentations hold tokens as they are."""
    kind = "EnvelopedVerifiableCredential"
    return {"@context": CREDENTIALS_V2, "type": kind, "id": f"data:{MEDIA_TYPE},{token}"}


def _fill_credential(document: JsonObject, given: JsonObject) -> JsonObject:
    filled = {**_only(given, {"iss": "issuer", "jti": "id"}), **document}
    for claim, member in (("iss", "issuer"), ("sub", "credentialSubject")):
        party = document.get(member)
        if claim in given and isinstance(party, dict) and "id" not in party:
            filled[member] = {"id": given[claim], **party}
    contexts = document.get("@context")
    if isinstance(contexts, list) and contexts and contexts[0] == _V1:
        found = claims(given)
        for member, moment in (("issuanceDate", found.nbf), ("expirationDate", found.exp)):
            if moment is not None:
                filled.setdefault(member, format_timestamp(moment))
    return filled


def _only(given: JsonObject, names: dict[str, str]) -> JsonObject:
    return {member: given[claim] for claim, member in names.items() if claim in given}
