"""The request for a credential and its answer.

OpenID for Verifiable Credential Issuance 1.0 §8
(https://openid.net/specs/openid-4-verifiable-credential-issuance-1_0.html). Key proofs of type ``jwt`` only;
what is inside them is in vci_proof.py. Encrypted requests and responses, and asking again for a deferred
credential, are not here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import ExchangeError
from certweave.exchange.form import Form

_REQUEST: Final = Form(code="credential_request_malformed", oauth="invalid_credential_request")
_PROOFS: Final = Form(code="proofs_malformed", oauth="invalid_proof")
_RESPONSE: Final = Form(code="credential_response_malformed")
_MAX_PROOF: Final = 16_384
"""Characters of one key proof; an honest one has about 700."""


@dataclass(frozen=True, slots=True)
class CredentialRequest:
    """A credential request: exactly one of the two names is there; ``proofs`` are compact JWTs, unread."""

    configuration_id: str | None
    identifier: str | None
    proofs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CredentialResponse:
    """An answer: either ``credentials`` (texts or objects), or a ``transaction_id`` to ask again with."""

    credentials: tuple[str | JsonObject, ...]
    notification_id: str | None
    transaction_id: str | None
    interval: int | None


def make_credential_request(
    *, configuration_id: str | None, identifier: str | None, proofs: Sequence[str]
) -> JsonObject:
    """Return a credential request (§8.2); ``identifier`` where the token came with identifiers.

    Raises:
        ExchangeError: what would be sent is no request by ``parse_credential_request``.
    """
    names = {"credential_configuration_id": configuration_id, "credential_identifier": identifier}
    request: JsonObject = {name: value for name, value in names.items() if value is not None}
    if proofs:
        request["proofs"] = {"jwt": list(proofs)}
    parse_credential_request(request, batch_size=max(1, len(proofs)))
    return request


def parse_credential_request(obj: Any, *, batch_size: int) -> CredentialRequest:
    """Read a credential request (§8.2); at most ``batch_size`` key proofs.

    Stricter than the text, which lets unknown parameters pass: ``proof`` and ``format`` of the drafts are
    refused, because whoever sends them means another protocol.

    Raises:
        ExchangeError: ``invalid_credential_request``, ``invalid_proof``, ``invalid_encryption_parameters``.
    """
    request = _REQUEST.object(obj)
    if "format" in request:
        raise _REQUEST.refusal("format belongs to drafts of the protocol, not to 1.0", "/format")
    if "credential_response_encryption" in request:
        raise ExchangeError(
            "responses are not encrypted here",
            oauth="invalid_encryption_parameters",
            code="response_encryption",
            path="/credential_response_encryption",
        )
    configuration_id = _REQUEST.find_text(request, "credential_configuration_id")
    identifier = _REQUEST.find_text(request, "credential_identifier")
    if (configuration_id is None) == (identifier is None):
        detail = "a request names either credential_configuration_id or credential_identifier"
        raise _REQUEST.refusal(detail)
    return CredentialRequest(configuration_id, identifier, _parse_proofs(request, batch_size))


def check_proofs_given(request: CredentialRequest) -> None:
    """Check that there is a key proof at all: needed where the configuration names proof types (§8.2).

    Raises:
        ExchangeError: ``invalid_proof``.
    """
    if not request.proofs:
        raise ExchangeError(
            "a proof of the key is needed", oauth="invalid_proof", code="proofs_missing", path="/proofs"
        )


def make_credential_response(
    credentials: Sequence[str | JsonObject], *, notification_id: str | None = None
) -> JsonObject:
    """Return the answer with credentials, one for each key proof (§8.3, status 200, ``no-store``)."""
    response: JsonObject = {"credentials": [{"credential": credential} for credential in credentials]}
    if notification_id is not None:
        response["notification_id"] = notification_id
    return response


def parse_credential_response(obj: Any) -> CredentialResponse:
    """Read the answer to a credential request (§8.3); unknown parameters are ignored.

    Raises:
        MalformedError: neither or both kinds of answer, or a parameter has the wrong form.
    """
    response = _RESPONSE.object(obj)
    immediate, deferred = "credentials" in response, "transaction_id" in response
    if immediate == deferred:
        raise _RESPONSE.refusal("an answer holds either credentials or a transaction_id")
    if deferred:
        interval = response.get("interval")
        if type(interval) is not int or interval < 1:
            raise _RESPONSE.refusal("interval is a number of seconds", "/interval")
        if "notification_id" in response:
            raise _RESPONSE.refusal("notification_id goes with credentials", "/notification_id")
        return CredentialResponse((), None, _RESPONSE.text(response, "transaction_id"), interval)
    if "interval" in response:
        raise _RESPONSE.refusal("interval goes with a transaction_id", "/interval")
    credentials = tuple(
        _parse_credential(item, join("/credentials", number))
        for number, item in enumerate(_RESPONSE.array(response, "credentials"))
    )
    return CredentialResponse(credentials, _RESPONSE.find_text(response, "notification_id"), None, None)


def _parse_proofs(request: JsonObject, batch_size: int) -> tuple[str, ...]:
    if "proof" in request:
        raise _PROOFS.refusal("proof belongs to drafts of the protocol; 1.0 has proofs", "/proof")
    if "proofs" not in request:
        return ()
    proofs = _PROOFS.member(request, "proofs")
    if list(proofs) != ["jwt"]:
        raise _PROOFS.refusal("proofs has exactly one member, and the only type here is jwt", "/proofs")
    tokens = _PROOFS.array(proofs, "jwt", "/proofs")
    if len(tokens) > batch_size:
        raise _PROOFS.refusal(f"at most {batch_size} key proofs in one request", "/proofs/jwt")
    for number, token in enumerate(tokens):
        if not isinstance(token, str) or not 0 < len(token) <= _MAX_PROOF:
            raise _PROOFS.refusal("a key proof is a compact JWT", join("/proofs/jwt", number))
    return tuple(tokens)


def _parse_credential(item: Any, path: str) -> str | JsonObject:
    found = _RESPONSE.object(item, path).get("credential")
    if not isinstance(found, str | dict) or not found:
        raise _RESPONSE.refusal("a credential is a text or an object", join(path, "credential"))
    return found
