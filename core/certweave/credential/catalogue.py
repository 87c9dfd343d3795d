"""Catalogues as data: schemes, profiles and criteria in UNTP's shape, and the forms of their certificates.

UN Transparency Protocol 0.7.0, https://untp.unece.org/docs/0.7.0/specification/SustainabilityVocabularyCatalog.
What a scheme demands is read here, not judged: ``trust`` compares chains, the product examination criteria.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from certweave.credential.extension_parts import PARTS
from certweave.credential.extension_values import LanguageMap
from certweave.credential.untp.base import Uri, to_camel
from certweave.credential.untp.conformity import ConformityProfile, ConformityScheme
from certweave.credential.untp.credentials import model_error
from certweave.credential.untp.facts import members_of
from certweave.credential.untp.parties import Criterion
from certweave.encoding.strict_json import JsonObject

Chain = Literal["schemeOwnerApproval", "accreditation"]
Kind = Literal[
    "text",
    "languages",
    "date",
    "number",
    "share",
    "count",
    "weight",
    "choice",
    "uri",
    "party",
    "facility",
    "product",
    "group",
    "list",
]
"""What a field takes; party, facility and product stand for their usual few members."""


class _Closed(BaseModel):
    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, alias_generator=to_camel, hide_input_in_errors=True
    )


class Choice(_Closed):
    """One value of a choice, with its label for people."""

    value: str = Field(min_length=1)
    label: LanguageMap


class FormField(_Closed):
    """A field of a form: which member it fills, what people read, what may stand in it.

    ``fields`` are those of a group, or of each item of a list; one without a member name is the item itself.
    """

    member: str
    kind: Kind
    label: LanguageMap
    hint: LanguageMap | None = None
    example: str | None = None
    required: bool = False
    units: list[str] | None = None
    choices: list[Choice] | None = None
    fields: "list[FormField] | None" = None

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> "FormField":
        if (self.kind in ("list", "group")) != bool(self.fields):
            raise PydanticCustomError("fields", "has fields where, and only where, it is a list or group")
        if (self.kind == "choice") != bool(self.choices):
            raise PydanticCustomError("choices", "has choices where, and only where, it is one")
        if (self.kind == "weight") != bool(self.units):
            raise PydanticCustomError("units", "has units where, and only where, it is a weight")
        return self


class Form(_Closed):
    """The form of one certificate type under the scheme."""

    type: str
    title: LanguageMap
    profile: Uri
    criteria: list[Uri] = Field(min_length=1)
    attestation_type: str
    fields: list[FormField] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_of_a_known_type(self) -> "Form":
        if self.type not in PARTS:
            raise PydanticCustomError("form_type", "is no extension type")
        if not {field.member for field in self.fields} <= set(members_of(PARTS[self.type])):
            raise PydanticCustomError("form_member", "has a field that the type does not have")
        return self


class Replacement(_Closed):
    """A criterion version that takes the place of another."""

    old: Uri
    new: Uri


class Catalogue(_Closed):
    """A scheme with its profiles, criteria, demands, texts and forms."""

    scheme: ConformityScheme
    profiles: list[ConformityProfile] = Field(min_length=1)
    criteria: list[Criterion] = Field(min_length=1)
    chains: Annotated[list[Chain], Field(min_length=1)]
    replaces: list[Replacement] = Field(default_factory=list)
    names: dict[str, LanguageMap]
    claim_text: LanguageMap
    label_grades: list[Choice] = Field(min_length=1)
    forms: list[Form] = Field(min_length=1)

    @model_validator(mode="after")
    def _refers_to_itself_only(self) -> "Catalogue":
        criteria = {item.id for item in self.criteria}
        profiles = {item.id for item in self.profiles}
        used = {item.id for profile in self.profiles for item in profile.criterion or ()}
        used |= {url for form in self.forms for url in form.criteria}
        used |= {item.new for item in self.replaces}
        if not used <= criteria or not {form.profile for form in self.forms} <= profiles:
            raise PydanticCustomError("reference", "refers to a criterion or profile that it does not list")
        if not set(self.names) >= criteria | profiles | {self.scheme.id}:
            raise PydanticCustomError("names", "leaves something without a name for people")
        return self

    def find_form(self, type_name: str) -> Form | None:
        """Return the form of a certificate type, or None."""
        return next((form for form in self.forms if form.type == type_name), None)

    def find_criterion(self, url: str) -> Criterion | None:
        """Return a criterion by its versioned id, or None."""
        return next((item for item in self.criteria if item.id == url), None)

    def current(self, url: str) -> str:
        """Return the criterion version that stands for another now: itself, or what replaced it."""
        seen = {url}
        following = {item.old: item.new for item in self.replaces}
        while url in following and following[url] not in seen:
            url = following[url]
            seen.add(url)
        return url


def parse_catalogue(document: JsonObject) -> Catalogue:
    """Return a catalogue.

    Raises:
        InvalidError: ``catalogue_model`` with the place of the first thing that is wrong.
    """
    try:
        return Catalogue.model_validate(document)
    except ValidationError as error:
        raise model_error(error, document, code="catalogue_model") from error


def find_text(texts: dict[str, str], language: str) -> str:
    """Return a text in a language, else in its main language, else in English, else whatever there is."""
    wanted: tuple[Any, ...] = (language, language.partition("-")[0], "en")
    return next((texts[name] for name in wanted if name in texts), next(iter(texts.values()), ""))
