"""The ground under the UNTP models: strict reading, kept members, and the facts that make the context.

UN Transparency Protocol 0.7.0, https://untp.unece.org/docs/0.7.0/specification/. A model names the members
of a class, their types and which IRI each stands for; members it does not name are kept, because signatures
cover them. It does not judge unknown members: that is ``credential.terms``.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from certweave.credential.untp.lexical import is_base64, is_day, is_moment
from certweave.credential.untp.term import TERMS
from certweave.credential.uri import is_absolute_uri


def to_camel(name: str) -> str:
    """Return the member name of a field: ``valid_from`` is ``validFrom``."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _check_uri(text: str) -> str:
    if not is_absolute_uri(text):
        raise PydanticCustomError("uri", "is not an absolute URI")
    return text


def _check_date(text: str) -> str:
    if not is_day(text):
        raise PydanticCustomError("date", "is not a date (YYYY-MM-DD)")
    return text


def _check_timestamp(text: str) -> str:
    if not is_moment(text):
        raise PydanticCustomError("timestamp", "is not a date and time with offset")
    return text


def _check_base64(text: str) -> str:
    if not is_base64(text):
        raise PydanticCustomError("base64", "is not base64")
    return text


Text = Annotated[str, TERMS["text"]]
Name = Annotated[str, TERMS["name"]]
SchemaText = Annotated[str, TERMS["schemaText"]]
Uri = Annotated[str, AfterValidator(_check_uri), TERMS["uri"]]
Day = Annotated[str, AfterValidator(_check_date), TERMS["day"]]
Moment = Annotated[str, AfterValidator(_check_timestamp), TERMS["moment"]]
Number = Annotated[int | float, Field(allow_inf_nan=False), TERMS["number"]]
Fraction = Annotated[int | float, Field(ge=0, le=1), TERMS["fraction"]]
Whole = Annotated[int, TERMS["whole"]]
Flag = Annotated[bool, TERMS["flag"]]
Picture = Annotated[str, AfterValidator(_check_base64), TERMS["picture"]]
MediaType = Annotated[str, TERMS["mediaType"]]
Digest = Annotated[str, TERMS["digest"]]
CountryCode = Annotated[str, Field(min_length=1), TERMS["country"]]
Unit = Annotated[str, Field(min_length=1), TERMS["unit"]]

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
