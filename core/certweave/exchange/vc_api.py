"""Bodies of the VC API: issue, verify, derive, present, update a status.

VCALM 1.0 (https://www.w3.org/TR/vcalm-1.0/, as of August 2026), which
was the Verifiable Credential API. Each call knows some members and options; any other is refused, because it
might be meant as a restriction. What the credentials and presentations inside are worth is for the checks of
the model and for ``examine``. Workflows, exchanges and interactions are not here.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Final

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, UnknownOptionError
from certweave.exchange.form import Form
from certweave.status.entry import ENTRY_TYPE

MAX_CHANGES: Final = 16
"""Status changes in one request; a credential has one or two purposes."""

_FORM: Final = Form(code="vc_api_malformed")
_ISSUE: Final = frozenset({"credentialId", "mandatoryPointers", "commitment"})
_VERIFY: Final = frozenset({"checks", "returnProblemDetails", "returnResults"})
_DERIVE: Final = frozenset({"selectivePointers"})
_PRESENT: Final = frozenset(
    {"type", "cryptosuite", "verificationMethod", "proofPurpose", "challenge", "domain"}
)
"""Options by call. ``created`` of a presentation is not among them: when it was signed, the clock says."""
_LISTS: Final = frozenset({"mandatoryPointers", "selectivePointers", "checks"})
_CHECKS: Final = frozenset({"proof", "credentialStatus", "credentialSchema"})
"""What older clients ask to be checked; everything is, whatever they name."""
_ENTRY_MEMBERS: Final = frozenset(
    {"id", "type", "statusPurpose", "statusListIndex", "statusListCredential", "status"}
)
_ENTRY_TYPES: Final = frozenset({ENTRY_TYPE, "BitstringStatusList"})
"""The second is what VCALM's own example calls it."""


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a call, all known and of the right form; ``raw`` has them as they were sent."""

    raw: JsonObject = field(repr=False)

    @property
    def challenge(self) -> str | None:
        """What the proof of a presentation must repeat."""
        return self.raw.get("challenge")

    @property
    def domain(self) -> str | None:
        """For whom the proof of a presentation must be made."""
        return self.raw.get("domain")

    @property
    def credential_id(self) -> str | None:
        """By what the caller calls a credential whose own ``id`` is absent."""
        return self.raw.get("credentialId")

    @property
    def mandatory_pointers(self) -> tuple[str, ...]:
        """What every disclosure must show."""
        return tuple(self.raw.get("mandatoryPointers", ()))

    @property
    def selective_pointers(self) -> tuple[str, ...]:
        """What shall be shown."""
        return tuple(self.raw.get("selectivePointers", ()))

    def wants(self, name: str, *, default: bool = False) -> bool:
        """Return one of the options that are true or false, such as ``returnCredential``."""
        return bool(self.raw.get(name, default))


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
    """The bit that a purpose shall have; ``purpose`` is None where the credential has but one.

    ``named`` is the entry as the caller wrote it: what it says of the place has to be so.
    """

    purpose: str | None
    value: bool
    named: JsonObject = field(default_factory=dict, compare=False)

    def fits(self, entry: JsonObject) -> bool:
        """Tell whether the caller means this entry of a credential."""
        places = ("id", "statusListIndex", "statusListCredential")
        return all(str(self.named[name]) == str(entry.get(name)) for name in places if name in self.named)


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
    body = _body(obj, "credential")
    return IssueRequest(_FORM.member(body, "credential"), _parse_options(body, _ISSUE))


def parse_verify_credential(obj: Any) -> VerifyRequest:
    """Read ``{verifiableCredential, options?}`` of POST …/credentials/verify.

    Raises:
        MalformedError: a member is missing or has the wrong form.
    """
    body = _body(obj, "verifiableCredential")
    known = _VERIFY | {"returnCredential"}
    return VerifyRequest(_secured(body, "verifiableCredential"), _parse_options(body, known))


def parse_verify_presentation(obj: Any) -> VerifyRequest:
    """Read ``{verifiablePresentation, options?}`` of POST …/presentations/verify.

    Raises:
        MalformedError: a member is missing or has the wrong form.
    """
    body = _body(obj, "verifiablePresentation")
    known = _VERIFY | {"returnPresentation", "challenge", "domain"}
    return VerifyRequest(_secured(body, "verifiablePresentation"), _parse_options(body, known))


def parse_derive_request(obj: Any) -> DeriveRequest:
    """Read ``{verifiableCredential, options?: {selectivePointers}}`` of POST …/credentials/derive.

    Raises:
        MalformedError: a member is missing or has the wrong form; a token has no part to show.
    """
    body = _body(obj, "verifiableCredential")
    return DeriveRequest(_FORM.member(body, "verifiableCredential"), _parse_options(body, _DERIVE))


def make_derive_response(derived: JsonObject) -> JsonObject:
    """Return ``{verifiableCredential}``, for status 201."""
    return {"verifiableCredential": derived}


def parse_create_presentation(obj: Any) -> PresentRequest:
    """Read ``{presentation, options?}`` of POST …/presentations.

    Raises:
        MalformedError: a member is missing or has the wrong form.
    """
    body = _body(obj, "presentation")
    return PresentRequest(_FORM.member(body, "presentation"), _parse_options(body, _PRESENT))


def check_present_options(asked: PresentRequest, proof: JsonObject) -> None:
    """Check that the proof of a presentation is what the options ask for, where they name its members.

    Raises:
        InvalidError: ``option_unfit``.
    """
    for name in ("type", "cryptosuite", "verificationMethod", "proofPurpose"):
        wanted = asked.options.raw.get(name)
        if wanted is not None and wanted != proof.get(name):
            detail = f"another {name} than {wanted[:60]!a} is what is had here"
            raise InvalidError(detail, code="option_unfit", path=join("/options", name))


def make_create_response(secured: str | JsonObject) -> JsonObject:
    """Return ``{verifiablePresentation}``, for status 201."""
    return {"verifiablePresentation": secured}


def parse_status_request(obj: Any) -> StatusRequest:
    """Read ``{credentialId, credentialStatus, status?}`` of POST …/credentials/status.

    ``credentialStatus`` is one entry or an array of them, as versions of the text differ; ``status`` stands
    in the entry or beside it, as a boolean or as "0" or "1". Absent, it means that the bit shall be set.

    Raises:
        MalformedError: a member is missing or has the wrong form, or one purpose stands twice.
        UnknownOptionError: a member or a type of status that is not known.
    """
    body = _known(_FORM.object(obj), {"credentialId", "credentialStatus", "status"}, "")
    credential_id = _FORM.text(body, "credentialId")
    value = body.get("credentialStatus")
    entries: Sequence[Any] = value if isinstance(value, list) else [value]
    if not 0 < len(entries) <= MAX_CHANGES:
        raise _FORM.refusal(f"from 1 to {MAX_CHANGES} entries", "/credentialStatus")
    outer = _bit(body, "", default=True)
    changes = []
    for number, entry in enumerate(entries):
        path = join("/credentialStatus", number) if isinstance(value, list) else "/credentialStatus"
        found = _known(_FORM.object(entry, path), _ENTRY_MEMBERS, path)
        if _FORM.text(found, "type", path) not in _ENTRY_TYPES:
            raise UnknownOptionError(f"the only type of status here is {ENTRY_TYPE}", path=join(path, "type"))
        purpose = _FORM.find_text(found, "statusPurpose", path)
        changes.append(StatusChange(purpose, _bit(found, path, default=outer), found))
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


def _body(obj: Any, name: str) -> JsonObject:
    return _known(_FORM.object(obj), {name, "options"}, "")


def _known(holder: JsonObject, names: Set[str], path: str) -> JsonObject:
    """VCALM, Options: what is not understood is an error."""
    for name in holder:
        if name not in names:
            raise UnknownOptionError(f"{name[:60]!r} is not known here", path=join(path, name))
    return holder


def _parse_options(body: JsonObject, known: Set[str]) -> Options:
    options = _known(_FORM.object(body.get("options", {}), "/options"), known, "/options")
    for name in options:
        if name in _LISTS:
            _check_texts(options, name)
        elif name == "commitment":
            _FORM.member(options, name, "/options")
        elif name.startswith("return"):
            _FORM.flag(options, name, "/options", default=False)
        else:
            _FORM.text(options, name, "/options")
    for place, check in enumerate(options.get("checks", ())):
        if check not in _CHECKS:
            raise UnknownOptionError(f"{check[:60]!r} is no check", path=join("/options/checks", place))
    return Options(options)


def _check_texts(options: JsonObject, name: str) -> None:
    """Check a list of texts, which may be empty here: suites send ``mandatoryPointers: []``."""
    values = options[name]
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise _FORM.refusal(f"{name} is an array of texts", join("/options", name))
