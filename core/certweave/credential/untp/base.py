"""The ground under the UNTP models: strict reading, kept members, and the facts that make the context.

UN Transparency Protocol 0.7.0, https://untp.unece.org/docs/0.7.0/specification/. A model names the members
of a class, their types and which IRI each stands for; members it does not name are kept, because signatures
cover them. It does not judge unknown members: that is ``credential.terms``.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from certweave.credential.uri import is_absolute_uri
from certweave.errors import MalformedError
from certweave.timestamps import parse_timestamp

COUNTRIES = "https://vocabulary.uncefact.org/CountryId#"
UNITS = "https://vocabulary.uncefact.org/UnitMeasureCode#"
SCHEMA_ORG = "https://schema.org/"
SECURITY = "https://w3id.org/security#"


@dataclass(frozen=True, slots=True)
class Term:
    """What a member stands for in the UNTP context; what is left empty follows from the member's type.

    Attributes:
        iri: the full IRI or prefix form, where it is not ``untp:`` and the member's name.
        prefix: prefix put before the member's name instead of ``untp:``.
        datatype: type of the literal.
        vocabulary: code list in which the value is a term.
    """

    iri: str | None = None
    prefix: str = "untp:"
    datatype: str | None = None
    vocabulary: str | None = None


def to_camel(name: str) -> str:
    """Return the member name of a field: ``valid_from`` is ``validFrom``."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _check_uri(text: str) -> str:
    if not is_absolute_uri(text):
        raise PydanticCustomError("uri", "is not an absolute URI")
    return text


def _check_date(text: str) -> str:
    try:
        parsed = date.fromisoformat(text)
    except ValueError as error:
        raise PydanticCustomError("date", "is not a date (YYYY-MM-DD)") from error
    if parsed.isoformat() != text:
        raise PydanticCustomError("date", "is not a date (YYYY-MM-DD)")
    return text


def _check_timestamp(text: str) -> str:
    try:
        parse_timestamp(text)
    except MalformedError as error:
        raise PydanticCustomError("timestamp", "is not a date and time with offset") from error
    return text


def _check_base64(text: str) -> str:
    body = text.rstrip("=")
    if len(text) % 4 or len(text) - len(body) > 2 or not body.isascii():
        raise PydanticCustomError("base64", "is not base64")
    if not all(character.isalnum() or character in "+/" for character in body):
        raise PydanticCustomError("base64", "is not base64")
    return text


Text = Annotated[str, Term(datatype="xsd:string")]
Name = Annotated[str, Term(prefix="schema:")]
SchemaText = Annotated[str, Term(prefix="schema:", datatype="xsd:string")]
Uri = Annotated[str, AfterValidator(_check_uri), Term(datatype="xsd:anyURI")]
Day = Annotated[str, AfterValidator(_check_date), Term(datatype="xsd:date")]
# The datatype is written in lower case in the published context; a signature does not depend on it.
Moment = Annotated[str, AfterValidator(_check_timestamp), Term(datatype="xsd:datetime")]
Number = Annotated[int | float, Field(allow_inf_nan=False), Term(datatype="xsd:double")]
Fraction = Annotated[int | float, Field(ge=0, le=1), Term(datatype="xsd:double")]
Whole = Annotated[int, Term(datatype="xsd:integer")]
Flag = Annotated[bool, Term(datatype="xsd:boolean")]
Picture = Annotated[str, AfterValidator(_check_base64), Term(datatype="xsd:string")]
MediaType = Annotated[str, Term(iri=f"{SCHEMA_ORG}encodingFormat")]
Digest = Annotated[str, Term(iri=f"{SECURITY}digestMultibase", datatype=f"{SECURITY}multibase")]
CountryCode = Annotated[str, Field(min_length=1), Term(vocabulary=COUNTRIES)]
Unit = Annotated[str, Field(min_length=1), Term(vocabulary=UNITS)]

Shape = Literal["value", "entity", "credential"]


class UntpModel(BaseModel):
    """A UNTP class.

    Attributes:
        closed: whether the UN schema refuses members that it does not name.
        free: whether any member is welcome: the class has none of its own and a vocabulary for all.
        shape: a value is described where it is used, an entity by its ``type``.
        untp_name: the class's name, where it differs from the Python one (references).
        own_vocabulary: name of the class's fallback vocabulary, if it has one.
    """

    model_config = ConfigDict(
        extra="allow",
        strict=True,
        frozen=True,
        alias_generator=to_camel,
        hide_input_in_errors=True,
        # Built at first use: most runs need one class of fifty, and building them all takes 0.1 s.
        defer_build=True,
    )

    closed: ClassVar[bool] = False
    free: ClassVar[bool] = False
    shape: ClassVar[Shape] = "value"
    untp_name: ClassVar[str | None] = None
    own_vocabulary: ClassVar[bool] = False

    @classmethod
    def class_name(cls) -> str:
        """Return the name by which UNTP knows this class."""
        return cls.untp_name or cls.__name__


class ClosedValue(UntpModel):
    """A value without a type of its own, whose members are all named."""

    closed: ClassVar[bool] = True


class Entity(UntpModel):
    """Something with a type. ``type`` may be absent, but where present it names the class."""

    shape: ClassVar[Shape] = "entity"
    own_vocabulary: ClassVar[bool] = True

    type: list[str] | None = None

    @model_validator(mode="after")
    def _names_its_class(self) -> "Entity":
        if self.type is not None and self.class_name() not in self.type:
            raise PydanticCustomError(
                "untp_type", "its type does not name {name}", {"name": self.class_name()}
            )
        return self
