"""Tokens and nonces of an issuance: what a wallet sends for a pre-authorized code, and what it gets.

OpenID for Verifiable Credential Issuance 1.0 §6, §7
(https://openid.net/specs/openid-4-verifiable-credential-issuance-1_0.html). The pre-authorized code grant
without client authentication; a response never holds a ``c_nonce``, which has its own endpoint. Whether a
code or transaction code is right, and for how long, the issuer's service decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from certweave.canon.jcs import canonicalize
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject, parse_json
from certweave.errors import ExchangeError
from certweave.exchange.form import Form, make_body, parse_body
from certweave.exchange.vci_metadata import DETAILS_TYPE
from certweave.exchange.vci_offer import PRE_AUTHORIZED
from certweave.limits import Limits

_REQUEST: Final = Form(code="token_request_malformed", oauth="invalid_request")
_DETAILS: Final = Form(code="authorization_details_malformed", oauth="invalid_authorization_details")
_RESPONSE: Final = Form(code="token_response_malformed")
_NONCE: Final = Form(code="nonce_response_malformed")
_MAX_SECONDS: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A token request; ``configuration_ids`` are those its ``authorization_details`` narrow it to, if any."""

    code: str
    tx_code: str | None
    client_id: str | None
    configuration_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """An access token; ``identifiers`` are credential identifiers by configuration, if it came with some."""

    access_token: str
    expires_in: int | None
    identifiers: Mapping[str, tuple[str, ...]]


def make_token_request(code: str, *, tx_code: str | None) -> str:
    """Return the form body of an anonymous token request (§6.1)."""
    fields = {"grant_type": PRE_AUTHORIZED, "pre-authorized_code": code}
    if tx_code is not None:
        fields["tx_code"] = tx_code
    return make_body(fields)


def parse_token_request(body: bytes, *, limits: Limits) -> TokenRequest:
    """Read the form body of a token request (§6.1); unknown parameters are ignored.

    Raises:
        ExchangeError: ``invalid_request``, ``unsupported_grant_type``, ``invalid_authorization_details``.
        UndecidedError: too long (cause ``limit``).
    """
    fields = parse_body(body, _REQUEST, limits=limits)
    grant = _REQUEST.text(fields, "grant_type")
    if grant != PRE_AUTHORIZED:
        detail = "the only grant here is that of a pre-authorized code"
        raise ExchangeError(
            detail, oauth="unsupported_grant_type", code="grant_unsupported", path="/grant_type"
        )
    details = fields.get("authorization_details")
    return TokenRequest(
        code=_REQUEST.text(fields, "pre-authorized_code"),
        tx_code=_REQUEST.find_text(fields, "tx_code"),
        client_id=_REQUEST.find_text(fields, "client_id"),
        configuration_ids=() if details is None else _parse_details(details, limits),
    )


def check_transaction_code(request: TokenRequest, *, expected: bool) -> None:
    """Check that a transaction code is there when it must be, and only then (§6.3).

    Raises:
        ExchangeError: ``invalid_request``. (A wrong code is ``invalid_grant``, which the service says.)
    """
    if expected and request.tx_code is None:
        raise ExchangeError(
            "a transaction code is asked for",
            oauth="invalid_request",
            code="tx_code_missing",
            path="/tx_code",
        )
    if not expected and request.tx_code is not None:
        raise ExchangeError(
            "no transaction code is asked for",
            oauth="invalid_request",
            code="tx_code_unexpected",
            path="/tx_code",
        )


def make_token_response(
    access_token: str, *, expires_in: int, identifiers: Mapping[str, Sequence[str]]
) -> JsonObject:
    """Return a token response (§6.2); it is sent with ``Cache-Control: no-store``.

    ``identifiers`` (credential identifiers by configuration) must be given exactly when the request held
    ``authorization_details``.
    """
    response: JsonObject = {"access_token": access_token, "token_type": "Bearer", "expires_in": expires_in}
    if identifiers:
        response["authorization_details"] = [
            {
                "type": DETAILS_TYPE,
                "credential_configuration_id": name,
                "credential_identifiers": list(values),
            }
            for name, values in identifiers.items()
        ]
    return response


def parse_token_response(obj: Any) -> Token:
    """Read a token response; unknown parameters are ignored.

    Raises:
        MalformedError: a parameter is missing or has the wrong form, or it is no bearer token.
    """
    response = _RESPONSE.object(obj)
    if _RESPONSE.text(response, "token_type").lower() != "bearer":
        raise _RESPONSE.refusal("only bearer tokens can be used here", "/token_type")
    seconds = response.get("expires_in")
    if "expires_in" in response and (type(seconds) is not int or not 0 < seconds <= _MAX_SECONDS):
        raise _RESPONSE.refusal("expires_in is a number of seconds", "/expires_in")
    identifiers: dict[str, tuple[str, ...]] = {}
    listed = "authorization_details" in response
    for number, value in enumerate(_RESPONSE.array(response, "authorization_details") if listed else []):
        path = join("/authorization_details", number)
        detail = _RESPONSE.object(value, path)
        if detail.get("type") == DETAILS_TYPE:
            name = _RESPONSE.text(detail, "credential_configuration_id", path)
            found = _RESPONSE.texts(detail, "credential_identifiers", path)
            identifiers[name] = (*identifiers.get(name, ()), *found)
    return Token(_RESPONSE.text(response, "access_token"), seconds, identifiers)


def make_nonce_response(nonce: str) -> JsonObject:
    """Return a nonce response (§7.2); it is sent with ``Cache-Control: no-store``."""
    return {"c_nonce": nonce}


def parse_nonce_response(obj: Any) -> str:
    """Return the nonce of a nonce response (§7.2).

    Raises:
        MalformedError: there is none.
    """
    return _NONCE.text(_NONCE.object(obj), "c_nonce")


def make_details(configuration_ids: Sequence[str]) -> str:
    """Return ``authorization_details`` for these configurations (§5.1.1), as the form field has them."""
    details = [{"type": DETAILS_TYPE, "credential_configuration_id": name} for name in configuration_ids]
    return canonicalize(details).decode()


def _parse_details(text: str, limits: Limits) -> tuple[str, ...]:
    """RFC 9396 §5: a type that is not known makes the whole request invalid."""
    with _DETAILS.answering():
        value = parse_json(text, limits=limits)
    if not isinstance(value, list) or not value:
        raise _DETAILS.refusal("authorization_details is an array, not empty", "/authorization_details")
    names: list[str] = []
    for number, item in enumerate(value):
        path = join("/authorization_details", number)
        detail = _DETAILS.object(item, path)
        if _DETAILS.text(detail, "type", path) != DETAILS_TYPE:
            raise _DETAILS.refusal(f"the only type here is {DETAILS_TYPE}", join(path, "type"))
        names.append(_DETAILS.text(detail, "credential_configuration_id", path))
    return tuple(dict.fromkeys(names))
