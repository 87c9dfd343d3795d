"""Who there is in the demonstration: organisations, their places, their goods. All names are invented.

Hosts end in ``.example`` (RFC 2606) and the GTIN begins with 952, GS1's prefix for examples.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from certweave.credential.build_parts import (
    make_address,
    make_classification,
    make_country,
    make_identifier_scheme,
    make_party,
    make_reference,
)
from certweave.encoding.strict_json import JsonObject

SCHEME: Final = "https://ofs.example/scheme/organic-fibre"
TURKIYE: Final = make_country("TR", "Türkiye")
GERMANY: Final = make_country("DE", "Germany")
REGISTER: Final = make_identifier_scheme("https://abr.example/register", "Aegean Business Register")
GTIN_SCHEME: Final = make_identifier_scheme("https://id.gs1.org/01/", "Global Trade Item Number")
BRAND_HOST: Final = "meadow.example"
GTIN: Final = "09521234543213"
LOT: Final = "17"


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation.

    Attributes:
        org: its short name in addresses.
        service: where it works: issuer or wallet.
        number: its entry in the register.
    """

    org: str
    service: str
    name: str
    country: JsonObject
    number: str

    @property
    def login(self) -> str:
        """The login of its account in the demonstration."""
        return f"{self.org}@certweave.example"


@dataclass(frozen=True, slots=True)
class Hall:
    """A place where something is made."""

    id: str
    name: str
    town: str
    region: str
    postcode: str
    street: str
    country: JsonObject

    @property
    def address(self) -> JsonObject:
        """The postal address; coordinates are not published."""
        return make_address(
            self.street, postcode=self.postcode, town=self.town, region=self.region, country=self.country
        )

    @property
    def reference(self) -> JsonObject:
        """The place as certificates and events refer to it."""
        return make_reference("Facility", self.id, self.name, countryOfOperation=self.country)


@dataclass(frozen=True, slots=True)
class Goods:
    """A batch of something: its address, its name, and its class."""

    id: str
    name: str
    batch: str
    code: str
    classification: JsonObject

    @property
    def reference(self) -> JsonObject:
        """The goods as an event refers to them."""
        return make_reference("Product", self.id, self.name, idGranularity="batch", batchNumber=self.batch)

    @property
    def named(self) -> JsonObject:
        """The goods as our certificates refer to them."""
        return {"id": self.id, "name": self.name, "batch": self.batch}


def _members(*members: Member) -> Mapping[str, Member]:
    return MappingProxyType({member.org: member for member in members})


MEMBERS: Final = _members(
    Member("ofs", "issuer", "Organic Fibre Standard Foundation", GERMANY, "ABR-1001"),
    Member("aab", "issuer", "Anatolian Accreditation Board", TURKIYE, "ABR-1002"),
    Member("abr", "issuer", "Aegean Business Register", TURKIYE, "ABR-1000"),
    Member("fa", "issuer", "Fibre Assurance", TURKIYE, "ABR-1003"),
    Member("lab", "issuer", "GenTrace Laboratory", TURKIYE, "ABR-1004"),
    Member("menemen", "wallet", "Menemen Farmers' Co-operative", TURKIYE, "ABR-2001"),
    Member("ege", "wallet", "Ege Çırçır", TURKIYE, "ABR-2002"),
    Member("ipek", "wallet", "İpek İplik", TURKIYE, "ABR-2003"),
    Member("orgu", "wallet", "Örgü Dokuma", TURKIYE, "ABR-2004"),
    Member("boya", "wallet", "Boya Ltd", TURKIYE, "ABR-2005"),
    Member("lindau", "wallet", "Weberei Lindau", GERMANY, "ABR-2006"),
    Member("meadow", "wallet", "Meadow", GERMANY, "ABR-2007"),
)

FARMER: Final = make_party(
    "https://abr.example/farmers/7733",
    "Ayşe Demir",
    registered_id="ABR-F-7733",
    scheme=REGISTER,
    country=TURKIYE,
)
"""She has no phone and no keys: the co-operative acts for her, and she has a printed card."""


def _hall(org: str, name: str, place: tuple[str, str, str, str], country: JsonObject = TURKIYE) -> Hall:
    town, region, postcode, street = place
    return Hall(f"https://abr.example/facility/{org}-1", name, town, region, postcode, street, country)


HALLS: Final[Mapping[str, Hall]] = MappingProxyType(
    {
        "field": Hall(
            "https://abr.example/facility/field-7733",
            "Field of Ayşe Demir",
            "Menemen",
            "İzmir",
            "35660",
            "Emiralem",
            TURKIYE,
        ),
        "menemen": _hall(
            "menemen", "Collecting point", ("Menemen", "İzmir", "35660", "Gazi Caddesi 4"), TURKIYE
        ),
        "ege": _hall("ege", "Gin 1", ("Söke", "Aydın", "09200", "Sanayi Yolu 12")),
        "ipek": _hall("ipek", "Ring spinning mill", ("Denizli", "Denizli", "20100", "Organize Sanayi 7")),
        "orgu": _hall("orgu", "Knitting hall", ("Bursa", "Bursa", "16140", "Demirtaş 31")),
        "boya": _hall("boya", "Dye house", ("Bursa", "Bursa", "16159", "Nilüfer 88")),
        "lindau": _hall(
            "lindau", "Sewing hall", ("Lindau", "Bayern", "88131", "Bregenzer Straße 9"), GERMANY
        ),
    }
)


def _cpc(code: str, name: str) -> JsonObject:
    return make_classification(
        code,
        name,
        scheme="https://unstats.un.org/unsd/classifications/Econ/cpc",
        scheme_name="UN Central Product Classification",
    )


SEED_COTTON: Final = Goods(
    "https://menemen.example/lots/M-26", "Seed cotton", "M-26", "seed-cotton", _cpc("01921", "Cotton")
)
LINT: Final = Goods(
    "https://ege.example/lots/L-26", "Cotton lint", "L-26", "lint", _cpc("26150", "Cotton lint")
)
YARN: Final = Goods(
    "https://ipek.example/lots/Y-41", "Ring-spun yarn Ne 30", "Y-41", "yarn", _cpc("26360", "Cotton yarn")
)
GREIGE: Final = Goods(
    "https://orgu.example/lots/G-12", "Single jersey, raw", "G-12", "fabric", _cpc("28110", "Knitted fabric")
)
FABRIC: Final = Goods(
    "https://orgu.example/lots/J-12", "Single jersey, dyed", "J-12", "fabric", _cpc("28110", "Knitted fabric")
)
SHIRT: Final = Goods(
    f"https://{BRAND_HOST}/01/{GTIN}/10/{LOT}", "T-shirt “Meadow”", LOT, "garment", _cpc("28223", "T-shirts")
)


def make_activity(code: str, name: str) -> JsonObject:
    """Return what is done, as one of the processes of our vocabulary."""
    return make_classification(
        code, name, scheme="https://certweave.example/ns/v1#Process", scheme_name="Certweave processes"
    )


@dataclass(frozen=True, slots=True)
class Names:
    """The DIDs of the organisations, as they came to be."""

    dids: Mapping[str, str]

    def party(self, org: str) -> JsonObject:
        """Return an organisation as a party, with its entry in the register."""
        member = MEMBERS[org]
        return make_party(
            self.dids[org],
            member.name,
            registered_id=member.number,
            scheme=REGISTER,
            country=member.country,
        )
