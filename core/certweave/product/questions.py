"""The four questions: who says it, who checked it, is it still good, does it belong to this product?

Each answer has a tone and sentences built from what was found; nothing here examines anything.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from certweave.examine.report import Outcome, Step, Verdict
from certweave.product.address import ProductAddress
from certweave.product.answer import (
    Answer,
    ClaimAnswer,
    Identity,
    Message,
    Tone,
    day,
    names,
    term,
)
from certweave.product.identity import contradicts, role_of
from certweave.product.pieces import Piece, text_of
from certweave.product.standing import describe_problem
from certweave.trust.policy import Chain


def who_says(passport: Piece) -> Answer:
    """Who signed the passport, and does somebody know them?"""
    name = text_of(passport.issuer, "name")
    if passport.verdict is Verdict.INVALID:
        return Answer("says", Tone.INVALID, (describe_problem(passport),))
    sentences = [Message(f"says_{role_of(passport)}", {"by": name})] if name else []
    if passport.whole_verdict is Verdict.UNDECIDED:
        return Answer("says", Tone.UNDECIDED, (*sentences, describe_problem(passport)))
    if not passport.trusted:
        return Answer("says", Tone.SAID, (*sentences, Message("says_unknown", {"by": name})))
    return Answer("says", Tone.VALID, tuple(sentences))


def who_checked(claims: Sequence[ClaimAnswer], pieces: Mapping[str, Piece]) -> Answer:
    """Which certifiers stand behind the claims, and who authorised them?"""
    broken = next((claim for claim in claims if claim.tone is Tone.INVALID), None)
    checked = [claim for claim in claims if claim.tone is Tone.VALID]
    certificates = {url: pieces[url] for claim in checked for url in claim.certificates}
    sentences = list(_checked_by(certificates.values()))
    if checked and len(checked) < len(claims):
        sentences.append(Message("checked_count", {"checked": len(checked), "count": len(claims)}))
    if broken is not None:
        return Answer("checked", Tone.INVALID, (broken.standing, *sentences))
    if checked:
        return Answer("checked", Tone.VALID, tuple(sentences))
    if any(claim.tone is Tone.UNDECIDED for claim in claims):
        return Answer("checked", Tone.UNDECIDED, (Message("checked_open"),))
    return Answer("checked", Tone.SAID, (Message("checked_nobody"),))


def still_good(passport: Piece, claims: Sequence[ClaimAnswer], pieces: Mapping[str, Piece]) -> Answer:
    """Do the passport and the certificates behind the checked claims hold today, and until when?"""
    counted = {url: pieces[url] for claim in claims for url in claim.certificates if claim.tone is Tone.VALID}
    broken = [claim.standing for claim in claims if claim.tone is Tone.INVALID]
    if passport.verdict is Verdict.INVALID:
        return Answer("good", Tone.INVALID, (describe_problem(passport),))
    if broken:
        return Answer("good", Tone.INVALID, (Message("good_not_all"), broken[0]))
    waiting = [claim.standing for claim in claims if claim.tone is Tone.UNDECIDED]
    if passport.whole_verdict is Verdict.UNDECIDED:
        return Answer("good", Tone.UNDECIDED, (describe_problem(passport),))
    if waiting and not counted:
        return Answer("good", Tone.UNDECIDED, (waiting[0],))
    if not counted:
        return Answer("good", Tone.SAID, (Message("good_nothing"),))
    sentences = [_until([passport, *counted.values()])]
    made = text_of(passport.subject, "productionDate")
    if made and all(_in_force(piece, made) for piece in counted.values()):
        sentences.append(Message("good_when_made"))
    if not any(_can_be_withdrawn(piece) for piece in counted.values()):
        sentences.append(Message("good_no_withdrawal"))
    if waiting:
        return Answer("good", Tone.UNDECIDED, (*sentences, Message("good_partly_open")))
    return Answer("good", Tone.VALID, tuple(sentences))


def belongs(passport: Piece, identity: Identity, address: ProductAddress, compare: Sequence[str]) -> Answer:
    """Is the passport about the code, and what can only the one who holds the product compare?"""
    other = contradicts(passport.subject, address)
    if other:
        return Answer("belongs", Tone.INVALID, (Message("belongs_other"),))
    sentences = []
    if other is None:
        sentences.append(Message("belongs_unlinked"))
    elif identity.granularity != identity.asked:
        sentences.append(Message(f"belongs_{identity.granularity}_only"))
    sentences.append(Message("belongs_compare", {"things": {"things": list(compare)}}))
    return Answer("belongs", Tone.UNDECIDED, tuple(sentences))


def _checked_by(certificates: Iterable[Piece]) -> Iterator[Message]:
    """Name the certifiers, those with the same scheme and authorities in one sentence."""
    groups: dict[tuple[str, str, tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for piece in certificates:
        scheme = [text_of(piece.subject, "referenceScheme", member) for member in ("id", "name")]
        group = groups.setdefault((scheme[0], scheme[1], *_authorities(piece)), [])
        group.append(text_of(piece.issuer, "name"))
    for (scheme_id, scheme_name, approved, accredited), by in groups.items():
        params: dict[str, Any] = {"by": names(by), "scheme": term(scheme_id, scheme_name)}
        parts = ["checked_by"]
        for word, found in (("approved", approved), ("accredited", accredited)):
            if found:
                params[word] = names(found)
                parts.append(word)
        yield Message("_".join(parts), params)


def _authorities(piece: Piece) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who approved and who accredited a certifier: not whom a certificate names, but who was found."""
    vouching = piece.report.vouching if piece.report is not None else ()
    approved = tuple(root.name for chain, root in vouching if chain is Chain.APPROVAL)
    return approved, tuple(root.name for chain, root in vouching if chain is Chain.ACCREDITATION)


def _until(pieces: Sequence[Piece]) -> Message:
    ends = [until for piece in pieces if (until := text_of(piece.document, "validUntil"))]
    return Message("good_until", {"date": day(min(ends))}) if ends else Message("good_without_end")


def _in_force(piece: Piece, made: str) -> bool:
    """Tell whether a certificate was in force on a day (ISO 8601: text order is time order)."""
    start, end = text_of(piece.document, "validFrom")[:10], text_of(piece.document, "validUntil")[:10]
    return bool(start) and start <= made[:10] <= (end or made[:10])


def _can_be_withdrawn(piece: Piece) -> bool:
    return piece.report is not None and piece.report.check(Step.STATUS).outcome is Outcome.VALID
