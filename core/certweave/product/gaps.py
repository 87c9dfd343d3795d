"""Gaps in the way of a product: what should tell of it, and cannot be had, read or believed.

A passport, and documents that are trusted, link events and certificates. Each may be a step that its issuer
took back, or one that cannot be so: where it is missing, the answer must not be better than with it. Our own
rules (docs/explanation/shopper-page.md); what a claim cites is weighed with the claim (``standing``).
"""

from collections.abc import Mapping, Sequence

from certweave.examine.report import Verdict
from certweave.product.answer import Knot, Message, Tone
from certweave.product.journey import Stride
from certweave.product.pieces import Piece, Reference, host_of, steps_of
from certweave.product.standing import describe_problem


def find_gaps(passport: Piece, pieces: Mapping[str, Piece]) -> tuple[Knot, ...]:
    """Return a knot for each document that is linked as a step and tells of none, by its host."""
    known = {**pieces, passport.url: passport}
    linking = (passport, *(piece for piece in pieces.values() if piece.trusted))
    links = {link.url: link for piece in linking for link in steps_of(piece.document)}
    knots = (_find_gap(link, known.get(link.url)) for link in links.values())
    return tuple(knot for knot in knots if knot is not None)


def find_opening(passport: Piece, way: Sequence[Stride], gaps: Sequence[Knot]) -> Message | None:
    """Return why more may belong to the way than can be told; None where all of it is known."""
    open_gap = next((gap for gap in gaps if gap.tone is Tone.UNDECIDED), None)
    if open_gap is not None:
        return open_gap.sentences[0]
    pieces = (passport, *(stride.piece for stride in way))
    piece = next((one for one in pieces if one.whole_verdict is Verdict.UNDECIDED), None)
    return None if piece is None else describe_problem(piece)


def _find_gap(link: Reference, piece: Piece | None) -> Knot | None:
    if piece is None:  # nobody looked: there were too many
        return _gap(link, Tone.UNDECIDED, Message("open_other", {"by": "", "host": host_of(link.url)}))
    if not piece.fits(link):
        return _gap(link, Tone.INVALID, Message("bad_digest", {"by": ""}))
    if piece.relation is link.relation:
        return None
    if piece.document:
        return _gap(link, Tone.UNDECIDED, Message("open_other", {"by": "", "host": host_of(link.url)}))
    tone = Tone.INVALID if piece.verdict is Verdict.INVALID else Tone.UNDECIDED
    return _gap(link, tone, describe_problem(piece))


def _gap(link: Reference, tone: Tone, problem: Message) -> Knot:
    return Knot("", host_of(link.url), (problem,), hidden=True, tone=tone)
