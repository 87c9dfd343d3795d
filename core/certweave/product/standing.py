"""Each claim of a passport with its own standing: checked, withdrawn, could not be checked, or only said.

A green mark needs a certificate that holds now, by somebody whom the policy trusts, that itself speaks of
this claim and of this product (``coverage``). Whatever is weaker gets weaker words, and what could not be
fetched is never told as false.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause
from certweave.examine.report import Check, Outcome, Step, Verdict
from certweave.product.answer import Assurance, ClaimAnswer, Message, Tone, day, quantity, term
from certweave.product.coverage import (
    Cover,
    Named,
    Scene,
    find_cover,
    find_other_figure,
    find_part,
    is_unverified,
)
from certweave.product.identity import role_of
from certweave.product.links import Relation
from certweave.product.pieces import (
    Piece,
    Reference,
    evidence_of,
    host_of,
    id_of,
    number_of,
    object_of,
    objects_of,
    text_of,
)
from certweave.timestamps import format_timestamp

_LEVELS: Final = {
    "self": Assurance.SELF,
    "commercial": Assurance.BUYER,
    "buyer": Assurance.BUYER,
    "membership": Assurance.PEER,
    "3rdParty": Assurance.THIRD_PARTY,
    "hybrid": Assurance.THIRD_PARTY,
}
_AUTHORITY: Final = frozenset({"authority-benchmark", "authority-mandate"})
_CHECKED: Final = {
    Assurance.AUTHORITY: "claim_checked_authority",
    Assurance.THIRD_PARTY: "claim_checked",
    Assurance.PEER: "claim_checked_peer",
    Assurance.BUYER: "claim_checked_buyer",
}
_WEAKER: Final = {
    Cover.MODEL: "claim_model_only",
    Cover.SITE: "claim_site_only",
    Cover.PARTY: "claim_party_only",
}
_CAUSES: Final = {
    Cause.UNREACHABLE: "open_unreachable",
    Cause.STALE: "open_stale",
    Cause.UNKNOWN_ISSUER: "open_unknown_issuer",
    Cause.PENDING: "open_pending",
    Cause.WITHHELD: "open_part",
}
_REASONS: Final = {
    "withdrawn": "bad_withdrawn",
    "suspended": "bad_suspended",
    "taken_back": "bad_withdrawn",
    "expired": "bad_expired",
    "not_yet_valid": "bad_not_yet",
    "signature_mismatch": "bad_signature",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one certificate does for one claim. A higher ``rank`` wins where several speak."""

    rank: int
    tone: Tone
    message: Message
    piece: Piece | None = None
    weaknesses: tuple[Message, ...] = ()
    assurance: Assurance | None = None


def judge_claims(passport: Piece, pieces: Mapping[str, Piece], scene: Scene) -> tuple[ClaimAnswer, ...]:
    """Return every claim of the passport with its standing, in the passport's order."""
    certificates = [piece for piece in pieces.values() if piece.relation is Relation.CONFORMITY]
    return tuple(
        _judge(claim, passport, pieces, certificates, scene)
        for claim in objects_of(passport.subject, "performanceClaim")
    )


def said(passport: Piece) -> Message:
    """Return that a claim is only said, and by whom."""
    return Message(f"claim_said_{role_of(passport)}", {"by": text_of(passport.issuer, "name")})


def describe_problem(piece: Piece) -> Message:
    """Return why a document does not hold, or could not be checked, in a sentence's form."""
    name = text_of(piece.issuer, "name")
    host = host_of(piece.url)
    check = next(piece.report.decisive(), None) if piece.report is not None else None
    if check is None:
        return Message("open_part" if piece.in_part else "open_unreachable", {"by": name, "host": host})
    if check.outcome is Outcome.INVALID:
        until = text_of(piece.document, "validUntil")
        key = _REASONS.get(check.code, "bad_other")
        return Message(key, {"by": name, "host": host, **({"date": day(until)} if until else {})})
    return Message(
        _CAUSES.get(check.cause or Cause.LIMIT, "open_other"), {"by": name, "host": _host(check, host)}
    )


