"""What organisations say about themselves and their goods: facility records, events, the passport.

Subjects of UNTP 0.7.0 documents, for the wallet's API. Nobody vouches for them: the certificates that they
link to do, each for what it covers.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from certweave.credential.build_parts import (
    make_claim,
    make_event,
    make_event_product,
    make_facility,
    make_link,
    make_material,
    make_measure,
    make_metric,
    make_performance,
    make_product,
    make_reference,
    make_topic,
)
from certweave.encoding.strict_json import JsonObject
from certweave_app.world.cast import (
    FABRIC,
    GREIGE,
    GTIN,
    GTIN_SCHEME,
    HALLS,
    LINT,
    LOT,
    SEED_COTTON,
    SHIRT,
    TURKIYE,
    YARN,
    Goods,
    Names,
    make_activity,
)

EVENT_LINK: Final = "https://test.uncefact.org/vocabulary/linkTypes/dte"
_MEDIA: Final = "application/vc+jwt"
_ORIGIN: Final = {"field": "menemen"}
"""Places that are another organisation's to describe: the farmer's field is the co-operative's."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that was issued: where it lies, what it is called, its exact bytes."""

    url: str
    name: str
    content: bytes

    def link(self, kind: str | None = None) -> JsonObject:
        """Return a link that fixes the bytes."""
        return make_link(self.url, self.name, content=self.content, media_type=_MEDIA, link_type=kind)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was made of something: weights in kilograms, shirts by the piece."""

    org: str
    hall: str
    process: str
    words: str
    day: int
    output: Goods
    amount: float
    unit: str = "KGM"
    source: Goods | None = None
    used: float = 0


STEPS: Final[Sequence[Step]] = (
    Step("menemen", "field", "harvest", "Harvest", -128, SEED_COTTON, 4200),
    Step("ege", "ege", "ginning", "Ginning", -110, LINT, 1500, source=SEED_COTTON, used=4200),
    Step("ipek", "ipek", "spinning", "Spinning", -84, YARN, 1275, source=LINT, used=1500),
    Step("orgu", "orgu", "knitting", "Knitting", -66, GREIGE, 1250, source=YARN, used=1275),
    Step("orgu", "boya", "dyeing", "Dyeing", -60, FABRIC, 1200, source=GREIGE, used=1250),
    Step("lindau", "lindau", "manufacturing", "Sewing", -40, SHIRT, 5400, "C62", FABRIC, 1200),
)
MOVES: Final[Mapping[str, tuple[str, int]]] = {
    "menemen": ("ege", -119),
    "ege": ("ipek", -95),
    "ipek": ("orgu", -74),
    "orgu": ("lindau", -51),
}
"""Who sends the goods of their step on, to whose hall, on which day."""

CRITERIA: Final = {
    "organic-content": "Organic content",
    "origin-evidence": "Evidence of origin",
    "chemical-inputs": "Chemical inputs",
    "wet-processing-water": "Water in wet processing",
}

PICTURE: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120"><path fill="#7c9a6d" stroke="#1d2433" '
    'stroke-width="2" stroke-linejoin="round" d="M40 18 12 36l10 20 14-8v54h48V48l14 8 10-20-28-18c-4 8-12 '
    '12-20 12S44 26 40 18z"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Voice:
    """Makes what organisations say, for one day and one set of names."""

    today: date
    names: Names

    def day(self, offset: int) -> str:
        """Return a day."""
        return (self.today + timedelta(days=offset)).isoformat()

    def hour(self, offset: int) -> str:
        """Return ten o'clock of a day."""
        return f"{self.day(offset)}T10:00:00Z"

    def facility(self, org: str) -> JsonObject:
        """Return what an organisation says of its main place; its coordinates stay with it."""
        hall = HALLS[org]
        steps = [make_activity(step.process, step.words) for step in STEPS if step.hall == org]
        return make_facility(
            hall.id,
            hall.name,
            country=hall.country,
            processes=steps or [make_activity("storage", "Storage")],
            address=hall.address,
            operator=self.names.party(org),
        )

    def events(self, org: str) -> list[JsonObject]:
        """Return what an organisation did with the goods: made, and where it sent them, moved."""
        steps = [step for step in STEPS if step.org == org]
        found = [self._made(step) for step in steps]
        if org in MOVES:
            found.append(self._moved(steps[-1], *MOVES[org]))
        return found

    def passport(
        self, *, sale: Paper, laboratory: Paper, inventory: Paper, events: Sequence[Paper]
    ) -> JsonObject:
        """Return the passport of the T-shirt: four claims, of which the last has no certificate behind it."""
        picture = base64.b64encode(PICTURE.encode()).decode("ascii")
        members: dict[str, Any] = {
            "modelNumber": GTIN,
            "batchNumber": LOT,
            "productionDate": self.day(-40),
            "characteristics": {"size": "M", "colour": "Meadow green"},
            "productImage": make_link(
                f"data:image/svg+xml;base64,{picture}", "A green T-shirt", media_type="image/svg+xml"
            ),
            "relatedParty": [
                {"role": "brandOwner", "party": self.names.party("meadow")},
                {"role": "manufacturer", "party": self.names.party("lindau")},
            ],
            "relatedDocument": [paper.link(EVENT_LINK) for paper in events],
        }
        return make_product(
            SHIRT.id,
            SHIRT.name,
            scheme=GTIN_SCHEME,
            granularity="batch",
            categories=[SHIRT.classification],
            facility=HALLS["lindau"].reference,
            country=HALLS["lindau"].country,
            materials=[make_material("Organic cotton", kind=LINT.classification, country=TURKIYE, share=1.0)],
            claims=[
                self._claim("organic-content", "Organic cotton", "ethical-material-sourcing", [sale]),
                self._claim(
                    "origin-evidence", "Cotton from the Aegean", "ethical-material-sourcing", [laboratory]
                ),
                self._claim(
                    "chemical-inputs", "Dyed with listed chemicals only", "chemical-safety", [inventory]
                ),
                self._claim("wet-processing-water", "Water use is metered", "water-conservation", []),
            ],
            **members,
        )

    def _claim(self, criterion: str, words: str, topic: str, evidence: Sequence[Paper]) -> JsonObject:
        # A certificate would have to give the same figure, and none of these gives any.
        metered = make_performance(
            make_metric("water-intensity", "Water intensity"), measure=make_measure(84.0, "LTR")
        )
        return make_claim(
            f"{SHIRT.id}#{criterion}",
            words,
            criteria=[
                make_reference(
                    "Criterion", f"https://ofs.example/criterion/{criterion}/3.1", CRITERIA[criterion]
                )
            ],
            date=self.day(-30),
            topics=[make_topic(topic, topic.replace("-", " ").capitalize())],
            performance=[] if evidence else [metered],
            evidence=[paper.link() for paper in evidence],
        )

    def _made(self, step: Step) -> JsonObject:
        given = make_event_product(
            step.output.reference, quantity=make_measure(step.amount, step.unit), disposition="new"
        )
        taken = []
        if step.source is not None:
            amount = make_measure(step.used, "KGM")
            taken.append(make_event_product(step.source.reference, quantity=amount, disposition="consumed"))
        return make_event(
            "MakeEvent",
            f"{step.output.id}#made",
            f"{step.words}: {step.output.name}",
            date=self.hour(step.day),
            activity=make_activity(step.process, step.words),
            inputProduct=taken,
            outputProduct=[given],
            madeAtFacility=HALLS[step.hall].reference,
            relatedParty=[{"role": "producer", "party": self.names.party(step.org)}],
        )

    def _moved(self, step: Step, to: str, day: int) -> JsonObject:
        amount = make_measure(step.amount, step.unit)
        return make_event(
            "MoveEvent",
            f"{step.output.id}#moved",
            f"Sent: {step.output.name}",
            date=self.hour(day),
            activity=make_activity("transport", "Transport"),
            movedProduct=[
                make_event_product(step.output.reference, quantity=amount, disposition="inTransit")
            ],
            fromFacility=HALLS["menemen" if step.hall in _ORIGIN else step.hall].reference,
            toFacility=HALLS[to].reference,
            relatedParty=[
                {"role": "consignor", "party": self.names.party(step.org)},
                {"role": "consignee", "party": self.names.party(to)},
            ],
        )
