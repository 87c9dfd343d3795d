"""From field to shelf: the events that led to a product, in order, with its hidden tiers named as hidden.

UNTP 0.7.0 events (https://untp.unece.org/docs/0.7.0/specification/DigitalTraceabilityEvents) are joined by
the products that go in and come out. Where no event tells who made something, a trusted transaction
certificate over it stands for the step: the certifier vouches, and nobody is named. Places are countries,
never points; quantities are shown as stated, and no balance is struck here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from certweave.credential.extension_values import Process
from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import Verdict
from certweave.product.answer import Knot, Message, Tone, country, month, names, quantity
from certweave.product.coverage import Cover, Named, Scene, match_product, read_named, same_named
from certweave.product.identity import name_of, party_name
from certweave.product.links import Relation
from certweave.product.pieces import Piece, id_of, number_of, object_of, objects_of, text_of

PROCESSES: Final = frozenset(get_args(Process))
"""Activity codes for which the page has its own words; any other stage keeps the name it was given."""
MOST_STEPS: Final = 128
MOST_GOODS: Final = 1000
"""Of one product, all steps taken together: each is held against each. A garment has some twenty steps."""
_FIELD_STAGES: Final = frozenset({"seed", "cultivation", "harvest"})
_PASSING: Final = frozenset({"MoveEvent", "ModifyEvent"})
_TONES: Final = {
    Verdict.VALID: Tone.VALID,
    Verdict.INVALID: Tone.INVALID,
    Verdict.UNDECIDED: Tone.UNDECIDED,
}


@dataclass(frozen=True, slots=True)
class Goods:
    """A product in an event, with its quantity where one is stated."""

    named: Named
    amount: JsonObject | None


@dataclass(frozen=True, slots=True)
class Stride:
    """One step of the way, read from an event or a transaction certificate.

    ``problem`` says why it cannot be so, whoever signed it (``contradiction``).
    """

    piece: Piece
    event: JsonObject
    kind: str
    inputs: tuple[Goods, ...]
    outputs: tuple[Goods, ...]
    date: str
    problem: Message | None = None

    @property
    def passing(self) -> bool:
        """Whether goods stay what they are."""
        return self.kind in _PASSING

    def follows(self, other: "Stride") -> bool:
        """Tell whether this step uses what the other one gives."""
        if self is other or not share(self.inputs, other.outputs):
            return False
        # Between two steps that change nothing, only the date tells which came first.
        return not (self.passing and other.passing and self.date <= other.date)


def read_strides(pieces: Sequence[Piece]) -> tuple[Stride, ...]:
    """Return every step that the documents tell of."""
    events = [
        _read_event(piece, event)
        for piece in pieces
        if piece.relation is Relation.EVENT
        for event in piece.subjects
    ]
    if is_too_long(events):
        return tuple(events)
    made = [goods for stride in events if not stride.passing for goods in stride.outputs]
    # A sale that holds stands in only for a step of which no event tells; another one is told in any case.
    deals = (one for one in _read_deals(pieces) if not (one.piece.trusted and share(one.outputs, made)))
    return (*events, *deals)


def is_too_long(strides: Sequence[Stride]) -> bool:
    """Tell whether there are more steps, or goods in them, than anybody could follow in time."""
    goods = sum(len(stride.inputs) + len(stride.outputs) for stride in strides)
    return len(strides) > MOST_STEPS or goods > MOST_GOODS


def find_way(strides: Sequence[Stride], scene: Scene) -> tuple[Stride, ...]:
    """Return the steps that led to the product, first things first."""
    chosen = [stride for stride in strides if _gives(stride, scene)]
    todo = list(chosen)
    while todo:
        later = todo.pop()
        for stride in strides:
            if stride not in chosen and later.follows(stride):
                chosen.append(stride)
                todo.append(stride)
    return _in_order(chosen)


def inputs_of(way: Sequence[Stride]) -> tuple[Named, ...]:
    """Return what the product was made of, as far as documents that hold and are trusted tell."""
    found: list[Named] = []
    for stride in way:
        if stride.piece.trusted and stride.problem is None:
            found += [goods.named for goods in stride.inputs if goods.named not in found]
    return tuple(found)


def facilities_of_way(way: Sequence[Stride]) -> frozenset[str]:
    """Return the ids of the places where trusted events say that something was done."""
    found = {_facility_id(stride.event) for stride in way if stride.piece.trusted and stride.problem is None}
    return frozenset(found - {""})


def tell_journey(
    way: Sequence[Stride], certifiers: Sequence[Piece], gaps: Sequence[Knot] = ()
) -> tuple[Knot, ...]:
    """Return the way as knots, after those of documents that could not be read.

    ``certifiers`` are the certificates, whose issuers may vouch for others. With a gap, nobody can tell that
    who made something is not named.
    """
    vouching = {id_of(piece.issuer, "id") for piece in certifiers if piece.trusted}
    knots: list[Knot] = []
    for stride in way:
        missing = _missing_before(stride, way)
        if missing is not None and knots and not gaps:
            knots.append(Knot("", missing.name, (Message("knot_unnamed", {}),), hidden=True, tone=Tone.SAID))
        knots.append(_knot(stride, vouching))
    return (*gaps, *knots)


def _knot(stride: Stride, vouching: Iterable[str]) -> Knot:
    tone = _TONES[stride.piece.whole_verdict]
    if tone is Tone.VALID and not stride.piece.trusted:
        tone = Tone.SAID
    stage, title = _stage(stride)
    if stride.problem is not None:
        return Knot(stage, title, (stride.problem,), hidden=stride.kind == "deal", tone=Tone.INVALID)
    issuer = stride.piece.issuer
    by = text_of(issuer, "name")
    if stride.kind == "deal":
        return Knot(stage, title, (Message("knot_vouched", {"by": by}),), hidden=True, tone=tone)
    related = objects_of(stride.event, "relatedParty")
    parties = [name_of(object_of(item, "party"), stride.piece) for item in related]
    hidden = not any(parties) and id_of(issuer, "id") in vouching
    sentences: list[Message] = []
    if hidden:
        sentences.append(Message("knot_vouched", {"by": by}))
    else:
        sentences += _who(stride, [name for name in parties if name] or [by], stage)
    if amounts := _amounts(stride):
        sentences.append(amounts)
    if place := _place(stride.event):
        sentences.append(Message("knot_place", {"place": country(place)}))
    if stride.date:
        sentences.append(Message("knot_date", {"date": month(stride.date)}))
    return Knot(stage, title, tuple(sentences), hidden, tone)


def _who(stride: Stride, parties: Sequence[str], stage: str) -> list[Message]:
    """Say who took part, and where, by the site's name; fields and their farmers keep theirs."""
    sender = party_name(stride.event, ("consignor",))
    receiver = party_name(stride.event, ("consignee",))
    if sender and receiver:
        return [Message("knot_moved", {"sender": sender, "receiver": receiver})]
    found = [Message("knot_parties", {"parties": names(parties)})]
    site = text_of(_facility(stride.event), "name")
    if site and stage not in _FIELD_STAGES and not any(name in site or site in name for name in parties):
        found.append(Message("knot_site", {"site": site}))
    return found


