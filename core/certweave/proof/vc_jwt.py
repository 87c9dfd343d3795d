"""Credentials and presentations secured as JWT: media types ``vc+jwt`` and ``vp+jwt``.

Follows Securing Verifiable Credentials using JOSE and COSE 1.0 §3.1 (https://www.w3.org/TR/vc-jose-cose/)
and VCDM 2.0 §4.13 for the envelopes, those of SD-JWT (sd_jwt/) too. The payload is the credential
itself. COSE is not here; neither is the check of the credential, nor that of its validity, to which ``exp``
and ``nbf`` belong.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from certweave.canon.jcs import canonicalize
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, MalformedError, UnsupportedError
from certweave.keys.model import Signer
from certweave.proof.jose import sign_compact
from certweave.timestamps import parse_timestamp

CREDENTIALS_V2: Final = "https://www.w3.org/ns/credentials/v2"
VC_JWT: Final = "application/vc+jwt"
VP_JWT: Final = "application/vp+jwt"
VC_SD_JWT: Final = "application/vc+sd-jwt"
VP_SD_JWT: Final = "application/vp+sd-jwt"

_ENVELOPES: Final = {
    "EnvelopedVerifiableCredential": (VC_JWT, VC_SD_JWT),
    "EnvelopedVerifiablePresentation": (VP_JWT, VP_SD_JWT),
}
_READ: Final = frozenset(media_type for pair in _ENVELOPES.values() for media_type in pair)
_CLAIMS: Final = frozenset(("iat", "exp", "nbf", "iss", "sub", "jti", "cnf"))
_PRESENTATION_CLAIMS: Final = _CLAIMS | {"aud", "nonce"}
_REPLICATED: Final = frozenset(("aud", "iss", "sub"))
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class JwtClaims(NamedTuple):
    """The registered claims of a payload, by their names in RFC 7519 §4.1; None or empty where absent."""

    iat: datetime | None = None
    exp: datetime | None = None
    nbf: datetime | None = None
    iss: str | None = None
    sub: str | None = None
    jti: str | None = None
    aud: tuple[str, ...] = ()
    nonce: str | None = None


def sign_credential_jwt(credential: JsonObject, signer: Signer, *, issued_at: datetime) -> str:
    """Return ``credential`` as a ``vc+jwt`` token, with ``issued_at`` as the claim ``iat``.

    Raises:
        InvalidError: the credential already holds claims that contradict it.
        MalformedError: the credential has no JSON form.
    """
    payload = {**credential, "iat": numeric_date(issued_at)}
    check_claims(payload)
    return sign_compact(canonicalize(payload), {"typ": "vc+jwt", "cty": "vc"}, signer)


def sign_presentation_jwt(
    presentation: JsonObject, signer: Signer, *, issued_at: datetime, audience: str | None, nonce: str | None
) -> str:
    """Return ``presentation`` as a ``vp+jwt`` token for one audience and one nonce, where these are given.

    Raises:
        InvalidError: the presentation already holds claims that contradict it.
        MalformedError: the presentation has no JSON form.
    """
    payload = {**presentation, "iat": numeric_date(issued_at)}
    if audience is not None:
        payload["aud"] = audience
    if nonce is not None:
        payload["nonce"] = nonce
    check_claims(payload, presentation=True)
    return sign_compact(canonicalize(payload), {"typ": "vp+jwt", "cty": "vp"}, signer)


def claims(payload: JsonObject) -> JwtClaims:
    """Read the registered claims of ``payload``.

    Raises:
        MalformedError: a claim has the wrong type (``claim_malformed``).
    """
    found = {}
    for name in _READERS:
        if name in payload:
            found[name] = _READERS[name](payload, name)
    return JwtClaims(**found)


def check_claims(payload: JsonObject, *, presentation: bool = False) -> JwtClaims:
    """Check that the claims agree with the document they stand in, and return them.

    VC-JOSE-COSE §3.1.3 and §4 say SHOULD NOT for a contradiction; we say no. In a presentation ``iss`` is
    held against ``holder`` and ``sub`` against nothing.

    Raises:
        MalformedError: a claim has the wrong type.
        InvalidError: ``vc`` or ``vp`` is present (``claim_refused``), or ``iss``, ``sub`` or ``jti``
            contradicts the document (``claim_mismatch``).
    """
    for name in ("vc", "vp"):
        if name in payload:
            raise InvalidError(f"the claim {name} must not be present", code="claim_refused", path=f"/{name}")
    found = claims(payload)
    owner = "holder" if presentation else "issuer"
    if found.iss is not None:
        _check_agrees("iss", found.iss, owner, _ids(payload.get(owner)))
    if found.jti is not None:
        _check_agrees("jti", found.jti, "id", _ids(payload.get("id")))
    if found.sub is not None and not presentation:
        _check_agrees("sub", found.sub, "credentialSubject.id", _subject_ids(payload))
    return found


def replicated_claims(header: JsonObject) -> JsonObject:
    """Return the claims that a JOSE header may repeat (RFC 7519 §5.3), or state alone."""
    if _REPLICATED.isdisjoint(header):
        return {}
    return {name: header[name] for name in sorted(_REPLICATED) if name in header}


def check_replicated(header_claims: JsonObject, payload: JsonObject) -> None:
    """Check that a claim which stands in the header and in the payload says the same in both.

    Raises:
        InvalidError: one contradicts the other (``claim_mismatch``).
    """
    for name, value in header_claims.items():
        if name in payload and payload[name] != value:
            detail = f"the claim {name} of the header contradicts that of the document"
            raise InvalidError(detail, code="claim_mismatch", path=f"/{name}")


def strip_claims(payload: JsonObject, *, presentation: bool = False) -> JsonObject:
    """Return the document without the claims that JWT added, for the checks of the model.

    ``cnf`` names the holder's key; the ``status`` of a credential is a claim where it leads to a token status
    list. In a presentation, which has no status, it stays a member that nobody defines.
    """
    added = _PRESENTATION_CLAIMS if presentation else _CLAIMS
    status = None if presentation else payload.get("status")
    if isinstance(status, dict) and "status_list" in status:
        added |= {"status"}
    document = payload.copy()
    for name in added & payload.keys():
        del document[name]
    return document


def envelope(token: str, *, presentation: bool = False) -> JsonObject:
    """Return a JWT or SD-JWT as an EnvelopedVerifiableCredential, or …Presentation (VCDM 2.0 §4.13)."""
    kind = "EnvelopedVerifiablePresentation" if presentation else "EnvelopedVerifiableCredential"
    media_type = _ENVELOPES[kind]["~" in token]
    return {"@context": CREDENTIALS_V2, "id": f"data:{media_type},{token}", "type": kind}


def is_envelope(obj: object) -> bool:
    """Tell whether ``obj`` calls itself an enveloped credential or presentation."""
    return isinstance(obj, dict) and _kind(obj) in _ENVELOPES


def open_envelope(obj: object) -> tuple[str, str]:
    """Return the media type and the token of an envelope; ``check_envelope`` has its other rules.

    Raises:
        MalformedError: not an envelope, or its parts do not fit together (``envelope_malformed``).
        UnsupportedError: another securing mechanism (``envelope_media_type``).
    """
    kind = _kind(obj) if isinstance(obj, dict) else None
    if not isinstance(obj, dict) or kind not in _ENVELOPES:
        raise MalformedError("not an enveloped credential or presentation", code="envelope_malformed")
    return _open_data_url(obj.get("id"), expected=_ENVELOPES[kind])


def check_envelope(obj: JsonObject) -> None:
    """Check what surrounds the token, which is never signed (VCDM 2.0 §4.13). Belongs to the step ``model``.

    Stricter than the text: members beside ``@context``, ``id`` and ``type`` are refused, since a reader
    could take them for signed.

    Raises:
        InvalidError: the first ``@context`` is not that of VCDM 2.0 (``envelope_context``), or there are
            other members (``envelope_member``).
    """
    context = obj.get("@context")
    first = context[0] if isinstance(context, list) and context else context
    if first != CREDENTIALS_V2:
        detail = "the @context of an envelope starts with that of VCDM 2.0"
        raise InvalidError(detail, code="envelope_context", path="/@context")
    unsigned = sorted(set(obj) - {"@context", "id", "type"})
    if unsigned:
        detail = f"the envelope has the member {unsigned[0][:40]!a}, which nobody signed"
        raise InvalidError(detail, code="envelope_member", path=join("", unsigned[0]))


def split_data_url(url: object) -> tuple[str, str]:
    """Return what stands before the comma, in small letters as media types are compared, and what after it.

    RFC 2397, https://www.rfc-editor.org/rfc/rfc2397; two empty texts for what is no text.
    """
    head, _, content = url.partition(",") if isinstance(url, str) else ("", "", "")
    return head.lower(), content


def _open_data_url(url: object, *, expected: tuple[str, str]) -> tuple[str, str]:
    """Take a data: URL apart: the media type without parameters, a comma, the token."""
    head, token = split_data_url(url)
    scheme, _, media_type = head.partition(":")
    if scheme != "data" or not token:
        raise MalformedError("the id of an envelope is a data: URL", code="envelope_malformed", path="/id")
    if media_type in expected:
        if (media_type == expected[1]) != ("~" in token):
            detail = f"what the envelope holds is no {media_type}"
            raise MalformedError(detail, code="envelope_malformed", path="/id")
        return media_type, token
    if media_type in _READ or not media_type.startswith("application/") or ";" in media_type:
        detail = f"the envelope must hold {' or '.join(expected)}, without parameters"
        raise MalformedError(detail, code="envelope_malformed", path="/id")
    detail = f"the envelope holds {media_type[:60]!a}, which we do not read"
    raise UnsupportedError(detail, code="envelope_media_type", path="/id")


def _kind(obj: dict[str, Any]) -> str | None:
    kind = obj.get("type")
    if isinstance(kind, list) and len(kind) == 1:
        kind = kind[0]
    return kind if isinstance(kind, str) else None


def numeric_date(moment: datetime) -> int:
    """Return ``moment`` in whole seconds since 1970 (RFC 7519 §2); without a time zone it is a ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return (moment - _EPOCH) // timedelta(seconds=1)


