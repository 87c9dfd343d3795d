"""What a member of UNTP 0.7.0 stands for in its JSON-LD context.

https://vocabulary.uncefact.org/untp/0.7.0/context/; how that is written is in ``context``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

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


TERMS: Mapping[str, Term] = MappingProxyType(
    {
        "text": Term(datatype="xsd:string"),
        "name": Term(prefix="schema:"),
        "schemaText": Term(prefix="schema:", datatype="xsd:string"),
        "uri": Term(datatype="xsd:anyURI"),
        "day": Term(datatype="xsd:date"),
        # Written in lower case in the published context; a signature does not depend on it.
        "moment": Term(datatype="xsd:datetime"),
        "whole": Term(datatype="xsd:integer"),
        "flag": Term(datatype="xsd:boolean"),
        "picture": Term(datatype="xsd:string"),
        "mediaType": Term(iri=f"{SCHEMA_ORG}encodingFormat"),
        "digest": Term(iri=f"{SECURITY}digestMultibase", datatype=f"{SECURITY}multibase"),
        "country": Term(vocabulary=COUNTRIES),
        "unit": Term(vocabulary=UNITS),
        **dict.fromkeys(("number", "fraction", "latitude", "longitude"), Term(datatype="xsd:double")),
    }
)
"""What members of each kind stand for; a kind is a type of ``base`` or ``values``, a word of ``shapes``."""
