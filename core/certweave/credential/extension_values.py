"""The small values of our extension: weights, references, codes and texts in several languages.

Our own vocabulary, https://certweave.example/ns/v1#; see docs/reference/credential-types.md. All are closed:
a member that is not named here is refused.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from certweave.credential.extension_rules import RULES, kilograms
from certweave.credential.untp.base import ClosedValue, Day, Digest, Number, Text, Uri, to_camel
from certweave.credential.untp.lexical import is_language
from certweave.credential.untp.term import Term

Process = Literal[
    "seed",
    "cultivation",
    "harvest",
    "ginning",
    "spinning",
    "weaving",
    "knitting",
    "dyeing",
    "printing",
    "finishing",
    "manufacturing",
    "packing",
    "storage",
    "transport",
    "trading",
    "distribution",
    "sales",
    "collection",
    "recycling",
    "disposal",
]
"""Codes of what is done to goods, from seed to disposal."""


def _check_languages(value: dict[str, str]) -> dict[str, str]:
    for language, text in value.items():
        if not is_language(language):
            raise PydanticCustomError("language", "is not a map of languages (BCP 47) to texts")
        if not text:
            raise PydanticCustomError("language", "holds an empty text")
    return value


LanguageMap = Annotated[
    dict[str, str], Field(min_length=1), AfterValidator(_check_languages), Term(iri="@language")
]
Positive = Annotated[Number, Field(gt=0)]
Share = Annotated[Number, Field(ge=0, le=1)]
Count = Annotated[int, Field(gt=0), Term(datatype="xsd:integer")]
Filled = Annotated[Text, Field(min_length=1, pattern=r"\S")]
Reference = Annotated[Uri, Term(datatype="@id")]
Tally = Annotated[int, Field(ge=0), Term(datatype="xsd:integer")]
NotNegative = Annotated[Number, Field(ge=0)]
Loss = Annotated[Number, Field(ge=0, lt=1)]
Region = Annotated[str, Field(pattern="^[A-Z]{2}$"), Term(datatype="xsd:string")]


class ExtensionValue(ClosedValue):
    """A value of our extension: every member is named, any other is refused."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        alias_generator=to_camel,
        hide_input_in_errors=True,
        defer_build=True,
    )

    @model_validator(mode="after")
    def _keeps_its_rule(self) -> "ExtensionValue":
        rule = RULES.get(self.class_name())
        wrong = rule(self.model_dump(by_alias=True, exclude_none=True)) if rule else None
        if wrong is not None:
            raise PydanticCustomError(*wrong)
        return self


class Weight(ExtensionValue):
    """A weight above zero."""

    value: Positive
    unit: Annotated[Literal["KGM", "TNE", "GRM", "LBR"], Term(datatype="xsd:string")]

    @property
    def kilograms(self) -> float:
        """The weight in kilograms."""
        return kilograms({"value": self.value, "unit": self.unit})


class ProductReferenceValue(ExtensionValue):
    """A product, or a batch of it, that a certificate speaks of."""

    id: Uri
    name: Filled
    model: Filled | None = None
    batch: Filled | None = None


class MaterialShare(ExtensionValue):
    """A material and its share of the product's mass."""

    material: Filled
    label: LanguageMap | None = None
    share: Share


class DrawnInput(ExtensionValue):
    """How much of the volume of an earlier certificate was used up."""

    certificate: Reference
    line: Count | None = None
    weight_drawn: Weight
    digest_multibase: Digest | None = None


class Shipment(ExtensionValue):
    """One consignment under a transaction certificate."""

    date: Day
    document_number: Filled
    carrier_name: Filled | None = None
