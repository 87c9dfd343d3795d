"""Answers to a request for presentations: the body that a wallet posts, and what the verifier says to it.

OpenID for Verifiable Presentations 1.0 §8 (https://openid.net/specs/openid-4-verifiable-presentations-1_0.html),
response mode ``direct_post``. Encrypted responses are refused. Verifying the presentations comes after this
(``examine``), and then ``dcql_match.check_answers``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from certweave.canon.jcs import canonicalize
from certweave.credential.uri import is_absolute_uri
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import ExchangeError
from certweave.exchange.form import Form, make_body, parse_body
from certweave.limits import Limits

Presentation = str | JsonObject
"""A compact ``vp+jwt`` token, or an object with a Data Integrity proof."""

_FORM: Final = Form(code="response_malformed", oauth="invalid_request")
_ANSWER: Final = Form(code="response_answer_malformed")


@dataclass(frozen=True, slots=True)
class PresentationResponse:
    """What a wallet shows, by query id; nothing is verified yet."""

    presentations: Mapping[str, tuple[Presentation, ...]] = field(repr=False)
    state: str | None


@dataclass(frozen=True, slots=True)
class RefusalResponse:
    """A wallet's no: ``error`` is ``access_denied`` where the holder refused or has nothing to show."""

    error: str
    description: str
    state: str | None


def make_vp_token(presentations: Mapping[str, Sequence[Presentation]]) -> JsonObject:
    """Return the VP Token (§8.1): arrays always, even of one.

    Raises:
        ExchangeError: it is empty, or an array in it is.
    """
    token: JsonObject = {name: list(shown) for name, shown in presentations.items()}
    _parse_vp_token(token)
    return token


def make_response_body(vp_token: JsonObject, *, state: str | None) -> str:
    """Return the form body of an answer (§8.2)."""
    return _make_body({"vp_token": canonicalize(vp_token).decode()}, state)


def make_refusal_body(error: str, *, description: str, state: str | None) -> str:
    """Return the form body of a refusal (§8.5): ``access_denied``, ``invalid_request`` and the like."""
    return _make_body({"error": error, "error_description": description}, state)


def parse_response(body: bytes, *, limits: Limits) -> PresentationResponse | RefusalResponse:
    """Read what was posted to the response address (§8.2); unknown parameters are ignored.

    Raises:
        ExchangeError: ``invalid_request``.
        UndecidedError: the body is too long (cause ``limit``).
    """
    fields = parse_body(body, _FORM, limits=limits)
    if "response" in fields:
        raise _FORM.refusal("an encrypted response was not asked for", "/response")
    state = _FORM.find_text(fields, "state")
    if ("vp_token" in fields) == ("error" in fields):
        raise _FORM.refusal("a response holds either a vp_token or an error")
    if "error" in fields:
        description = _FORM.find_text(fields, "error_description") or ""
        return RefusalResponse(_FORM.text(fields, "error"), description, state)
    with _FORM.answering():
        token = parse_object(fields["vp_token"], limits=limits)
    shown = _parse_vp_token(token)
    if sum(map(len, shown.values())) > limits.credentials:
        raise _FORM.refusal(f"at most {limits.credentials} presentations in one response", "/vp_token")
    return PresentationResponse(shown, state)


def check_state(response: PresentationResponse | RefusalResponse, state: str | None) -> None:
    """Check that a response belongs to the request that bore ``state``.

    Raises:
        ExchangeError: ``invalid_request``.
    """
    if response.state != state:
        detail = "the response does not belong to this request"
        raise ExchangeError(detail, oauth="invalid_request", code="state_mismatch", path="/state")


def make_response_answer(*, redirect_uri: str | None) -> JsonObject:
    """Return what the verifier says to a response that it took (§8.2): where the holder goes next."""
    return {} if redirect_uri is None else {"redirect_uri": redirect_uri}


def parse_response_answer(obj: Any) -> str | None:
    """Return the address that the holder's browser goes to next, or None.

    Raises:
        MalformedError: not such an answer.
    """
    answer = _ANSWER.object(obj)
    address = _ANSWER.find_text(answer, "redirect_uri")
    if address is not None and not is_absolute_uri(address):
        raise _ANSWER.refusal("redirect_uri is an absolute address", "/redirect_uri")
    return address


def _make_body(fields: dict[str, str], state: str | None) -> str:
    return make_body(fields if state is None else {**fields, "state": state})


def _parse_vp_token(token: JsonObject) -> dict[str, tuple[Presentation, ...]]:
    if not token:
        raise _FORM.refusal("the vp_token is empty", "/vp_token")
    found: dict[str, tuple[Presentation, ...]] = {}
    for name in token:
        values = _FORM.array(token, name, "/vp_token")
        for number, value in enumerate(values):
            if not isinstance(value, str | dict) or not value:
                detail = "a presentation is a text or an object"
                raise _FORM.refusal(detail, join("/vp_token", name, number))
        found[name] = tuple(values)
    return found
