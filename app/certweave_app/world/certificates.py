"""What the issuers' clerks enter: the data of each certificate, in the words of the issuer's API.

The dates are days before or after the day of the demonstration, so that it never gets old. Weights hold
together: nothing is sold as certified that was not received as such.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from certweave.encoding.strict_json import JsonObject
from certweave_app.world.cast import (
    FABRIC,
    FARMER,
    GTIN,
    HALLS,
    LINT,
    LOT,
    MEMBERS,
    REGISTER,
    SCHEME,
    SEED_COTTON,
    SHIRT,
    YARN,
    Goods,
    Names,
)

PROCESSES: Final = (
    "cultivation",
    "harvest",
    "ginning",
    "spinning",
    "knitting",
    "dyeing",
    "finishing",
    "manufacturing",
    "packing",
    "storage",
    "trading",
)
CLASSES: Final[Mapping[str, Mapping[str, str]]] = {
    "seed-cotton": {"en": "Seed cotton", "de": "Saatbaumwolle", "ar": "قطن بذري"},
    "lint": {"en": "Cotton lint", "de": "Baumwollfasern", "ar": "ألياف قطن"},
    "yarn": {"en": "Yarn", "de": "Garn", "ar": "خيوط"},
    "fabric": {"en": "Knitted fabric", "de": "Maschenware", "ar": "قماش محبوك"},
    "garment": {"en": "T-shirts", "de": "T-Shirts", "ar": "قمصان"},
}
COTTON: Final = {"en": "Organic cotton", "de": "Bio-Baumwolle", "ar": "قطن عضوي"}


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale as a transaction certificate tells it; weights in kilograms.

    Attributes:
        drawn: how much of the certificate before this one was used up.
    """

    number: str
    seller: str
    buyer: str
    goods: Goods
    weight: float
    day: int
    before: str | None = None
    drawn: float | None = None


SALES: Final[Sequence[Sale]] = (
    Sale("FA-TC-1", "menemen", "ege", SEED_COTTON, 4200, -120),
    Sale("FA-TC-2", "ege", "ipek", LINT, 1500, -96, "FA-TC-1", 4200),
    Sale("FA-TC-3", "ipek", "orgu", YARN, 1275, -75, "FA-TC-2", 1500),
    Sale("FA-TC-4", "orgu", "lindau", FABRIC, 1200, -52, "FA-TC-3", 1275),
    Sale("FA-TC-5", "lindau", "meadow", SHIRT, 918, -35, "FA-TC-4", 1200),
)


@dataclass(frozen=True, slots=True)
class Site:
    """A place under a scope certificate."""

    hall: str
    role: str
    processes: tuple[str, ...]


