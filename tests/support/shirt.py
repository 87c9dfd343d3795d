"""The T-shirt “Meadow”, lot 17, with everything behind its code, in the memory of a ``World``.

A claim that a certifier checked, one that a laboratory checked on the fibre, one that only the maker makes;
events from the field to the seam, with a spinner who is not named. Every document is an argument that a test
may change before ``publish``.
"""

import base64
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from certweave.credential.build import (
    make_assessment,
    make_attestation,
    make_credential,
    make_endorsement,
    make_issuer,
)
from certweave.credential.build_parts import (
    make_claim,
    make_classification,
    make_country,
    make_event,
    make_event_product,
    make_identifier_scheme,
    make_link,
    make_measure,
    make_metric,
    make_party,
    make_performance,
    make_product,
    make_reference,
    make_topic,
)
from certweave.encoding.strict_json import JsonObject
from certweave.product.address import ProductAddress, make_product_address
from certweave.product.links import LinkContext, ProductLink, Relation, make_linkset
from certweave.trust.policy import Chain, Policy, Role, Root, TrustedIssuer
from tests.support.world import Party, World

GTIN = "09521234543213"
HOST = "meadow.example"
ADDRESS = make_product_address(GTIN, lot="17")
SHIRT = ADDRESS.at(HOST)
SCHEME = make_reference("ConformityScheme", "https://ofs.example/organic-fibre", "Organic Fibre Standard 3.1")
ORGANIC = make_reference(
    "Criterion", "https://ofs.example/organic-fibre/3.1/organic-content", "Grade “organic”"
)
ORIGIN = make_reference("Criterion", "https://lab.example/methods/edna/origin", "Fibre DNA of the region")
WATER = make_reference(
    "Criterion", "https://lindau.example/water", "Compared with the mill’s own 2023 figure"
)
TOPIC = make_topic("environment.water", "Water")
SHARE = make_metric("https://ofs.example/metrics/organic-share", "Organic share")
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><path d="M20 12l-12 8 6 10 5-3v26h26V27l5 3 '
    '6-10-12-8c-2 5-22 5-24 0z" fill="#fff" stroke="#2b3f7a" stroke-width="2"/><path d="M19 49h26v4H19z" '
    'fill="#2b3f7a"/></svg>'
)
NAMES = {
    "lindau": "Weberei Lindau",
    "meadow": "Meadow",
    "fa": "Fibre Assurance",
    "lab": "GenTrace Laboratory",
    "ofs": "Organic Fibre Standard Foundation",
    "aab": "Anatolian Accreditation Board",
    "menemen": "Menemen Farmers’ Co-operative",
    "ege": "Ege Çırçır",
    "orgu": "Örgü Dokuma",
    "boya": "Boya Ltd",
}
SUPPLIERS = ("lindau", "menemen", "ege", "orgu", "boya")
SEED_COTTON = ("urn:uuid:5f1c1a58-0001", "MEN-9", "seed cotton")
FIBRE = ("urn:uuid:5f1c1a58-0002", "EGE-12", "cotton fibre")
YARN = ("urn:uuid:5f1c1a58-0003", "Y-4", "cotton yarn")
FABRIC = ("urn:uuid:5f1c1a58-0004", "F-8", "jersey")


