"""Requests for presentations: signed by the verifier's DID, fetched and answered by the wallet.

OpenID for Verifiable Presentations 1.0 §5 (https://openid.net/specs/openid-4-verifiable-presentations-1_0.html)
and RFC 9101. One profile: client identifiers with the prefix ``decentralized_identifier``, request objects by
reference, DCQL, response mode ``direct_post``. Unsigned requests, encryption, transaction data are refused;
finding the verifier's key and deciding whether to trust it are not done here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from certweave.canon.jcs import canonicalize
from certweave.did.syntax import Did, DidUrl, parse_did, parse_did_url
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import ExchangeError, MalformedError
from certweave.exchange.dcql import Query, parse_query
from certweave.exchange.form import Form, is_https, make_link, parse_link
from certweave.keys.model import JWS_ALGORITHMS, PublicKey, Signer
from certweave.limits import Limits
from certweave.proof.jose import Jws, check_header, parse_compact, sign_compact, verify_jws
from certweave.proof.suites.registry import SUITES
from certweave.proof.suites.suite import TYPE
from certweave.proof.vc_jwt import numeric_date

SCHEME: Final = "openid4vp"
TYP: Final = "oauth-authz-req+jwt"
MEDIA_TYPE: Final = "application/oauth-authz-req+jwt"
PREFIX: Final = "decentralized_identifier:"
AUDIENCE: Final = "https://self-issued.me/v2"
"""Stands for any wallet whose metadata the verifier has not looked up (§5.8)."""

_ALGORITHMS: Final = [one.jws for one in JWS_ALGORITHMS]
_SD_JWT: Final = {"sd-jwt_alg_values": _ALGORITHMS, "kb-jwt_alg_values": _ALGORITHMS}
VP_FORMATS: Final[Mapping[str, JsonObject]] = {
    "vc+jwt": {"alg_values": _ALGORITHMS},
    "vc+sd-jwt": _SD_JWT,
    "vc+cose": {"alg_values": _ALGORITHMS},
    "dc+sd-jwt": _SD_JWT,
    "ldp_vc": {
        "proof_type_values": sorted({suite.type for suite in SUITES.values()}),
        "cryptosuite_values": [suite.name for suite in SUITES.values() if suite.type == TYPE],
    },
}
"""What a verifier of ours reads, as ``vp_formats_supported``; ``vc+…`` are extensions."""

_FORM: Final = Form(code="request_malformed", oauth="invalid_request")
_LINK: Final = Form(code="request_link_malformed")
_URL_SAFE: Final = re.compile(r"[A-Za-z0-9._~-]{1,1024}", re.ASCII)


@dataclass(frozen=True, slots=True)
class RequestLink:
    """What a link or QR code says: who asks, and where the signed request lies. Neither is proven by it."""

    client_id: str
    request_uri: str


@dataclass(frozen=True, slots=True)
class PresentationRequest:
    """A request object that was read; ``verify_request`` comes before anything in it is believed.

    Attributes:
        client_id: the full client identifier with its prefix: the audience of the presentation.
        did: whose request it is.
        kid: the verification method of ``did`` that signed.
        response_uri: where the answer is posted.
        nonce: goes into the presentation.
        state: goes back beside it, or None.
        query: what is asked for.
        formats: the formats the verifier reads, with their parameters.
        issued_at, expires_at: None where the request does not say.
    """

    client_id: str
    did: Did
    kid: DidUrl
    response_uri: str
    nonce: str
    state: str | None
    query: Query
    formats: Mapping[str, Any]
    issued_at: datetime | None
    expires_at: datetime | None
    jws: Jws = field(repr=False)


def make_client_id(did: str) -> str:
    """Return the client identifier of a DID (§5.9.3); presentations are made for this full text.

    Raises:
        MalformedError: not a DID.
    """
    return PREFIX + parse_did(did).text


def sign_request(
    signer: Signer,
    *,
    response_uri: str,
    nonce: str,
    state: str,
    query: JsonObject,
    issued_at: datetime,
    expires_at: datetime,
    limits: Limits,
) -> str:
    """Return a signed request object; the client is the DID of the signer's method.

    ``nonce`` and ``state`` are fresh, of 128 bits or more, and URL-safe.

    Raises:
        ExchangeError: what would be asked is no request by ``parse_request``.
    """
    payload: JsonObject = {
        "aud": AUDIENCE,
        "client_id": make_client_id(signer.method.partition("#")[0]),
        "client_metadata": {"vp_formats_supported": dict(VP_FORMATS)},
        "dcql_query": query,
        "exp": numeric_date(expires_at),
        "iat": numeric_date(issued_at),
        "nonce": nonce,
        "response_mode": "direct_post",
        "response_type": "vp_token",
        "response_uri": response_uri,
        "state": state,
    }
    token = sign_compact(canonicalize(payload), {"typ": TYP}, signer)
    parse_request(token, limits=limits)
    return token


def make_request_link(client_id: str, request_uri: str, *, base: str = f"{SCHEME}://") -> str:
    """Return the link to a request (RFC 9101 §5); ``base`` may be the https address of a wallet.

    Raises:
        MalformedError: ``request_uri`` is no https address.
    """
    if not is_https(request_uri):
        raise _LINK.refusal("a request lies at an https address")
    return make_link(base, {"client_id": client_id, "request_uri": request_uri})


def parse_request_link(text: str, *, limits: Limits) -> RequestLink:
    """Read a link as it comes out of a QR code: ``openid4vp://?…`` or an https link.

    The request is then fetched by GET: §5.1 leaves a wallet that choice where ``post`` is named.

    Raises:
        MalformedError: not such a link, or the request is not by reference.
    """
    fields = parse_link(text, SCHEME, _LINK, limits=limits)
    if "request" in fields:
        raise _LINK.refusal("a request is fetched from its request_uri, not read out of the link", "/request")
    if fields.get("request_uri_method", "get") not in ("get", "post"):
        detail = "request_uri_method is get or post"
        raise MalformedError(detail, code="request_uri_method", path="/request_uri_method")
    return RequestLink(_LINK.text(fields, "client_id"), _LINK.https(fields, "request_uri"))


def parse_request(token: str | bytes, *, limits: Limits) -> PresentationRequest:
    """Read a request object and hold it against the rules that need no key (§5.1, §5.2, §5.9, §8.2).

    Raises:
        ExchangeError: ``invalid_request`` or ``invalid_transaction_data``, with the code of the rule.
    """
    with _FORM.answering():
        jws = parse_compact(token, limits=limits)
        header = check_header(jws.header, typ=TYP)
        if not header.typed:
            raise _FORM.refusal(f"the typ of a request is {TYP}")
        payload = parse_object(jws.payload, limits=limits)
        client_id = _FORM.text(payload, "client_id")
        did = _parse_client(client_id)
        if header.kid is None:
            raise _FORM.refusal("the header of a request names its key")
        kid = parse_did_url(header.kid)
        if kid.did.text != did.text or not kid.fragment:
            raise _refuse("the key of the request is not one of its client", code="request_foreign_key")
        _check_parameters(payload)
        query = parse_query(payload.get("dcql_query"), limits=limits)
        state = _find_url_safe(payload, "state")
        if state is None and not all(one.holder_binding for one in query.credentials):
            raise _FORM.refusal("a request without holder binding needs a state", "/state")
        return PresentationRequest(
            client_id=client_id,
            did=did,
            kid=kid,
            response_uri=_FORM.https(payload, "response_uri"),
            nonce=_url_safe(payload, "nonce"),
            state=state,
            query=query,
            formats=_parse_formats(payload),
            issued_at=_FORM.find_moment(payload, "iat"),
            expires_at=_FORM.find_moment(payload, "exp"),
            jws=jws,
        )


def check_request(request: PresentationRequest, link: RequestLink, *, now: datetime, limits: Limits) -> None:
    """Check that the request is the one that the link named, and that it is in its time (§5.10.1).

    Raises:
        ExchangeError: ``invalid_request``.
    """
    if request.client_id != link.client_id:
        detail = "the request is by another client than the link said"
        raise _refuse(detail, code="request_other_client", path="/client_id")
    if request.expires_at is not None and request.expires_at + limits.clock_skew <= now:
        raise _refuse("the request has expired", code="request_expired", path="/exp")
    if request.issued_at is not None and request.issued_at - now > limits.clock_skew:
        detail = "the request bears a time that has not come yet"
        raise _refuse(detail, code="request_future", path="/iat")


def verify_request(request: PresentationRequest, key: PublicKey) -> None:
    """Verify the signature with the key that ``kid`` names in the DID document of ``did``.

    Raises:
        ExchangeError: ``invalid_request``.
    """
    with _FORM.answering():
        verify_jws(request.jws, key)


def _parse_client(client_id: str) -> Did:
    """§5.9: what stands before the first colon says how the rest is to be read."""
    prefix, colon, rest = client_id.partition(":")
    if f"{prefix}{colon}" == PREFIX:
        return parse_did(rest)
    if prefix == "redirect_uri" and colon:
        detail = "a client that is only an address has no key and cannot sign"
        raise _refuse(detail, code="client_id_unsigned", path="/client_id")
    detail = "the client is named in a way that is not supported here"
    raise _refuse(detail, code="client_id_prefix", path="/client_id")


def _check_parameters(payload: JsonObject) -> None:
    wanted = {"response_type": "vp_token", "response_mode": "direct_post"}
    for name, value in wanted.items():
        if payload.get(name) != value:
            raise _FORM.refusal(f"{name} must be {value}", f"/{name}")
    # Absent in many requests of others; where it stands it must be for a wallet that nobody looked up.
    if payload.get("aud", AUDIENCE) != AUDIENCE:
        raise _refuse("the request is for another wallet", code="request_audience", path="/aud")
    if "redirect_uri" in payload:
        raise _FORM.refusal("redirect_uri does not go with direct_post", "/redirect_uri")
    if "scope" in payload:
        raise _FORM.refusal("the question is asked by dcql_query, not by scope", "/scope")
    if "transaction_data" in payload:
        detail = "transaction data is not supported here"
        oauth = "invalid_transaction_data"
        raise ExchangeError(detail, oauth=oauth, code="transaction_data", path="/transaction_data")


def _parse_formats(payload: JsonObject) -> JsonObject:
    metadata = _FORM.member(payload, "client_metadata")
    formats = _FORM.member(metadata, "vp_formats_supported", "/client_metadata")
    for name in formats:
        _FORM.object(formats[name], "/client_metadata/vp_formats_supported")
    return formats


def _url_safe(payload: JsonObject, name: str) -> str:
    value = payload.get(name)
    if not isinstance(value, str) or not _URL_SAFE.fullmatch(value):
        raise _FORM.refusal(f"{name} is made of URL-safe characters", f"/{name}")
    return value


def _find_url_safe(payload: JsonObject, name: str) -> str | None:
    return _url_safe(payload, name) if name in payload else None


def _refuse(detail: str, *, code: str, path: str | None = None) -> ExchangeError:
    return ExchangeError(detail, oauth="invalid_request", code=code, path=path)