SCOPES: Final[Mapping[str, tuple[tuple[Site, ...], str]]] = {
    "menemen": (
        (
            Site("menemen", "main", ("storage", "trading")),
            Site("field", "own", ("cultivation", "harvest")),
        ),
        "seed-cotton",
    ),
    "ege": ((Site("ege", "main", ("ginning", "storage")),), "lint"),
    "ipek": ((Site("ipek", "main", ("spinning", "storage")),), "yarn"),
    "orgu": (
        (Site("orgu", "main", ("knitting",)), Site("boya", "subcontracted", ("dyeing", "finishing"))),
        "fabric",
    ),
    "lindau": ((Site("lindau", "main", ("manufacturing", "packing")),), "garment"),
}
"""Who has a scope certificate: sites with their processes, and the class of goods."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Makes the data of certificates for one day and one set of names."""

    today: date
    names: Names

    def day(self, offset: int) -> str:
        """Return a day as the data have it."""
        return (self.today + timedelta(days=offset)).isoformat()

    def approval(self, org: str, kind: str) -> JsonObject:
        """Return what an authority allows a certifier or a laboratory."""
        words = {"schemeOwnerApproval": "Approval", "accreditation": "Accreditation"}[kind]
        period = {"startDate": self.day(-700), "endDate": self.day(700)}
        return {
            "name": f"{words} of {MEMBERS[org].name}",
            "validFrom": period["startDate"],
            "validUntil": period["endDate"],
            "holder": self.names.party(org),
            "idVerified": True,
            "issuerApproval": {
                "kind": kind,
                "schemes": [SCHEME],
                "processes": list(PROCESSES),
                "productClasses": list(CLASSES),
                "regions": ["TR", "DE"],
                **period,
            },
        }

    def anchor(self, org: str) -> JsonObject:
        """Return an entry of the register about an organisation that proved control of its DID."""
        member = MEMBERS[org]
        return {
            "name": f"Register entry of {member.name}",
            "validFrom": self.day(-300),
            "identity": {
                "id": self.names.dids[org],
                "registeredName": member.name,
                "registeredId": member.number,
                "registeredDate": "2015-06-01",
                "idScheme": REGISTER,
                "registrar": self.names.party("abr"),
                "registerType": "business",
                "registrationScope": [f"https://abr.example/register/{member.number}"],
            },
        }

    def scope(self, org: str) -> JsonObject:
        """Return a scope certificate: where, what is done there, which goods."""
        sites, code = SCOPES[org]
        return {
            "name": f"Scope certificate of {MEMBERS[org].name}",
            "validFrom": self.day(-200),
            "validUntil": self.day(165),
            "holder": self.names.party(org),
            "assessmentDate": self.day(-215),
            "idVerified": True,
            "certificationScope": {
                "schemes": [SCHEME],
                "sites": [
                    {
                        "facility": HALLS[site.hall].reference,
                        "role": site.role,
                        "processes": list(site.processes),
                    }
                    for site in sites
                ],
                "productClasses": [
                    {
                        "code": code,
                        "label": dict(CLASSES[code]),
                        "composition": [{"material": "cotton-organic", "label": dict(COTTON), "share": 1.0}],
                        "labelGrade": "organic",
                    }
                ],
            },
        }

    def inventory(self) -> JsonObject:
        """Return what the dye house uses, held against the list of what may be used."""
        return {
            "name": "Chemical inventory of Boya Ltd",
            "validFrom": self.day(-60),
            "validUntil": self.day(305),
            "holder": self.names.party("boya"),
            "assessmentDate": self.day(-62),
            "idVerified": True,
            "inventoryConformance": {
                "facility": HALLS["boya"].reference,
                "listId": "https://ofs.example/list/chemicals",
                "listVersion": "3.1",
                "periodStart": self.day(-95),
                "periodEnd": self.day(-65),
                "formulationsTotal": 42,
                "formulationsConformant": 42,
                "shareByMass": 1.0,
            },
        }

    def laboratory(self) -> JsonObject:
        """Return the laboratory's result: which cotton the traces in the lint come from."""
        return {
            "name": "Origin test of cotton lint L-26",
            "validFrom": self.day(-88),
            "holder": self.names.party("ege"),
            "assessmentDate": self.day(-88),
            "idVerified": True,
            "laboratoryResult": {
                "laboratory": self.names.party("lab"),
                "method": "eDNA",
                "methodStandard": "GT-SOP-12",
                "sample": {
                    "id": "https://lab.example/samples/88-4",
                    "ofBatch": LINT.named,
                    "takenOn": self.day(-97),
                    "takenBy": "Inspector 4 of Fibre Assurance",
                    "sealNumber": "S-991",
                },
                "receivedOn": self.day(-94),
                "testedOn": self.day(-90),
                "analytes": [
                    {"analyte": "Gossypium hirsutum, Aegean chemotype", "finding": "detected"},
                    {
                        "analyte": "Genetically modified cotton",
                        "finding": "notDetected",
                        "detectionLimit": 0.1,
                    },
                ],
                "outcome": "pass",
                "remark": {
                    "en": "The traces fit the declared origin.",
                    "de": "Die Spuren passen zur angegebenen Herkunft.",
                    "ar": "الآثار توافق المنشأ المصرح به.",
                },
            },
        }

    def transaction(self, sale: Sale, address: Callable[[str], str]) -> JsonObject:
        """Return a transaction certificate; ``address`` finds the certificate before it by its number."""
        deal: JsonObject = {
            "seller": self.names.party(sale.seller),
            "buyer": self.names.party(sale.buyer),
            "shipments": [{"date": self.day(sale.day), "documentNumber": f"BL-{sale.number}"}],
            "productLines": [
                {
                    "line": 1,
                    "product": sale.goods.named,
                    "productClass": sale.goods.code,
                    "labelGrade": "organic",
                    "netWeight": {"value": sale.weight, "unit": "KGM"},
                    "certifiedWeight": {"value": sale.weight, "unit": "KGM"},
                }
            ],
        }
        if sale.buyer in HALLS:
            deal["shipTo"] = HALLS[sale.buyer].reference
        if sale.before is not None and sale.drawn is not None:
            weight = {"value": sale.drawn, "unit": "KGM"}
            deal["inputs"] = [{"certificate": address(sale.before), "line": 1, "weightDrawn": weight}]
            deal["conversionFactor"] = round(sale.weight / sale.drawn, 4)
        return {
            "name": f"Transaction certificate {sale.number}: {sale.goods.name}",
            "validFrom": self.day(sale.day + 14),
            "holder": self.names.party(sale.buyer),
            "assessmentDate": self.day(sale.day + 12),
            "idVerified": True,
            "transaction": deal,
        }

    def delegation(self) -> JsonObject:
        """Return what the farmer declared before the certifier: the co-operative acts for her."""
        return {
            "name": "The co-operative acts for Ayşe Demir",
            "validFrom": self.day(-180),
            "validUntil": self.day(185),
            "holder": self.names.party("menemen"),
            "idVerified": True,
            "delegation": {
                "principal": FARMER,
                "delegate": self.names.party("menemen"),
                "actions": ["hold", "present", "requestCertificate", "declareProduct", "recordEvent"],
                "schemes": [SCHEME],
                "facilities": [HALLS["field"].id],
                "startDate": self.day(-180),
                "endDate": self.day(185),
            },
        }

    def label(self, scope: str) -> JsonObject:
        """Return the scheme owner's leave to label the T-shirt; ``scope`` is the maker's certificate."""
        return {
            "name": "Label release for T-shirt “Meadow”",
            "validFrom": self.day(-30),
            "holder": self.names.party("meadow"),
            "idVerified": True,
            "labelRelease": {
                "product": {"id": SHIRT.id, "name": SHIRT.name, "model": GTIN, "batch": LOT},
                "labelGrade": "organic",
                "licenceNumber": "OFS-2041",
                "claimText": {
                    "en": "Organic cotton, certified to the Organic Fibre Standard",
                    "de": "Bio-Baumwolle, zertifiziert nach dem Organic-Fibre-Standard",
                    "ar": "قطن عضوي معتمد وفق معيار الألياف العضوية",
                },
                "certificate": scope,
                "releaseDate": self.day(-30),
                "expiryOfRelease": self.day(335),
            },
        }
