"""The small values of our extension: weights, references, codes and texts in several languages.

Our own vocabulary, https://certweave.example/ns/v1#; see docs/reference/credential-types.md. All are closed:
a member that is not named here is refused.
"""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from certweave.credential.untp.base import ClosedValue, Day, Digest, Number, Text, Uri, to_camel
from certweave.credential.untp.term import Term

EXTENSION = "https://certweave.example/ns/v1#"
EXTENSION_CONTEXT = "https://certweave.example/ns/v1/context.jsonld"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
KILOGRAMS = {"KGM": 1.0, "TNE": 1000.0, "GRM": 0.001, "LBR": 0.45359237}
"""Weight units (UN/CEFACT Recommendation 20) with their kilograms."""

MASS_BALANCE_SLACK = 1e-9
"""Weights are decimals in floats; a billionth of a kilogram is rounding, not fraud."""

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
        if _LANGUAGE.fullmatch(language) is None:
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


class Weight(ExtensionValue):
    """A weight above zero."""

    value: Positive
    unit: Annotated[Literal["KGM", "TNE", "GRM", "LBR"], Term(datatype="xsd:string")]

    @property
    def kilograms(self) -> float:
        """The weight in kilograms."""
        return float(self.value) * KILOGRAMS[self.unit]


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


def check_shares(materials: list[MaterialShare] | None) -> None:
    """Check that shares of a composition do not exceed the whole."""
    if materials is not None and sum(float(item.share) for item in materials) > 1 + MASS_BALANCE_SLACK:
        raise PydanticCustomError("composition", "has a composition of more than the whole")


def check_order(first: str | None, second: str | None, what: str) -> None:
    """Check that a day is not before another (both ISO 8601, so that text order is time order)."""
    if first is not None and second is not None and second < first:
        raise PydanticCustomError("date_order", "{what} is out of order", {"what": what})


def check_distinct(values: list[Any], what: str) -> None:
    """Check that nothing is listed twice."""
    if len(values) != len(set(values)):
        raise PydanticCustomError("twice", "{what} is listed twice", {"what": what})