def assurance_of(piece: Piece, speaker: str) -> Assurance | None:
    """Return who assessed; somebody who certifies themselves does so whatever the certificate says."""
    issuer = id_of(piece.issuer, "id")
    if issuer in {speaker, id_of(piece.subject, "issuedToParty", "id")}:
        return Assurance.SELF
    level = _LEVELS.get(text_of(piece.subject, "assessorLevel"))
    if level is Assurance.THIRD_PARTY and text_of(piece.subject, "assessmentLevel") in _AUTHORITY:
        return Assurance.AUTHORITY
    return level


def _judge(
    claim: JsonObject,
    passport: Piece,
    pieces: Mapping[str, Piece],
    certificates: Sequence[Piece],
    scene: Scene,
) -> ClaimAnswer:
    cited = evidence_of(claim)
    findings = [_weigh_cited(claim, reference, pieces.get(reference.url), scene) for reference in cited]
    if not cited:
        # A claim that cites certificates stands or falls with them; for one that cites none we look round.
        found = (_weigh(claim, piece, scene) for piece in certificates)
        findings += [finding for finding in found if finding.tone is not Tone.SAID]
    findings.append(Finding(0, Tone.SAID, said(passport)))
    best = max(findings, key=lambda finding: finding.rank)
    if best.tone is Tone.VALID and passport.whole_verdict is not Verdict.VALID:
        tone = Tone(passport.whole_verdict.value)
        # Who says it is known of a part that holds; what else they say is not.
        key = "open_part" if passport.verdict is Verdict.VALID else f"claim_passport_{tone.value}"
        best = Finding(9, tone, Message(key))
    fallen = [
        Message("weak_other_invalid", {"by": text_of(found.piece.issuer, "name")})
        for found in findings
        if found.tone is Tone.INVALID and found is not best and found.piece is not None
    ]
    piece = best.piece
    return ClaimAnswer(
        title=text_of(claim, "name"),
        basis=_basis(claim, piece),
        tone=best.tone,
        standing=best.message,
        weaknesses=(*best.weaknesses, *fallen),
        assurance=best.assurance,
        certificates=(piece.url,) if piece is not None else (),
        checked_by=text_of(piece.issuer, "name") if piece is not None else "",
    )


def _weigh_cited(claim: JsonObject, reference: Reference, piece: Piece | None, scene: Scene) -> Finding:
    """Weigh a certificate that the claim cites: here even what could not be had counts, as open."""
    if piece is None or (piece.report is None and piece.content is None):
        host = host_of(reference.url)
        return Finding(3, Tone.UNDECIDED, Message("open_unreachable", {"by": "", "host": host}), piece)
    if not piece.fits(reference):
        return Finding(4, Tone.INVALID, Message("bad_digest", {"by": text_of(piece.issuer, "name")}), piece)
    if not piece.document:
        if (
            reference.relation is None
            and piece.report is not None
            and _unreadable(piece.report.check(Step.READ))
        ):
            return Finding(-1, Tone.SAID, Message("open_other"))
        tone = Tone.INVALID if piece.verdict is Verdict.INVALID else Tone.UNDECIDED
        return Finding(4 if tone is Tone.INVALID else 3, tone, describe_problem(piece), piece)
    return _weigh(claim, piece, scene)


def _weigh(claim: JsonObject, piece: Piece, scene: Scene) -> Finding:
    """Weigh one certificate whose signature held."""
    attestation = find_part(piece.subject, claim, scene)
    by = text_of(piece.issuer, "name")
    cover, named = find_cover(attestation, scene)
    if cover is Cover.NOTHING and attestation and scene.gap is not None:
        # What it speaks of may be what the product was made of: an outage must not tell that it is not.
        return Finding(3, Tone.UNDECIDED, scene.gap, piece)
    if cover is Cover.NOTHING or piece.relation is not Relation.CONFORMITY:
        return Finding(1, Tone.SAID, Message("claim_not_covered", {"by": by}), piece)
    if piece.verdict is Verdict.INVALID:
        return Finding(4, Tone.INVALID, describe_problem(piece), piece)
    if piece.verdict is Verdict.UNDECIDED:
        return Finding(3, Tone.UNDECIDED, describe_problem(piece), piece)
    if piece.in_part:
        return Finding(3, Tone.UNDECIDED, Message("open_part", {"by": by, "host": ""}), piece)
    if piece.report is not None and _date(piece)[:10] > format_timestamp(piece.report.at)[:10]:
        # Dated after today, which may be a mistake: nobody has looked yet.
        return Finding(3, Tone.UNDECIDED, Message("open_other", {"by": by, "host": ""}), piece)
    if not piece.trusted:
        return Finding(3, Tone.UNDECIDED, Message("open_unknown_issuer", {"by": by, "host": ""}), piece)
    outcome = _result(attestation)
    if outcome is Outcome.INVALID:
        return Finding(8, Tone.INVALID, Message("bad_not_conforming", {"by": by}), piece)
    if outcome is Outcome.UNDECIDED:
        return Finding(3, Tone.UNDECIDED, Message("open_inconclusive", {"by": by}), piece)
    figure = find_other_figure(attestation, claim)
    if figure is not None:
        said = {"by": by, "figure": _figure(figure)} if figure else {"by": by}
        return Finding(2, Tone.SAID, Message(f"claim_{'other' if figure else 'no'}_figure", said), piece)
    return _confirm(piece, attestation, cover, named, scene)


