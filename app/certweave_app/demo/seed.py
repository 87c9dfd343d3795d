"""Fills the world: who authorises whom, what is certified, what the makers say, the passport."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from certweave.encoding.multihash import make_digest_multibase
from certweave_app.demo.api import Api, StepError
from certweave_app.demo.people import Tokens
from certweave_app.demo.tally import Tally
from certweave_app.serve.front import Place
from certweave_app.world.cast import BRAND_HOST, GTIN, LOT, MEMBERS, SCHEME, SHIRT, Names
from certweave_app.world.certificates import SALES, SCOPES, Desk, Sale
from certweave_app.world.statements import Paper, Voice
from certweave_edge.i18n import mark

ROLES: Final = {
    "ofs": "scheme_owner",
    "aab": "accreditation_body",
    "abr": "register",
    "fa": "certifier",
    "lab": "laboratory",
}
SPINNER: Final = "ipek"
FACILITIES: Final = ("menemen", "ege", "ipek", "orgu", "boya", "lindau")


@dataclass(slots=True)
class Seeder:
    """Acts for every organisation, each with its own token. ``papers`` is what was issued, by number."""

    api: Api
    tokens: Tokens
    tally: Tally
    names: Names
    today: date
    papers: dict[tuple[str, str], Paper] = field(default_factory=dict)
    held: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        """Makes the data of certificates."""
        return Desk(self.today, self.names)

    @property
    def voice(self) -> Voice:
        """Makes what the organisations say."""
        return Voice(self.today, self.names)

    def seed(self) -> list[Place]:
        """Do everything; return what is worth a look."""
        self.authorise()
        self.register()
        self.certify()
        self.speak()
        self.publish()
        return self.places()

    def authorise(self) -> None:
        """The authorities accept the certifier and the laboratory, whose certificates then say so."""
        grants = (("aab", "accreditation"), ("ofs", "schemeOwnerApproval"))
        for number, org in enumerate(("fa", "lab"), start=1):
            links = []
            for authority, kind in grants:
                by, to = MEMBERS[authority].name, MEMBERS[org].name
                verb = "accredits" if kind == "accreditation" else "approves"
                with self.tally.step(f"{by} {verb} {to}"):
                    data = self.desk.approval(org, kind)
                    paper = self.issue(authority, "approval", f"{authority.upper()}-{number}", data)
                    links.append(_authorisation(paper, self.names.dids[authority], by))
            self._profile(org, links)
        for authority in ("ofs", "aab", "abr"):
            self._profile(authority, [])

    def register(self) -> None:
        """The register vouches for everybody, and everybody links its word from their DID document."""
        with self.tally.step("Aegean Business Register enters everybody, who link their entry"):
            for org, member in self.tally.each(MEMBERS.items()):
                paper = self.issue("abr", "identity", f"ENTRY-{org}", self.desk.anchor(org), scheme=None)
                if member.service == "wallet":
                    self.hand_over("abr", f"ENTRY-{org}", org)
                self._as(org, f"/{member.service}/orgs/{org}/identity/anchors", {"url": paper.url})

    def certify(self) -> None:
        """The certifier, the laboratory and the scheme owner issue; the holders take what is offered."""
        with self.tally.step(
            "Fibre Assurance certifies five sites, one of them with a dye house under contract"
        ):
            for org in self.tally.each(SCOPES):
                self.issue_to(org, "fa", "scope", f"SCOPE-{org}", self.desk.scope(org))
        with self.tally.step("Fibre Assurance holds the dye house's chemicals against the list"):
            self.issue_to("boya", "fa", "inventory", "INVENTORY-boya", self.desk.inventory())
        with self.tally.step("The co-operative acts for Ayşe Demir, who has no phone"):
            self.issue_to("menemen", "fa", "delegation", "DELEGATION-7733", self.desk.delegation())
        with self.tally.step("GenTrace Laboratory finds the declared cotton in lint L-26"):
            self.issue_to("ege", "lab", "laboratory", "REPORT-88", self.desk.laboratory())
        with self.tally.step("Fibre Assurance certifies each sale from field to brand"):
            for sale in self.tally.each(SALES):
                self.certify_sale(sale)
        with self.tally.step("Organic Fibre Standard Foundation releases the label for the T-shirt"):
            data = self.desk.label(self.papers["fa", "SCOPE-lindau"].url)
            self.issue_to("meadow", "ofs", "label", "LABEL-2041", data)

    def certify_sale(self, sale: Sale) -> None:
        """Issue a transaction certificate and hand it to the buyer."""
        data = self.desk.transaction(sale, lambda number: self.papers["fa", number].url)
        self.issue_to(sale.buyer, "fa", "transaction", sale.number, data)

    def speak(self) -> None:
        """Makers describe their places and what they did, each under its own name."""
        with self.tally.step("Six makers describe their places"):
            for org in self.tally.each(FACILITIES):
                self.say(
                    org, "facility", "PLACE-1", f"Place of {MEMBERS[org].name}", self.voice.facility(org)
                )
        with self.tally.step("Five makers record what became of the cotton"):
            for org in self.tally.each(SCOPES):
                name = f"What {MEMBERS[org].name} did with the cotton"
                self.say(org, "event", "STEP-1", name, self.voice.events(org))

    def publish(self) -> None:
        """The brand publishes the passport behind the T-shirt's code."""
        with self.tally.step("Meadow publishes the passport of its T-shirt"):
            subject = self.voice.passport(
                sale=self.papers["fa", "FA-TC-5"],
                laboratory=self.papers["lab", "REPORT-88"],
                inventory=self.papers["fa", "INVENTORY-boya"],
                events=[self.papers[org, "STEP-1"] for org in SCOPES],
            )
            self.say("meadow", "passport", "PASSPORT-17", "Passport of T-shirt “Meadow”, lot 17", subject)
            links = [self.held["meadow", number] for number in ("LABEL-2041", "FA-TC-5")]
            for credential in links:
                self._as("meadow", f"/wallet/orgs/meadow/credentials/{credential}/publish")
            body = {
                "gtin": GTIN,
                "lot": LOT,
                "host": BRAND_HOST,
                "name": SHIRT.name,
                "passport": "PASSPORT-17",
                "links": [{"credentialId": credential} for credential in links],
            }
            self._as("meadow", "/wallet/orgs/meadow/products", body)
            card = self.held["menemen", "DELEGATION-7733"]
            self._as("menemen", f"/wallet/orgs/menemen/credentials/{card}/publish")

    def places(self) -> list[Place]:
        """Return what is worth a look."""
        card = self.held["menemen", "DELEGATION-7733"]
        return [
            Place(
                f"/verifier/p/{BRAND_HOST}/01/{GTIN}/10/{LOT}",
                mark("The T-shirt “Meadow”, as who scans its code sees it"),
            ),
            Place(
                f"/wallet/orgs/menemen/credentials/{card}", mark("What the code on Ayşe Demir's card opens")
            ),
            Place(
                f"/wallet/orgs/menemen/credentials/{card}/card",
                mark("Her card, for the co-operative to print (log in as menemen)"),
            ),
            Place("/issuer/register", mark("The register of scope certificates")),
        ]

    def issue(self, org: str, kind: str, number: str, data: Any, *, scheme: str | None = SCHEME) -> Paper:
        """Enter, approve and issue a certificate."""
        body = {"kind": kind, "number": number, "scheme": scheme, "data": data}
        self._as(org, f"/issuer/orgs/{org}/certificates", body)
        self._as(org, f"/issuer/orgs/{org}/certificates/{number}/approve")
        made = self._as(org, f"/issuer/orgs/{org}/certificates/{number}/issue")
        if made["state"] != "issued" or made["receipt"] != "there":
            raise StepError(f"{number} is {made['state']}, its receipt {made['receipt']}")
        paper = Paper(made["url"], data["name"], self.api.fetch(made["url"]))
        self.papers[org, number] = paper
        self.tally.count("issued")
        return paper

    def issue_to(self, holder: str, org: str, kind: str, number: str, data: Any) -> None:
        """Issue a certificate and hand it to its holder."""
        self.issue(org, kind, number, data)
        self.hand_over(org, number, holder)

    def hand_over(self, org: str, number: str, holder: str) -> None:
        """Offer a certificate to a wallet, which looks at the offer and takes it (OID4VCI)."""
        offer = self._as(org, f"/issuer/orgs/{org}/certificates/{number}/offer", {"txCode": False})
        seen = self._as(holder, f"/wallet/orgs/{holder}/offers", {"offer": offer["shortLink"]})
        path = f"/wallet/orgs/{holder}/offers/{seen['offerId']}/accept"
        kept = self._as(holder, path)["credentials"]
        self.held[holder, number] = kept[0]["credentialId"]
        self.tally.count("held")

    def say(self, org: str, kind: str, number: str, name: str, subject: Any) -> Paper:
        """Issue and publish a document of an organisation's own."""
        body = {"kind": kind, "number": number, "name": name, "subject": subject}
        made = self._as(org, f"/wallet/orgs/{org}/issue", body)
        if not made["dated"]:
            raise StepError(f"{number} of {org} has no receipt")
        self._as(org, f"/wallet/orgs/{org}/credentials/{made['credentialId']}/publish")
        paper = Paper(made["id"], name, made["verifiableCredential"].encode())
        self.papers[org, number] = paper
        self.tally.count("issued")
        return paper

    def _as(self, org: str, path: str, body: Any = None) -> Any:
        return self.api.post(path, body, token=self.tokens.of[org])

    def _profile(self, org: str, links: Iterable[Any]) -> None:
        body = {"name": MEMBERS[org].name, "role": ROLES[org], "authorisations": list(links)}
        self.api.put(f"/issuer/orgs/{org}/profile", body, token=self.tokens.of[org])


def _authorisation(paper: Paper, did: str, name: str) -> Any:
    return {
        "name": paper.name,
        "url": paper.url,
        "digestMultibase": make_digest_multibase(paper.content),
        "authority": did,
        "authorityName": name,
    }
