"""Steps of the way that cannot be so, whoever signed them: goods used before they were made, or never sold.

Our own rules, where UNTP 0.7.0 leaves them open (docs/explanation/shopper-page.md). Only what documents say
against each other counts, of the same goods: what a step adds to them or loses is not known here, and no
balance is struck of that. Who sells one lot to two buyers is seen only where both sales are at hand.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from certweave.credential.extension_rules import KILOGRAMS
from certweave.encoding.strict_json import JsonObject
from certweave.errors import MalformedError
from certweave.examine.report import Verdict
from certweave.product.answer import Message
from certweave.product.coverage import FIGURE_SLACK
from certweave.product.journey import Goods, Stride, share
from certweave.product.pieces import Piece, id_of, number_of, object_of, objects_of
from certweave.product.standing import describe_problem
from certweave.timestamps import parse_timestamp

_MORE = Message("knot_balance")
_EARLY = Message("knot_order")


def mark_contradictions(
    way: Sequence[Stride], pieces: Mapping[str, Piece], now: datetime
) -> tuple[Stride, ...]:
    """Return the way, each step with its problem where it has one."""
    return tuple(replace(stride, problem=_find_problem(stride, way, pieces, now)) for stride in way)


def _find_problem(
    stride: Stride, way: Sequence[Stride], pieces: Mapping[str, Piece], now: datetime
) -> Message | None:
    if stride.kind == "deal":
        return _find_in_deal(stride.piece, pieces)
    when = _moment(stride)
    others = [other for other in way if other is not stride and not other.passing]
    if when is not None and (when > now or any(_is_later(one, when, others) for one in stride.inputs)):
        return _EARLY
    amounts = [goods.amount for goods in (*stride.inputs, *stride.outputs) if goods.amount is not None]
    if any(amount["value"] < 0 for amount in amounts) or any(_exceeds(one, way) for one in stride.inputs):
        return _MORE
    return None


def _is_later(used: Goods, when: datetime, others: Sequence[Stride]) -> bool:
    """Tell whether all that made some goods happened after they were used."""
    made = [_moment(other) for other in others if share([used], other.outputs)]
    return bool(made) and all(one is not None and one > when for one in made)


def _exceeds(used: Goods, way: Sequence[Stride]) -> bool:
    """Tell whether more of a batch is used than was made of it, where all amounts are stated alike."""
    if not used.named.batch:
        return False
    steps = [stride for stride in way if not stride.passing and stride.kind != "deal"]
    taken = [_amount(one) for stride in steps for one in stride.inputs if _same_batch(one, used)]
    given = [_amount(one) for stride in steps for one in stride.outputs if _same_batch(one, used)]
    amounts = [amount for amount in (*taken, *given) if amount is not None]
    if not given or len(amounts) < len(taken) + len(given) or len({unit for _, unit in amounts}) > 1:
        return False
    made = sum(value for value, _ in amounts[len(taken) :])
    return sum(value for value, _ in amounts[: len(taken)]) > made * (1 + FIGURE_SLACK)


def _same_batch(one: Goods, other: Goods) -> bool:
    return one.named.batch == other.named.batch and share([one], [other])


def _amount(goods: Goods) -> tuple[float, str] | None:
    if goods.amount is None:
        return None
    weight = _weight(goods.amount)
    return (goods.amount["value"], goods.amount["unit"]) if weight is None else (weight, "KGM")


def _find_in_deal(piece: Piece, pieces: Mapping[str, Piece]) -> Message | None:
    """Hold a sale against those that it draws from: they stand, and hold as much as is drawn of them."""
    if piece.verdict is Verdict.INVALID:
        return describe_problem(piece)
    deal = object_of(piece.subject, "transaction")
    drawn = list(_drawn(deal))
    for url, _ in drawn:
        source = pieces.get(url)
        if source is not None and source.retracted:
            return describe_problem(source)
        if source is not None and source.trusted and _overdrawn(url, source, pieces):
            return _MORE
    sold = sum(_weight(object_of(line, "certifiedWeight")) or 0 for line in objects_of(deal, "productLines"))
    factor = number_of(deal, "conversionFactor") or 1
    limit = sum(weight for _, weight in drawn) * max(factor, 1) * (1 + FIGURE_SLACK)
    return _MORE if drawn and sold > limit else None


def _overdrawn(url: str, source: Piece, pieces: Mapping[str, Piece]) -> bool:
    lines = objects_of(object_of(source.subject, "transaction"), "productLines")
    if not lines:
        return False
    held = sum(_weight(object_of(line, "certifiedWeight")) or 0 for line in lines)
    deals = (object_of(piece.subject, "transaction") for piece in pieces.values() if piece.trusted)
    drawn = sum(weight for deal in deals for name, weight in _drawn(deal) if name == url)
    return drawn > held * (1 + FIGURE_SLACK)


def _drawn(deal: JsonObject) -> Iterator[tuple[str, float]]:
    for item in objects_of(deal, "inputs"):
        yield id_of(item, "certificate"), _weight(object_of(item, "weightDrawn")) or 0


def _weight(measure: JsonObject | None) -> float | None:
    """Return a weight in kilograms; None for what is none."""
    value, unit = number_of(measure, "value"), id_of(measure, "unit")
    return None if value is None or unit not in KILOGRAMS else value * KILOGRAMS[unit]


def _moment(stride: Stride) -> datetime | None:
    """Return when a step was, of a mere day the first moment that it has anywhere on earth."""
    try:
        return parse_timestamp(stride.date if "T" in stride.date else f"{stride.date}T00:00:00+14:00")
    except MalformedError:
        return None