def _stage(stride: Stride) -> tuple[str, str]:
    activity = object_of(stride.event, "activityType")
    code = text_of(activity, "code").lower()
    if code in PROCESSES:
        return code, ""
    if stride.kind == "MoveEvent":
        return "transport", ""
    return "", text_of(activity, "name") or text_of(stride.event, "name")


def _amounts(stride: Stride) -> Message | None:
    taken, given = _sum(stride.inputs), _sum(stride.outputs)
    if stride.passing or taken is None:
        return None if given is None else Message("knot_amount", {"amount": given[0], "goods": given[1]})
    if given is None:
        return Message("knot_amount", {"amount": taken[0], "goods": taken[1]})
    params = {"taken": taken[0], "of": taken[1], "given": given[0], "goods": given[1]}
    return Message("knot_amounts", params)


def _sum(goods: Sequence[Goods]) -> tuple[JsonObject, str] | None:
    """Return what all goods come to together, where they have one unit; else that of the first."""
    stated = [item for item in goods if item.amount is not None]
    if not stated:
        return None
    amounts = [item.amount for item in stated if item.amount is not None]
    units = {amount["unit"] for amount in amounts}
    kinds = {item.named.name for item in stated}
    if len(units) == 1 and len(stated) == len(goods):
        total = sum(amount["value"] for amount in amounts)
        return quantity(round(total, 9), amounts[0]["unit"]), stated[0].named.name if len(kinds) == 1 else ""
    return amounts[0], stated[0].named.name