def _confirm(
    piece: Piece, attestation: JsonObject, cover: Cover, named: Named | None, scene: Scene
) -> Finding:
    """The certificate holds and speaks of the claim: how strong are the words?"""
    by = text_of(piece.issuer, "name")
    assurance = assurance_of(piece, scene.speaker)
    key = _CHECKED.get(assurance) if assurance is not None else None
    if key is None:
        return Finding(2, Tone.SAID, Message("claim_self_certified", {"by": by}), piece, (), assurance)
    params: dict[str, Any] = {"by": by, "date": day(_date(piece)), "goods": named.name if named else ""}
    if cover in _WEAKER:
        return Finding(2, Tone.SAID, Message(_WEAKER[cover], params), piece, (), assurance)
    weaknesses = []
    if cover is Cover.INPUT:
        weaknesses.append(Message("weak_input", params))
    if is_unverified(attestation, named):
        weaknesses.append(Message("weak_unverified", params))
    rank = 7 if not weaknesses else 6
    return Finding(rank, Tone.VALID, Message(key, params), piece, tuple(weaknesses), assurance)


def _result(attestation: JsonObject) -> Outcome:
    """Return what the assessor found; a laboratory may find nothing either way."""
    laboratory = text_of(attestation, "laboratoryResult", "outcome")
    refused = any(
        assessment.get("conformance") is False
        for assessment in objects_of(attestation, "conformityAssessment")
    )
    if laboratory == "fail" or refused:
        return Outcome.INVALID
    return Outcome.UNDECIDED if laboratory == "inconclusive" else Outcome.VALID


def _basis(claim: JsonObject, piece: Piece | None) -> tuple[Message, ...]:
    """Return what the claim rests on: the scheme, by its name in text, its criteria, the stated figures."""
    nodes = [object_of(piece.subject, "referenceScheme")] if piece is not None else []
    nodes += objects_of(claim, "referenceCriteria")
    texts: dict[str, str] = {}
    for node in nodes:
        if name := text_of(node, "name"):
            texts.setdefault(name, text_of(node, "id"))
    found = [Message("basis_text", {"text": term(id_, name)}) for name, id_ in list(texts.items())[:3]]
    for item in objects_of(claim, "claimedPerformance")[:3]:
        measure, metric = object_of(item, "measure"), object_of(item, "metric")
        if measure and (name := text_of(metric, "name")):
            known = term(text_of(metric, "id"), name)
            found.append(Message("basis_figure", {"metric": known, "figure": _figure(measure)}))
    return tuple(found)


def _figure(measure: JsonObject) -> JsonObject:
    value = number_of(measure, "value")
    return quantity(0 if value is None else value, text_of(measure, "unit"))


def _date(piece: Piece) -> str:
    """Return the day of the assessment, else that of the certificate."""
    laboratory = text_of(piece.subject, "laboratoryResult", "testedOn")
    days = [text_of(item, "assessmentDate") for item in objects_of(piece.subject, "conformityAssessment")]
    return laboratory or max(days, default="") or text_of(piece.document, "validFrom")


def _host(check: Check, host: str) -> str:
    """Return the host that kept the answer back, where the check names one."""
    need = min(check.needs, default=None)
    return (host_of(need.url) or host) if need is not None else host


def _unreadable(check: Check) -> bool:
    return check.outcome is Outcome.INVALID
