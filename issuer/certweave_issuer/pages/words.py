"""What the pages say about a certificate: its state today in a sentence, who did what, and why.

Texts are marked here and translated where they are shown. Reasons have the sentences of core's list.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from certweave.status.reasons import NOT_STATED, REASONS, Action
from certweave.status.record import State, StatusRecord
from certweave_edge.i18n import Translator, mark
from certweave_issuer.ports import Certificate

STATES: Final = MappingProxyType(
    {
        State.DRAFT: mark("Draft"),
        State.APPROVED: mark("Approved"),
        State.ISSUED: mark("In force"),
        State.SUSPENDED: mark("Suspended"),
        State.WITHDRAWN: mark("Withdrawn"),
        State.SUPERSEDED: mark("Replaced"),
        State.EXPIRED: mark("Expired"),
    }
)
OUTCOMES: Final = MappingProxyType(
    {
        State.DRAFT: "said",
        State.APPROVED: "said",
        State.ISSUED: "valid",
        State.SUSPENDED: "invalid",
        State.WITHDRAWN: "invalid",
        State.SUPERSEDED: "not_applicable",
        State.EXPIRED: "not_applicable",
    }
)
"""The shape beside a state; the word always stands next to it."""
REASON_WORDS: Final = MappingProxyType(
    {
        "audit_overdue": mark("An audit that was due has not taken place."),
        "nonconformity": mark("An audit found that requirements are not met."),
        "fraud": mark("There is evidence of fraud."),
        "key_compromise": mark("A signing key may be in the wrong hands."),
        "request_of_holder": mark("The holder of the certificate asked for it."),
        "fees_unpaid": mark("Fees owed for the certification have not been paid."),
        "authorisation_lost": mark("The certifier is no longer authorised for this scheme."),
        "sites_closed": mark("The certified sites have closed."),
        "nonconformity_not_closed": mark("Requirements were still not met when the time given ended."),
        "issued_in_error": mark("The certificate should not have been issued."),
        "error_in_certificate": mark("The certificate contained an error."),
        "scope_changed": mark("Sites, processes or products of the certificate changed."),
        "renewed": mark("A new certificate continues this one."),
        "nonconformity_closed": mark("The requirements are met again."),
        "audit_done": mark("The audit that was due has taken place."),
        "fees_paid": mark("The fees owed have been paid."),
        "suspended_in_error": mark("The certificate should not have been suspended."),
        "cleared": mark("What led to the suspension proved to be unfounded or was put right."),
        NOT_STATED: mark("The issuer states no reason."),
    }
)
"""The same sentences as in core, marked for translation; a test holds them equal."""
ACTS: Final = MappingProxyType(
    {
        "create": mark("Entered as a draft"),
        "revise": mark("Changed while a draft"),
        "approve": mark("Approved"),
        "issue": mark("Issued and signed"),
        "offer.make": mark("Offered to the holder"),
        "offer.take": mark("The holder's wallet asked for it"),
        "offer.redeem": mark("Taken up by the holder"),
        "profile.save": mark("The organisation's profile was changed"),
        "suspend": mark("Suspended"),
        "reinstate": mark("Reinstated"),
        "withdraw": mark("Withdrawn"),
        "correct": mark("Replaced by a correction"),
        "renew": mark("Continued by a renewal"),
    }
)
FORMAT_WORDS: Final = MappingProxyType(
    {
        "vc+jwt": mark("As it was issued (W3C credential)"),
        "vc+sd-jwt": mark("W3C credential that can be shown in part"),
        "ldp_vc": mark("W3C credential with its proof inside"),
        "dc+sd-jwt": mark("SD-JWT VC, for many wallets on phones"),
    }
)
"""The formats of OpenID4VCI in which a certificate is handed out."""
_DONE: Final = MappingProxyType(
    {
        Action.SUSPEND: (mark("Suspended on %(day)s."), mark("It will be suspended on %(day)s.")),
        Action.REINSTATE: (mark("Reinstated on %(day)s."), mark("It will be reinstated on %(day)s.")),
        Action.WITHDRAW: (mark("Withdrawn on %(day)s."), mark("It will be withdrawn on %(day)s.")),
        Action.CORRECT: (
            mark("Replaced by a correction on %(day)s."),
            mark("It will be replaced by a correction on %(day)s."),
        ),
        Action.RENEW: (
            mark("Continued by a newer certificate since %(day)s."),
            mark("It will be continued by a newer certificate on %(day)s."),
        ),
    }
)
_BY_STATE: Final = MappingProxyType(
    {
        State.SUSPENDED: Action.SUSPEND,
        State.WITHDRAWN: Action.WITHDRAW,
    }
)


def reason_words(code: str | None) -> str:
    """Return the sentence of a reason in English, to be translated."""
    if code is None:
        return ""
    return REASON_WORDS.get(code, REASONS[code].sentence if code in REASONS else code)


def reasons_for(action: Action, words: Translator) -> list[tuple[str, str]]:
    """Return the reasons that an action may have, as options of a choice: whoever chooses states one."""
    fitting = (code for code, reason in REASONS.items() if action in reason.actions and code != NOT_STATED)
    return [(code, words.gettext(reason_words(code))) for code in fitting]


def act_words(act: str) -> str:
    """Return what was done, in English, to be translated; an act we have no word for is told as it is."""
    return ACTS.get(act, ACTS.get(act.removeprefix("certificate."), act))


def actor_words(actor: str, words: Translator, tokens: Mapping[str, str]) -> str:
    """Return who did something: a login, a program, or the wallet that took an offer.

    ``tokens`` are the names of tokens, by ``Directory.name_tokens``.
    """
    kind, _, name = actor.partition(":")
    if actor == "wallet":
        return words.gettext(mark("the holder's wallet"))
    if kind == "token":
        return words.gettext(mark("a program (token %(name)s)")) % {"name": tokens.get(actor, name)}
    return name or actor


def state_sentences(
    certificate: Certificate,
    state: State,
    records: Sequence[StatusRecord],
    *,
    issuer: str,
    now: datetime,
    words: Translator,
) -> list[str]:
    """Return in whole sentences how a certificate stands today, why, and what is decided for later."""
    said = [_standing(certificate, state, issuer, words)]
    action = _BY_STATE.get(state)
    if state is State.SUPERSEDED:
        action = Action.CORRECT if any(one.action is Action.CORRECT for one in records) else Action.RENEW
    if action is not None:
        past = [one for one in records if one.action is action and one.effective_from <= now]
        said = [_told(one, 0, words) for one in past[-1:]] or said
    said += [_told(one, 1, words) for one in records if one.effective_from > now]
    return [sentence for sentence in said if sentence]


def _standing(certificate: Certificate, state: State, issuer: str, words: Translator) -> str:
    _ = words.gettext
    if state is State.DRAFT:
        return _(mark("A draft: nobody outside sees it. It waits for approval."))
    if state is State.APPROVED:
        return _(mark("Approved: it waits to be issued."))
    until = "" if certificate.valid_until is None else words.date(certificate.valid_until)
    if state is State.EXPIRED:
        return _(mark("It ended on %(day)s.")) % {"day": until}
    if state is State.ISSUED and until:
        told = _(mark("In force today, says %(issuer)s. It ends on %(day)s."))
        return told % {"issuer": issuer, "day": until}
    if state is State.ISSUED:
        return _(mark("In force today, says %(issuer)s.")) % {"issuer": issuer}
    return _(STATES[state])


def _told(record: StatusRecord, later: int, words: Translator) -> str:
    sentence = words.gettext(_DONE[record.action][later]) % {"day": words.date(record.effective_from)}
    return f"{sentence} {words.gettext(reason_words(record.reason))}"