def _place(event: JsonObject) -> str:
    facility = _facility(event)
    code = text_of(facility, "countryOfOperation", "countryCode")
    return code or text_of(facility, "address", "addressCountry", "countryCode")


def _facility(event: JsonObject) -> JsonObject:
    for name in ("madeAtFacility", "modifiedAtFacility", "toFacility"):
        if found := object_of(event, name):
            return found
    return {}


def _facility_id(event: JsonObject) -> str:
    return id_of(_facility(event), "id")


def _missing_before(stride: Stride, way: Sequence[Stride]) -> Named | None:
    """Return goods that a step uses and of which nobody tells where they come from."""
    for goods in stride.inputs:
        told = any(share([goods], other.outputs) for other in way if other is not stride)
        if not told:
            return goods.named
    return None


def _read_event(piece: Piece, event: JsonObject) -> Stride:
    kinds = event.get("type")
    listed = kinds if isinstance(kinds, list) else []
    kind = next((name for name in ("MakeEvent", "MoveEvent", "ModifyEvent") if name in listed), "")
    moved = _goods(event, "movedProduct") + _goods(event, "modifiedProduct")
    inputs, outputs = _goods(event, "inputProduct"), _goods(event, "outputProduct")
    return Stride(piece, event, kind, inputs or moved, outputs or moved, text_of(event, "eventDate"))


def _goods(event: JsonObject, member: str) -> tuple[Goods, ...]:
    found = []
    for item in objects_of(event, member):
        amount = _measure(object_of(item, "quantity"))
        found.append(Goods(read_named(object_of(item, "product")), amount))
    return tuple(found)


def _measure(measure: JsonObject) -> JsonObject | None:
    value, unit = number_of(measure, "value"), text_of(measure, "unit")
    return quantity(value, unit) if value is not None and unit else None


def _read_deals(pieces: Sequence[Piece]) -> list[Stride]:
    """Read transaction certificates as steps: what was sold came out, what was drawn went in."""
    lines: dict[str, list[JsonObject]] = {
        piece.url: objects_of(object_of(piece.subject, "transaction"), "productLines") for piece in pieces
    }
    deals = []
    for piece in pieces:
        deal = object_of(piece.subject, "transaction")
        if not deal or not (piece.trusted or piece.is_doubtful):
            continue
        outputs = tuple(_line(line) for line in lines[piece.url])
        drawn = [text_of(item, "certificate") for item in objects_of(deal, "inputs")]
        inputs = tuple(_line(line) for url in drawn for line in lines.get(url, []))
        dates = sorted(text_of(item, "date") for item in objects_of(deal, "shipments"))
        title = outputs[0].named.name if outputs else ""
        event = {"name": title}
        deals.append(Stride(piece, event, "deal", inputs, outputs, dates[0] if dates else ""))
    return deals


def _line(line: JsonObject) -> Goods:
    return Goods(read_named(object_of(line, "product")), _measure(object_of(line, "netWeight")))


def share(some: Iterable[Goods], others: Sequence[Goods]) -> bool:
    """Tell whether some goods of the one are among those of the other."""
    return any(same_named(one.named, other.named) for one in some for other in others)


def _gives(stride: Stride, scene: Scene) -> bool:
    return any(match_product(goods.named, scene) is Cover.PRODUCT for goods in stride.outputs)


def _in_order(chosen: Sequence[Stride]) -> tuple[Stride, ...]:
    """Order steps so that what is used was given before; among the free ones, by date (Kahn's algorithm).

    Documents that contradict each other may make a circle: it is cut at its earliest date.
    """
    left = sorted(chosen, key=lambda stride: (stride.date or "9", stride.kind))
    done: list[Stride] = []
    while left:
        free = (s for s in left if not any(s.follows(other) for other in left if other is not s))
        following = next(free, left[0])
        left.remove(following)
        done.append(following)
    return tuple(done)