def _moment(payload: JsonObject, name: str) -> datetime:
    value = payload[name]
    try:
        if name == "iat" and isinstance(value, str):
            # Looser than RFC 7519 §4.1.6: W3C's own suite writes this one as a text with date and time. It
            # says when the signer claims to have signed, which never helps the signer.
            return parse_timestamp(value)
        if value.__class__ is int or value.__class__ is float:
            return _EPOCH + timedelta(seconds=value)
    except (OverflowError, ValueError, MalformedError):
        pass
    # RFC 7519 §2, NumericDate: seconds since 1970-01-01T00:00:00Z.
    raise MalformedError(f"{name} is a number of seconds", code="claim_malformed", path=f"/{name}")


def _text(payload: JsonObject, name: str) -> str:
    value = payload[name]
    if not isinstance(value, str) or not value:
        raise MalformedError(f"{name} is a text, not empty", code="claim_malformed", path=f"/{name}")
    return value


def _texts(payload: JsonObject, name: str) -> tuple[str, ...]:
    value = payload[name]
    texts = value if isinstance(value, list) else [value]
    # RFC 7519 §4.1.3: where it stands, it is for those that it names; an empty one would be for nobody.
    if not texts or not all(isinstance(text, str) and text for text in texts):
        detail = f"{name} is a text or an array of texts, not empty"
        raise MalformedError(detail, code="claim_malformed", path=f"/{name}")
    return tuple(texts)


_READERS: Final[Mapping[str, Callable[[JsonObject, str], Any]]] = {
    "aud": _texts,
    "exp": _moment,
    "iat": _moment,
    "iss": _text,
    "jti": _text,
    "nbf": _moment,
    "nonce": _text,
    "sub": _text,
}
"""How each registered claim is read, and in which order."""


def _ids(value: object) -> list[object]:
    return [value.get("id") if isinstance(value, dict) else value]


def _subject_ids(payload: JsonObject) -> list[object]:
    subject = payload.get("credentialSubject")
    several = subject if isinstance(subject, list) else [subject]
    return [one.get("id") for one in several if isinstance(one, dict)]


def _check_agrees(claim: str, value: str, member: str, ids: list[object]) -> None:
    if value not in ids:
        detail = f"the claim {claim} contradicts {member} of the document"
        raise InvalidError(detail, code="claim_mismatch", path=f"/{claim}")
