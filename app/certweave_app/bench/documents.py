"""What is issued and verified: a certificate under a small context, and a UNTP passport under a large one.

The certificate has what costs time in JSON-LD: type-scoped protected terms, lists, a language map, a JSON
literal, some 120 statements. Libraries that read contexts anew for each document need very long for the
passport, so the two are told apart.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from certweave.credential.untp.names import UNTP_CONTEXT
from certweave.encoding.strict_json import JsonObject
from certweave.proof.vc_jwt import CREDENTIALS_V2

BENCH_CONTEXT: Final = "https://certweave.example/ns/bench/v1"
LOTS: Final = 8
"""A power of two, so that a share has a short decimal form."""
_VOCABULARY: Final = "https://certweave.example/ns/bench#"
_UZBEKISTAN: Final = {"countryCode": "UZ", "countryName": "Uzbekistan"}
_FIBRE: Final = {
    "code": "26121",
    "name": "Cotton, ginned",
    "schemeId": "https://unstats.un.org/unsd/classifications/Econ/cpc/",
    "schemeName": "Central Product Classification",
}


def _terms(*names: str, **others: Any) -> JsonObject:
    plain: JsonObject = {name: f"{_VOCABULARY}{name}" for name in names}
    return {"@protected": True, "id": "@id", "type": "@type", **plain, **others}


def _kind(name: str, *names: str, **others: Any) -> JsonObject:
    return {"@id": f"{_VOCABULARY}{name}", "@context": _terms(*names, **others)}


_MASS: Final = {"@id": f"{_VOCABULARY}mass", "@type": "http://www.w3.org/2001/XMLSchema#decimal"}
BENCH_DOCUMENT: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "@context": {
            "@protected": True,
            "CottonCertificate": _kind("CottonCertificate"),
            "Consignment": _kind(
                "Consignment",
                "batch",
                "grade",
                label={"@id": f"{_VOCABULARY}label", "@container": "@language"},
                route={"@id": f"{_VOCABULARY}route", "@container": "@list"},
                lots={"@id": f"{_VOCABULARY}lots"},
                measured={"@id": f"{_VOCABULARY}measured", "@type": "@json"},
            ),
            "Lot": _kind(
                "Lot", "farm", "field", "harvested", "number", "origin", "share", "variety", mass=_MASS
            ),
            "Stop": _kind("Stop", "place", "country", "role"),
        }
    }
)
"""The context behind ``BENCH_CONTEXT``; it is known to the benchmark only."""


def make_certificate(issuer: str) -> JsonObject:
    """Return a certificate about a consignment of cotton lots."""
    stops = [("Ginnery", "UZ", "gin"), ("Port", "GE", "transport"), ("Mill", "TR", "spin")]
    return {
        "@context": [CREDENTIALS_V2, BENCH_CONTEXT],
        "id": "https://certifier.example/certificates/9f0c5a4e",
        "type": ["VerifiableCredential", "CottonCertificate"],
        "issuer": {"id": issuer, "name": "Bench Certification"},
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2046-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "https://id.brand.example/01/09520123456788/10/B7",
            "type": "Consignment",
            "batch": "B7",
            "grade": "organic",
            "label": {"en": "Organic cotton", "de": "Bio-Baumwolle", "tr": "Organik pamuk"},
            "route": [
                {"type": "Stop", "place": place, "country": country, "role": role}
                for place, country, role in stops
            ],
            "measured": {"micronaire": 4.1, "staple": [28.5, 29.1], "method": "HVI"},
            "lots": [
                {
                    "id": f"https://farm.example/lots/{number}",
                    "type": "Lot",
                    "number": number,
                    "origin": f"Field {number}",
                    "farm": f"https://farm.example/{number}",
                    "field": f"https://farm.example/{number}/fields/3",
                    "harvested": "2025-10-12",
                    "variety": "Gossypium hirsutum",
                    "mass": "218.5",
                    "share": 1 / LOTS,
                }
                for number in range(LOTS)
            ],
        },
    }


def make_plain(issuer: str) -> JsonObject:
    """Return a credential under the context of VCDM 2.0 alone."""
    return {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiableCredential"],
        "issuer": issuer,
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "https://id.brand.example/01/09520123456788/10/B7"},
    }


def make_passport(issuer: str) -> JsonObject:
    """Return a UNTP product passport of the size that is usual in the field."""
    return {
        "@context": [CREDENTIALS_V2, UNTP_CONTEXT],
        "id": "https://brand.example/credentials/9f0c5a4e",
        "type": ["DigitalProductPassport", "VerifiableCredential"],
        "name": "Passport of a bale of yarn",
        "issuer": {"type": ["CredentialIssuer"], "id": issuer, "name": "Bench Mill"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "type": ["Product"],
            "id": "https://id.brand.example/01/09520123456788/10/B7",
            "name": "Combed yarn, 30/1",
            "idScheme": {"id": "https://id.gs1.org/01", "name": "Global Trade Item Number"},
            "idGranularity": "batch",
            "batchNumber": "B7",
            "productCategory": [_FIBRE],
            "producedAtFacility": {"id": "https://mill.example/facilities/1", "name": "Spinning mill"},
            "countryOfProduction": _UZBEKISTAN,
            "materialProvenance": [
                {
                    "name": f"Cotton of lot {number}",
                    "originCountry": _UZBEKISTAN,
                    "materialType": _FIBRE,
                    "massFraction": 1 / LOTS,
                    "mass": {"value": 218.5, "unit": "KGM"},
                }
                for number in range(LOTS)
            ],
        },
    }
