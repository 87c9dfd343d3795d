"""``tell_product``: from examined documents to what a product's page says. Pure, as examination is.

A product is examined as a graph: the passport, the certificates that its claims cite, the events, the label
releases, each with a report of its own under the same policy (``certweave.examine``). UNTP 0.7.0 leaves the
rules for such a graph open; ours are in docs/explanation/shopper-page.md. Invalid outranks undecided, and
what could not be fetched is never told as false.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from certweave.credential.shapes import types
from certweave.examine.report import Verdict
from certweave.product.address import ProductAddress
from certweave.product.answer import (
    Answer,
    ClaimAnswer,
    Identity,
    Knot,
    Message,
    ProductAnswer,
    Source,
    Tone,
)
from certweave.product.contradiction import mark_contradictions
from certweave.product.coverage import Scene
from certweave.product.gaps import find_gaps, find_opening
from certweave.product.identity import read_identity, read_labels
from certweave.product.journey import (
    Stride,
    facilities_of_way,
    find_way,
    inputs_of,
    is_too_long,
    read_strides,
    tell_journey,
)
from certweave.product.links import Relation
from certweave.product.pieces import Piece, id_of, references_of, text_of
from certweave.product.questions import belongs, still_good, who_checked, who_says
from certweave.product.standing import describe_problem, judge_claims

_GENERIC: Final = frozenset({"VerifiableCredential", "EnvelopedVerifiableCredential"})


def tell_product(
    address: ProductAddress,
    passport: Piece,
    pieces: Sequence[Piece],
    *,
    host: str,
    found: ProductAddress,
    now: datetime,
) -> ProductAnswer:
    """Return what can be said about a product.

    Args:
        address: what the code names.
        passport: the passport, examined.
        pieces: everything else that was examined or tried: certificates, events, records.
        host: the brand's host, where the code leads.
        found: the address at which the passport was found: that of the code, or a coarser one.
        now: the time of the answer.
    """
    if not passport.document:
        return _tell_unread(address, passport, host, now)
    pieces, exchanged = _mark_exchanged(passport, pieces)
    known = {piece.url: piece for piece in pieces}
    gaps = find_gaps(passport, known)
    scene, way = _see(address, passport, pieces, host, now)
    scene = replace(scene, gap=find_opening(passport, way or (), gaps))
    identity = read_identity(passport, address, found)
    compare = _compare(identity)
    claims = judge_claims(passport, known, scene)
    questions = (
        who_says(passport),
        who_checked(claims, known),
        still_good(passport, claims, known),
        belongs(passport, identity, address, compare),
    )
    verdict = Verdict.INVALID if exchanged else _verdict(passport, claims, questions, way, gaps)
    certificates = [piece for piece in pieces if piece.relation is Relation.CONFORMITY]
    return ProductAnswer(
        address=address.at(host),
        at=now,
        verdict=verdict,
        summary=_summary(verdict, claims),
        identity=identity,
        claims=claims,
        questions=questions,
        journey=tell_journey(way or (), certificates, gaps),
        labels=read_labels(certificates, scene, now=now) if _carries_labels(verdict, claims) else (),
        compare=compare,
        sources=tuple(_source(piece) for piece in (passport, *pieces)),
    )


def _carries_labels(verdict: Verdict, claims: Sequence[ClaimAnswer]) -> bool:
    """Tell whether labels may be shown: one stands for all of it, and must not outlive any of that."""
    return verdict is Verdict.VALID and any(claim.tone is Tone.VALID for claim in claims)


def tell_nothing(
    address: ProductAddress,
    problem: Message,
    *,
    host: str,
    verdict: Verdict = Verdict.UNDECIDED,
    pieces: Sequence[Piece] = (),
    now: datetime,
) -> ProductAnswer:
    """Return the answer for a code behind which there is nothing that can be told, with the reason."""
    return ProductAnswer(
        address=address.at(host),
        at=now,
        verdict=verdict,
        summary=problem,
        identity=None,
        claims=(),
        questions=(),
        journey=(),
        labels=(),
        compare=(),
        sources=tuple(_source(piece) for piece in pieces),
    )


def _tell_unread(address: ProductAddress, passport: Piece, host: str, now: datetime) -> ProductAnswer:
    problem = describe_problem(passport)
    return tell_nothing(address, problem, host=host, verdict=passport.verdict, pieces=[passport], now=now)


def _mark_exchanged(passport: Piece, pieces: Sequence[Piece]) -> tuple[list[Piece], bool]:
    """Return the pieces, and whether at one there stands another document than was linked by its digest.

    That other one counts as none. Only the links of the passport and of trusted documents count.
    """
    linking = [passport, *(piece for piece in pieces if piece.trusted)]
    links = [link for piece in linking for link in references_of(piece.document)]
    known = {piece.url: piece for piece in pieces}
    exchanged = {link.url for link in links if link.url in known and not known[link.url].fits(link)}
    return [_exchange(piece) if piece.url in exchanged else piece for piece in pieces], bool(exchanged)


def _exchange(piece: Piece) -> Piece:
    return replace(piece, report=None, reason="this is not the document that was linked")


def _see(
    address: ProductAddress, passport: Piece, pieces: Sequence[Piece], host: str, now: datetime
) -> tuple[Scene, tuple[Stride, ...] | None]:
    """Return what certificates are held against, and the way that led to the product; None if too long."""
    scene = Scene(host, address, passport.subject, id_of(passport.issuer, "id"))
    strides = read_strides(pieces)
    if is_too_long(strides):
        return scene, None
    way = find_way(strides, scene)
    way = mark_contradictions(way, {piece.url: piece for piece in pieces}, now)
    own_site = id_of(passport.subject, "producedAtFacility", "id")
    facilities = facilities_of_way(way) | ({own_site} if own_site else set())
    return replace(scene, inputs=inputs_of(way), facilities=frozenset(facilities)), way


def _compare(identity: Identity) -> tuple[str, ...]:
    """Return what the one who holds the product can compare with the page."""
    present = {
        "picture": identity.picture,
        "lot": identity.lot,
        "serial": identity.serial,
        "size": identity.size,
        "colour": identity.colour,
        "maker": identity.maker,
    }
    return tuple(name for name, value in present.items() if value)


def _verdict(
    passport: Piece,
    claims: Sequence[ClaimAnswer],
    questions: Sequence[Answer],
    way: Sequence[Stride] | None,
    gaps: Sequence[Knot],
) -> Verdict:
    """Invalid outranks undecided; that a code can be copied is always open and decides nothing."""
    tones = {claim.tone for claim in claims} | {gap.tone for gap in gaps}
    verdicts = {piece.whole_verdict for piece in (passport, *(stride.piece for stride in way or ()))}
    asked = {answer.tone for answer in questions}
    broken = any(stride.problem is not None for stride in way or ())
    if broken or Tone.INVALID in tones | asked or Verdict.INVALID in verdicts:
        return Verdict.INVALID
    if way is None or Tone.UNDECIDED in tones or Verdict.UNDECIDED in verdicts:
        return Verdict.UNDECIDED
    return Verdict.VALID


def _summary(verdict: Verdict, claims: Sequence[ClaimAnswer]) -> Message:
    checked = sum(claim.tone is Tone.VALID for claim in claims)
    counts = {"checked": checked, "count": len(claims)}
    if verdict is Verdict.VALID and not checked:
        return Message("summary_said", counts)
    return Message(f"summary_{verdict.value}", counts)


def _source(piece: Piece) -> Source:
    names = [name for name in types(piece.document) if name not in _GENERIC] if piece.document else []
    checks = piece.report.checks if piece.report is not None else ()
    return Source(
        url=piece.url,
        kind=names[0] if names else "",
        name=text_of(piece.document, "name"),
        issuer=text_of(piece.issuer, "name"),
        verdict=piece.verdict,
        checks=tuple(check.to_json() for check in checks),
        reason=piece.reason,
    )