@dataclass
class Shirt:
    """The world behind one shirt. ``documents`` are unsigned, by name, until ``publish``."""

    world: World = field(default_factory=World)
    documents: dict[str, JsonObject] = field(default_factory=dict)
    signers: dict[str, Party] = field(default_factory=dict)
    address: ProductAddress = ADDRESS

    def __post_init__(self) -> None:
        """Found all parties and write all documents."""
        for name in NAMES:
            self.world.party(name)
        self._approve()
        self._write_certificates()
        self._write_events()
        self._write_passport()

    def party(self, name: str) -> JsonObject:
        """Return a party as documents name it."""
        return make_party(self.world.parties[name].did, NAMES[name])

    def url(self, name: str) -> str:
        """Return where a document is published."""
        host = HOST if name in {"passport", "events"} or name.startswith("event") else "certs.example"
        return f"https://{host}/documents/{name}"

    @property
    def policy(self) -> Policy:
        """Whom the shopper's page trusts: two roots for the certifier, the others by name."""
        dids = {name: party.did for name, party in self.world.parties.items()}
        makers = ("DigitalProductPassport", "DigitalTraceabilityEvent")
        return Policy(
            "shoppers",
            roots=(
                Root(dids["ofs"], NAMES["ofs"], Role.SCHEME_OWNER, (SCHEME["id"],)),
                Root(dids["aab"], NAMES["aab"], Role.ACCREDITATION_BODY, (SCHEME["id"],)),
            ),
            issuers=(
                TrustedIssuer(dids["lab"], NAMES["lab"], ("DigitalConformityCredential",)),
                *(TrustedIssuer(dids[name], NAMES[name], makers) for name in SUPPLIERS),
            ),
            schemes={SCHEME["id"]: frozenset(Chain)},
        )

    def write(self, name: str, issuer: str, type_name: str, subject: Any, **members: Any) -> JsonObject:
        """Write a document, good for a year, with a status entry of its issuer."""
        party = self.world.parties[issuer]
        entry = {"id": f"{party.list_url}#{len(self.documents)}", **party.entry(len(self.documents))}
        self.documents[name] = make_credential(
            type_name,
            id=self.url(name),
            issuer=make_issuer(party.did, NAMES[issuer]),
            name=members.pop("title", name),
            valid_from=self.world.clock,
            valid_until=self.world.clock + timedelta(days=486),
            status=entry,
            subject=subject,
            **members,
        )
        self.signers[name] = party
        return self.documents[name]

    def index(self, name: str) -> int:
        """Return the place of a document in its issuer's status list."""
        found: int = self.documents[name]["credentialStatus"]["statusListIndex"]
        return found

    def withdraw(self, name: str) -> None:
        """Let the issuer of a document take it back."""
        self.signers[name].set_status(self.index(name), True)

    def publish(self) -> "Shirt":
        """Sign all documents and put them where their addresses lead, the list of links too."""
        for name, document in self.documents.items():
            self.world.documents[self.url(name)] = self.signers[name].issue(document)
        self.world.documents[f"{SHIRT}?linkType=linkset"] = json.dumps(self.linkset()).encode()
        return self

    def linkset(self) -> JsonObject:
        """Return the list of links of the brand's host."""
        passport = ProductLink(Relation.PASSPORT, self.url("passport"), "Passport", "application/vc+jwt")
        return make_linkset([LinkContext(SHIRT, (passport,), "T-shirt, lot 17")])

    def claim(self, number: int) -> JsonObject:
        """Return one claim of the passport, to be changed."""
        found: JsonObject = self.documents["passport"]["credentialSubject"]["performanceClaim"][number]
        return found

    def attestation(self, name: str) -> JsonObject:
        """Return the subject of a certificate, to be changed."""
        found: JsonObject = self.documents[name]["credentialSubject"]
        return found

    def _approve(self) -> None:
        for root, kind in (("ofs", "schemeOwnerApproval"), ("aab", "accreditation")):
            approval = {
                "kind": kind,
                "schemes": [SCHEME["id"]],
                "processes": ["ginning", "spinning", "knitting", "dyeing", "manufacturing"],
                "startDate": "2026-01-01",
                "endDate": "2028-12-31",
            }
            subject = self._attest(
                f"approval-{root}", "fa", "authority-mandate", extension={"issuerApproval": approval}
            )
            self.write(f"approval-{root}", root, "IssuerApproval", subject, title="Approval")

    def _attest(self, name: str, to: str, level: str = "scheme-cab", **more: Any) -> JsonObject:
        return make_attestation(
            f"{self.url(name)}#attestation",
            name,
            issued_to=self.party(to),
            scheme=more.pop("scheme", SCHEME),
            assessor_level="3rdParty",
            assessment_level=level,
            attestation_type="certification",
            **more,
        )

    def _endorsed(self) -> list[JsonObject]:
        return [
            make_endorsement(
                "Authorisation",
                authority=self.party(root),
                evidence=make_link(self.url(f"approval-{root}"), "Approval"),
            )
            for root in ("ofs", "aab")
        ]

    def _write_certificates(self) -> None:
        share = make_performance(SHARE, measure=make_measure(95, "P1"))
        assessment = make_assessment(
            f"{self.url('organic')}#1",
            "Organic content",
            criteria=[ORGANIC],
            date="2026-02-20",
            topics=[TOPIC],
            performance=[share],
            products=[make_reference("Product", SHIRT, "T-shirt “Meadow”", batchNumber="17")],
            conformance=True,
            id_verified=True,
        )
        organic = self._attest("organic", "lindau", assessments=[assessment], authorisation=self._endorsed())
        self.write("organic", "fa", "DigitalConformityCredential", organic, title="Organic content of lot 17")
        self._write_laboratory()
        self._write_deal("deal-fibre", FIBRE, 380, "2026-01-20")
        self._write_deal("deal-yarn", YARN, 350, "2026-02-02", drawn="deal-fibre")

    def _write_laboratory(self) -> None:
        scheme = make_reference("ConformityScheme", "https://lab.example/methods/edna", "GenTrace fibre DNA")
        assessment = make_assessment(
            f"{self.url('laboratory')}#1",
            "Origin",
            criteria=[ORIGIN],
            date="2026-02-24",
            topics=[TOPIC],
            conformance=True,
        )
        result = {
            "laboratory": self.party("lab"),
            "method": "eDNA",
            "sample": {
                "id": "https://lab.example/samples/88",
                "ofBatch": {"id": FIBRE[0], "name": FIBRE[2], "batch": FIBRE[1]},
                "takenOn": "2026-02-18",
            },
            "receivedOn": "2026-02-20",
            "testedOn": "2026-02-24",
            "analytes": [{"analyte": "regional marker", "finding": "detected"}],
            "outcome": "pass",
        }
        subject = self._attest(
            "laboratory",
            "ege",
            assessments=[assessment],
            scheme=scheme,
            extension={"laboratoryResult": result},
        )
        self.write("laboratory", "lab", "LaboratoryResult", subject, title="Fibre DNA of EGE-12")

    def _write_deal(
        self, name: str, goods: tuple[str, str, str], kilograms: float, date: str, *, drawn: str = ""
    ) -> None:
        weight = {"value": kilograms, "unit": "KGM"}
        deal: JsonObject = {
            "seller": make_party("urn:uuid:5f1c1a58-9999", "Withheld"),
            "buyer": make_party("urn:uuid:5f1c1a58-9998", "Withheld"),
            "shipments": [{"date": date, "documentNumber": f"B-{date}"}],
            "productLines": [
                {
                    "line": 1,
                    "product": {"id": goods[0], "name": goods[2], "batch": goods[1]},
                    "netWeight": weight,
                    "certifiedWeight": weight,
                }
            ],
        }
        if drawn:
            deal["inputs"] = [{"certificate": self.url(drawn), "weightDrawn": {"value": 380, "unit": "KGM"}}]
        subject = self._attest(name, "fa", authorisation=self._endorsed(), extension={"transaction": deal})
        subject["issuedToParty"] = deal["seller"]
        self.write(name, "fa", "TransactionCertificate", subject, title="Transaction")

    def _write_events(self) -> None:
        steps: list[tuple[str, str, str, str, list[Any], list[Any], str]] = [
            ("harvest", "menemen", "TR", "2025-09-28", [], [(SEED_COTTON, 1020)], "MakeEvent"),
            ("ginning", "ege", "TR", "2025-11-12", [(SEED_COTTON, 1020)], [(FIBRE, 380)], "MakeEvent"),
            ("knitting", "orgu", "TR", "2026-02-10", [(YARN, 350)], [(FABRIC, 330)], "MakeEvent"),
            ("dyeing", "boya", "TR", "2026-02-14", [], [(FABRIC, None)], "ModifyEvent"),
            ("manufacturing", "lindau", "DE", "2026-02-25", [(FABRIC, 330)], [], "MakeEvent"),
        ]
        for code, maker, land, date, taken, given, kind in steps:
            outputs = [self._goods(*goods) for goods in given]
            if code == "manufacturing":
                shirt = make_reference(
                    "Product", SHIRT, "T-shirt “Meadow”", batchNumber="17", idGranularity="batch"
                )
                outputs = [make_event_product(shirt, quantity=make_measure(1500, "C62"), disposition="new")]
            place = make_reference(
                "Facility",
                f"https://register.example/facilities/{maker}",
                f"{NAMES[maker]}, site",
                countryOfOperation=make_country(land),
                locationInformation={"geoLocation": {"latitude": 38.6, "longitude": 27.07}},
            )
            members: JsonObject = {"relatedParty": [{"role": "processor", "party": self.party(maker)}]}
            if kind == "MakeEvent":
                members |= {
                    "inputProduct": [self._goods(*goods) for goods in taken],
                    "outputProduct": outputs,
                    "madeAtFacility": place,
                }
            else:
                members |= {"modifiedProduct": outputs, "modifiedAtFacility": place}
            activity = make_classification(
                code,
                code.capitalize(),
                scheme="https://certweave.example/ns/v1#Process",
                scheme_name="Process",
            )
            event = make_event(
                kind,
                f"https://{HOST}/events/{code}",
                code.capitalize(),
                date=f"{date}T08:00:00Z",
                activity=activity,
                **members,
            )
            self.write(f"event-{code}", maker, "DigitalTraceabilityEvent", [event])

    def _goods(self, goods: tuple[str, str, str], kilograms: float | None) -> JsonObject:
        product = make_reference("Product", goods[0], goods[2], batchNumber=goods[1], idGranularity="batch")
        amount = None if kilograms is None else make_measure(kilograms, "KGM")
        return make_event_product(product, quantity=amount)

    def _write_passport(self) -> None:
        picture = base64.b64encode(PICTURE.encode()).decode()
        share = make_performance(SHARE, measure=make_measure(95, "P1"))
        links = [
            make_link(self.url(name), name, media_type="application/vc+jwt", link_type=kind.url)
            for name in self.documents
            if not name.startswith("approval") and name not in {"organic", "laboratory"}
            for kind in [Relation.EVENT if name.startswith("event") else Relation.CONFORMITY]
        ]
        category = make_classification(
            "28211", "Shirts, knitted", scheme="https://unstats.un.org/cpc", scheme_name="CPC"
        )
        subject = make_product(
            SHIRT,
            "T-shirt “Meadow”",
            scheme=make_identifier_scheme("https://id.gs1.org", "GS1"),
            granularity="batch",
            categories=[category],
            facility=make_reference(
                "Facility", "https://register.example/facilities/lindau", "Weberei Lindau, site"
            ),
            country=make_country("DE", "Germany"),
            claims=[
                self._claim("organic", "95 % organically grown cotton", ORGANIC, "organic", share),
                self._claim("origin", "Grown in Izmir, Türkiye", ORIGIN, "laboratory"),
                self._claim("water", "30 % less water in dyeing", WATER, ""),
            ],
            batchNumber="17",
            productionDate="2026-03-01",
            characteristics={"size": "M", "colour": "white, blue hem"},
            productImage=make_link(
                f"data:image/svg+xml;base64,{picture}",
                "White T-shirt with a blue hem",
                media_type="image/svg+xml",
            ),
            relatedParty=[
                {"role": "manufacturer", "party": self.party("lindau")},
                {"role": "brandOwner", "party": self.party("meadow")},
            ],
            relatedDocument=links,
        )
        self.write("passport", "lindau", "DigitalProductPassport", subject, title="Passport of lot 17")

    def _claim(
        self, id: str, name: str, criterion: JsonObject, certificate: str, result: JsonObject | None = None
    ) -> JsonObject:
        link = make_link(
            self.url(certificate),
            "Certificate",
            media_type="application/vc+jwt",
            link_type=Relation.CONFORMITY.url,
        )
        return make_claim(
            f"{SHIRT}#claim-{id}",
            name,
            criteria=[criterion],
            date="2026-03-01",
            topics=[TOPIC],
            performance=[result] if result else [],
            evidence=[link] if certificate else [],
        )
