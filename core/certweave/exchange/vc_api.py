"""Bodies of the VC API: issue, verify, derive, present, update a status.

Verifiable Credential API 0.7 (https://w3c-ccg.github.io/vc-api/). Options that we know have their types
checked; others are let pass, because test suites and other programs send many. What the credentials and
presentations inside are worth is for the checks of the model and for ``examine``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.exchange.form import Form

MAX_CHANGES: Final = 16
"""Status changes in one request; a credential has one or two purposes."""

_FORM: Final = Form(code="vc_api_malformed")
_TEXT_OPTIONS: Final = ("credentialId", "challenge", "domain", "created", "expires")
_LIST_OPTIONS: Final = ("mandatoryPointers", "selectivePointers", "checks")


@dataclass(frozen=True, slots=True)
class Options:
    """The options that we use; ``raw`` has all that were sent."""

    challenge: str | None
    domain: str | None
    credential_id: str | None
    mandatory_pointers: tuple[str, ...]
    selective_pointers: tuple[str, ...]
    raw: JsonObject = field(repr=False)


@dataclass(frozen=True, slots=True)
class IssueRequest:
    """A credential without proof that shall be issued."""

    credential: JsonObject = field(repr=False)
    options: Options


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """A secured credential or presentation that shall be verified: an object, or a compact token."""

    secured: str | JsonObject = field(repr=False)
    options: Options


@dataclass(frozen=True, slots=True)
class DeriveRequest:
    """A credential with a base proof, of which ``options.selective_pointers`` shall be shown."""

    credential: JsonObject = field(repr=False)
    options: Options


@dataclass(frozen=True, slots=True)
class PresentRequest:
    """A presentation without proof that shall be made for ``options.domain`` and ``options.challenge``."""

    presentation: JsonObject = field(repr=False)
    options: Options


@dataclass(frozen=True, slots=True)
class StatusChange:
    """The bit that a purpose shall have; ``purpose`` is None where the credential has but one."""

    purpose: str | None
    value: bool


@dataclass(frozen=True, slots=True)
class StatusRequest:
    """Status changes of the credential with that ``id``."""

    credential_id: str
    changes: tuple[StatusChange, ...]


def parse_issue_request(obj: Any) -> IssueRequest:
    """Read ``{credential, options?}`` of POST …/credentials/issue.

    Raises:
        MalformedError: a member is missing or has the wrong form.
    """
    body = _FORM.object(obj)
    return IssueRequest(_FORM.member(body, "credential"), _parse_options(body))


def make_issue_response(secured: str | JsonObject) -> JsonObject:
    """Return ``{verifiableCredential}``, for status 201."""
    return {"verifiableCredential": secured}


def parse_verify_credential(obj: Any) -> VerifyRequest:
    """Read ``{verifiableCredential, options?}`` of POST …/credentials/verify.

    Raises:
        MalformedError: a member is missing or has the wrong form.
    """
    body = _FORM.object(obj)
    return VerifyRequest(_secured(body, "verifiableCredential"), _parse_options(body))


def parse_verify_presentation(obj: Any) -> VerifyRequest:
    """Read ``{verifiablePresentation, options?}`` of POST …/presentations/verify.

    Raises:
        MalformedError: a member is missing or has the wrong form.
    """
    body = _FORM.object(obj)
    return VerifyRequest(_secured(body, "verifiablePresentation"), _parse_options(body))


def parse_derive_request(obj: Any) -> DeriveRequest:
    """Read ``{verifiableCredential, options?: {selectivePointers}}`` of POST …/credentials/derive.

    Raises:
        MalformedError: a member is missing or has the wrong form; a token has no part to show.
    """
    body = _FORM.object(obj)
    return DeriveRequest(_FORM.member(body, "verifiableCredential"), _parse_options(body))


def make_derive_response(derived: JsonObject) -> JsonObject:
    """Return ``{verifiableCredential}``, for status 201."""
    return {"verifiableCredential": derived}


def parse_create_presentation(obj: Any) -> PresentRequest:
    """Read ``{presentation, options?}`` of POST …/presentations.

    Raises:
        MalformedError: a member is missing or has the wrong form.
    """
    body = _FORM.object(obj)
    return PresentRequest(_FORM.member(body, "presentation"), _parse_options(body))


def make_create_response(secured: str | JsonObject) -> JsonObject:
    """Return ``{verifiablePresentation}``, for status 201."""
    return {"verifiablePresentation": secured}


def parse_status_request(obj: Any) -> StatusRequest:
    """Read ``{credentialId, credentialStatus, status?}`` of POST …/credentials/status.

    ``credentialStatus`` is one entry or an array of them, as versions of the text differ; ``status`` stands
    in the entry or beside it, as a boolean or as "0" or "1". Absent, it means that the bit shall be set.

    Raises:
        MalformedError: a member is missing or has the wrong form, or one purpose stands twice.
    """
    body = _FORM.object(obj)
    credential_id = _FORM.text(body, "credentialId")
    value = body.get("credentialStatus")
    entries: Sequence[Any] = value if isinstance(value, list) else [value]
    if not 0 < len(entries) <= MAX_CHANGES:
        raise _FORM.refusal(f"from 1 to {MAX_CHANGES} entries", "/credentialStatus")
    outer = _bit(body, "", default=True)
    changes = []
    for number, entry in enumerate(entries):
        path = join("/credentialStatus", number) if isinstance(value, list) else "/credentialStatus"
        found = _FORM.object(entry, path)
        _FORM.text(found, "type", path)
        changes.append(
            StatusChange(_FORM.find_text(found, "statusPurpose", path), _bit(found, path, default=outer))
        )
    if len({change.purpose for change in changes}) != len(changes):
        raise _FORM.refusal("one purpose stands twice", "/credentialStatus")
    return StatusRequest(credential_id, tuple(changes))


def _bit(holder: JsonObject, path: str, *, default: bool) -> bool:
    value = holder.get("status", default)
    if isinstance(value, bool):
        return value
    if value not in ("0", "1"):
        raise _FORM.refusal('status is a boolean, "0" or "1"', join(path, "status"))
    return bool(value == "1")


def _secured(body: JsonObject, name: str) -> str | JsonObject:
    value = body.get(name)
    if not isinstance(value, str | dict) or not value:
        raise _FORM.refusal(f"{name} is an object or a compact token", join("", name))
    return value


def _parse_options(body: JsonObject) -> Options:
    options = _FORM.object(body.get("options", {}), "/options")
    texts = {name: _FORM.find_text(options, name, "/options") for name in _TEXT_OPTIONS}
    lists = {name: _texts(options, name) for name in _LIST_OPTIONS}
    return Options(
        challenge=texts["challenge"],
        domain=texts["domain"],
        credential_id=texts["credentialId"],
        mandatory_pointers=lists["mandatoryPointers"],
        selective_pointers=lists["selectivePointers"],
        raw=options,
    )


def _texts(options: JsonObject, name: str) -> tuple[str, ...]:
    """Return a list of texts, which may be empty here: suites send ``mandatoryPointers: []``."""
    values = options.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise _FORM.refusal(f"{name} is an array of texts", join("/options", name))
    return tuple(values)
