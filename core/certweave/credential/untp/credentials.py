"""The five UNTP 0.7.0 credentials.

https://untp.unece.org/docs/0.7.0/specification/. Reading a document into one of them does not check a
signature, nor that every member is known (``credential.terms``).
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import ValidationError

from certweave.credential.untp.base import Day, Entity, Text, Uri
from certweave.credential.untp.credential import UntpCredential
from certweave.credential.untp.names import CREDENTIAL_NAMES, UNTP
from certweave.credential.untp.parties import Facility, Party, Product
from certweave.credential.untp.term import Term
from certweave.credential.untp.values import (
    IdentifierScheme,
)
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import AbsentError, InvalidError


class RegisteredIdentity(Entity):
    """An entry in a register, which the register's keeper vouches for."""

    id: Uri
    registered_name: Text
    registered_id: Text
    registered_date: Day
    public_information: Uri | None = None
    id_scheme: IdentifierScheme
    registrar: Party | None = None
    register_type: Annotated[
        Literal["product", "facility", "business", "trademark", "land", "accreditation"],
        Term(vocabulary=f"{UNTP}RegistryType#"),
    ]
    registration_scope: list[Uri] | None = None


class DigitalProductPassport(UntpCredential):
    """A product described by who makes or sells it."""

    credential_subject: Product


class DigitalFacilityRecord(UntpCredential):
    """A facility described by who runs it."""

    credential_subject: Facility


class DigitalIdentityAnchor(UntpCredential):
    """A register's word that a DID belongs to an entry of it."""

    credential_subject: RegisteredIdentity


def _load(name: str) -> type[UntpCredential]:
    # Each model takes half a millisecond to make; these two bring along some twenty that others do not need.
    if name == "DigitalConformityCredential":
        from certweave.credential.untp.conformity import DigitalConformityCredential

        return DigitalConformityCredential
    if name == "DigitalTraceabilityEvent":
        from certweave.credential.untp.events import DigitalTraceabilityEvent

        return DigitalTraceabilityEvent
    return _MODELS[name]


_MODELS: dict[str, type[UntpCredential]] = {
    model.__name__: model for model in (DigitalProductPassport, DigitalFacilityRecord, DigitalIdentityAnchor)
}


class _Credentials(Mapping[str, type[UntpCredential]]):
    """The models by name, loaded when they are asked for."""

    def __getitem__(self, name: str) -> type[UntpCredential]:
        return _load(name)

    def __contains__(self, name: object) -> bool:
        return name in CREDENTIAL_NAMES

    def __iter__(self) -> Iterator[str]:
        return iter(CREDENTIAL_NAMES)

    def __len__(self) -> int:
        return len(CREDENTIAL_NAMES)


CREDENTIALS: Final[Mapping[str, type[UntpCredential]]] = _Credentials()


def find_model(document: JsonObject) -> type[UntpCredential] | None:
    """Return the model of the one UNTP credential type that the document names, or None."""
    names = document.get("type")
    if not isinstance(names, list):
        return None
    found = [name for name in CREDENTIAL_NAMES if name in names]
    return CREDENTIALS[found[0]] if len(found) == 1 else None


def read_credential(document: JsonObject) -> UntpCredential:
    """Return the UNTP 0.7.0 credential that a document is.

    Raises:
        InvalidError: ``untp_type_missing`` where not exactly one of the five types is named; ``untp_model``
            with the place of the first thing that the model refuses. An ``AbsentError`` where nothing but
            what is missing speaks against it.
    """
    model = find_model(document)
    if model is None:
        raise InvalidError(
            "the type does not name exactly one of the five UNTP credential types",
            code="untp_type_missing",
            path="/type",
        )
    place = find_null(document)
    if place is not None:
        raise InvalidError("UNTP has no null: such a member is left out", code="untp_model", path=place)
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise model_error(error, document, code="untp_model") from error


def dump(credential: UntpCredential) -> JsonObject:
    """Return the document from which a credential was read, unchanged."""
    return credential.model_dump(by_alias=True, exclude_unset=True)


def model_error(error: ValidationError, document: Any, *, code: str, base: str = "") -> InvalidError:
    """Return our error for the first problem that a model found, with its place in the document.

    What contradicts the model comes before what it misses.
    """
    found = error.errors(include_url=False, include_input=False, include_context=False)
    first = next((one for one in found if one["type"] != "missing"), found[0])
    path, value = base, document
    for number, token in enumerate(first["loc"]):
        inside = (isinstance(value, dict) and token in value) or (
            isinstance(value, list) and isinstance(token, int) and token < len(value)
        )
        missing = first["type"] == "missing" and number == len(first["loc"]) - 1
        if inside or missing:
            path = join(path, token)
            value = value[token] if inside else None
    if first["type"] == "missing":
        return AbsentError(f"the member {first['loc'][-1]} is missing", code=code, path=path)
    return InvalidError(f"{path or 'the document'}: {first['msg']}", code=code, path=path)


def find_null(value: Any, path: str = "") -> str | None:
    """Return the place of the first null, or None. JSON-LD drops a null member although it is signed."""
    return _place_of_null(value, path) if _has_null(value) else None


def _has_null(value: Any) -> bool:
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if found is None:
            return True
        if isinstance(found, dict):
            waiting += [item for item in found.values() if item.__class__ is not str]
        elif isinstance(found, list):
            waiting += [item for item in found if item.__class__ is not str]
    return False


def _place_of_null(value: Any, path: str) -> str | None:
    if value is None:
        return path
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        # Almost everything is text; a path is made only where there may be something below it.
        if item is None or isinstance(item, dict | list):
            found = _place_of_null(item, join(path, key))
            if found is not None:
                return found
    return None
