"""The words of the shopper's page: from the messages of ``certweave.product.answer`` to sentences.

Plain words, said of who did what. No "credential", no "DID", no "blockchain", and no praise of our own.
"""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from babel.dates import format_skeleton, format_timedelta
from babel.lists import format_list
from markupsafe import Markup, escape

from certweave.encoding.strict_json import JsonObject
from certweave_edge.i18n import Translator, mark
from certweave_edge.terms import find_name
from certweave_edge.told import quote

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "claim_checked": mark("Checked by %(by)s on %(date)s"),
        "claim_checked_authority": mark("Checked by the authority %(by)s on %(date)s"),
        "claim_checked_peer": mark("Checked by an association, %(by)s, on %(date)s"),
        "claim_checked_buyer": mark("Checked by a buyer, %(by)s, on %(date)s"),
        "claim_said_maker": mark("Said by the maker, not checked"),
        "claim_said_brand": mark("Said by the brand, not checked"),
        "claim_said_other": mark("Said by %(by)s, not checked"),
        "claim_not_covered": mark("Only said; the certificate that is given for it does not speak of this"),
        "claim_model_only": mark("%(by)s checked the model, not this lot"),
        "claim_site_only": mark("%(by)s checked a site (%(goods)s), not this product"),
        "claim_party_only": mark("%(by)s certified the company, not this product"),
        "claim_self_certified": mark("Only said, in a certificate that nobody else stands behind"),
        "claim_other_figure": mark("Only said; the certificate of %(by)s gives another figure: %(figure)s"),
        "claim_no_figure": mark("Only said; the certificate of %(by)s gives no such figure"),
        "claim_passport_invalid": mark("What is said about this product does not hold"),
        "claim_passport_undecided": mark("We could not check right now who says this"),
        "open_unreachable": mark("We could not check this right now: %(host)s did not answer"),
        "open_stale": mark("We could not check this right now: what %(host)s answers is too old"),
        "open_unknown_issuer": mark("We could not check this: nobody we trust vouches for %(by)s"),
        "open_pending": mark("We could not check this yet: the certificate has not been issued"),
        "open_part": mark("We could not check this: only a part of the document is shown"),
        "open_other": mark("We could not check this right now"),
        "open_inconclusive": mark("%(by)s tested it, and the test showed neither yes nor no"),
        "bad_withdrawn": mark("Withdrawn by %(by)s"),
        "bad_suspended": mark("Suspended or withdrawn by %(by)s"),
        "bad_expired": mark("What %(by)s confirmed ended on %(date)s"),
        "bad_not_yet": mark("What %(by)s confirmed does not hold yet"),
        "bad_signature": mark("It was changed after it was signed, or somebody else signed it"),
        "bad_other": mark("It does not hold"),
        "bad_digest": mark("This is not the certificate that was given for it"),
        "bad_not_conforming": mark("%(by)s looked, and found that it is not so"),
        "weak_input": mark("Checked on what it was made of: %(goods)s"),
        "weak_unverified": mark("%(by)s did not make sure itself that it was this product"),
        "weak_other_invalid": mark("Another certificate for it, by %(by)s, does not hold"),
        "basis_text": mark("%(text)s"),
        "basis_figure": mark("%(metric)s: %(figure)s"),
        "says_maker": mark("%(by)s, the maker of this product."),
        "says_brand": mark("%(by)s, the brand that sells this product."),
        "says_other": mark("%(by)s."),
        "says_unknown": mark("Nobody we trust has told us who that is."),
        "checked_by": mark("%(by)s (%(scheme)s)."),
        "checked_by_approved": mark("%(by)s, approved by %(approved)s (%(scheme)s)."),
        "checked_by_accredited": mark("%(by)s, accredited by %(accredited)s (%(scheme)s)."),
        "checked_by_approved_accredited": mark(
            "%(by)s, approved by %(approved)s and accredited by %(accredited)s (%(scheme)s)."
        ),
        "checked_count": mark("Claims that were checked: %(checked)s of %(count)s."),
        "checked_open": mark("We could not find out."),
        "checked_nobody": mark("Nobody but the one who says it, as far as we can see."),
        "good_until": mark("Yes, until %(date)s."),
        "good_without_end": mark("Yes, and no end is set."),
        "good_when_made": mark("It was good when the product was made."),
        "good_no_withdrawal": mark("Nobody has a way to withdraw it."),
        "good_nothing": mark("There is no certificate that could have ended."),
        "good_not_all": mark("Not all of it."),
        "good_partly_open": mark("For the rest we could not check right now."),
        "belongs_other": mark("No. What is said is about other goods than this code."),
        "belongs_unlinked": mark("What is said does not name this code."),
        "belongs_model_only": mark("What we found is about the model, not about this very lot."),
        "belongs_batch_only": mark("What we found is about the lot, not about this single piece."),
        "belongs_compare": mark("Compare %(things)s. A code can be copied."),
        "knot_parties": mark("%(parties)s"),
        "knot_site": mark("%(site)s"),
        "knot_moved": mark("%(sender)s → %(receiver)s"),
        "knot_place": mark("%(place)s"),
        "knot_date": mark("%(date)s"),
        "knot_amount": mark("%(amount)s %(goods)s"),
        "knot_amounts": mark("%(taken)s %(of)s → %(given)s %(goods)s"),
        "knot_vouched": mark("Who did this is not named; %(by)s vouches for it"),
        "knot_balance": mark("This cannot be so: there is more of it here than there was before"),
        "knot_order": mark("This cannot be so: it is dated before what it was made of, or after today"),
        "knot_unnamed": mark("Who made this is not named"),
        "summary_valid": mark("Claims that were checked and hold today: %(checked)s of %(count)s."),
        "summary_said": mark("This is only said. Nobody else has checked it."),
        "summary_invalid": mark(
            "Something here does not hold. Below stands what, and why; ask the brand or the shop about it."
        ),
        "summary_undecided": mark("We could not check everything. That does not mean it is wrong."),
        "nothing_unknown": mark("%(host)s knows nothing about this code."),
        "nothing_unreachable": mark(
            "%(host)s did not answer, so we can say nothing about this code right now."
        ),
        "nothing_unreadable": mark("We cannot read what %(host)s answers about this code."),
    }
)
"""Sentence of each message key."""

QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "says": mark("Who says it?"),
        "checked": mark("Who checked it?"),
        "good": mark("Is it still good today?"),
        "belongs": mark("Does it belong to this product?"),
    }
)

STAGES: Mapping[str, str] = MappingProxyType(
    {
        "seed": mark("Seed"),
        "cultivation": mark("Field"),
        "harvest": mark("Harvest"),
        "ginning": mark("Ginning"),
        "spinning": mark("Spinning"),
        "weaving": mark("Weaving"),
        "knitting": mark("Knitting"),
        "dyeing": mark("Dyeing"),
        "printing": mark("Printing"),
        "finishing": mark("Finishing"),
        "manufacturing": mark("Sewing"),
        "packing": mark("Packing"),
        "storage": mark("Storage"),
        "transport": mark("Transport"),
        "trading": mark("Trade"),
        "distribution": mark("Distribution"),
        "sales": mark("Sale"),
        "collection": mark("Collection"),
        "recycling": mark("Recycling"),
        "disposal": mark("Disposal"),
    }
)

THINGS: Mapping[str, str] = MappingProxyType(
    {
        "picture": mark("the picture"),
        "lot": mark("the lot"),
        "serial": mark("the serial number"),
        "size": mark("the size"),
        "colour": mark("the colour"),
        "maker": mark("the maker"),
    }
)

ASSURANCE: Mapping[str, str] = MappingProxyType(
    {
        "self": mark("The maker itself"),
        "buyer": mark("A buyer"),
        "peer": mark("An association of its members"),
        "third_party": mark("An independent body"),
        "authority": mark("A public authority"),
    }
)

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "DigitalProductPassport": mark("Product passport"),
        "DigitalConformityCredential": mark("Certificate"),
        "TransactionCertificate": mark("Certificate of a sale"),
        "ScopeCertificate": mark("Certificate of a site"),
        "LaboratoryResult": mark("Laboratory test"),
        "LabelRelease": mark("Leave to use a label"),
        "InventoryConformance": mark("Certificate of chemicals"),
        "DigitalTraceabilityEvent": mark("Step of the journey"),
        "DigitalFacilityRecord": mark("What a site says"),
    }
)


def say(translator: Translator, message: Mapping[str, Any]) -> Markup:
    """Return the sentence of a message in its JSON form; an unknown key, of a newer answer, says nothing."""
    text = SENTENCES.get(message["key"])
    if text is None:
        return Markup()
    params = {name: render(translator, value) for name, value in message["params"].items()}
    try:
        return (escape(translator.gettext(text)) % params).strip()
    except KeyError:
        return Markup()


def say_all(translator: Translator, messages: list[JsonObject], joint: str = " ") -> Markup:
    """Return several sentences as one text."""
    return escape(joint).join(text for message in messages if (text := say(translator, message)))


def render(translator: Translator, value: Any) -> Markup:
    """Return a parameter as the language writes it; what is signed keeps its own words and direction."""
    if isinstance(value, str):
        return quote(value) if value else Markup()
    if isinstance(value, int | float):
        return escape(translator.number(value))
    if "term" in value:
        return named(find_name(translator, value["term"], value["name"]), value["name"])
    if "names" in value:
        return _listed(translator, [quote(name) for name in value["names"]])
    if "things" in value:
        things = [escape(translator.gettext(THINGS[name])) for name in value["things"] if name in THINGS]
        return _listed(translator, things, "or" if value.get("any") else "standard")
    return escape(_figure(translator, value))


def _figure(translator: Translator, value: Mapping[str, Any]) -> str:
    """Return a day, a month, a country or a measure; one that is none of them as it was signed."""
    if "day" in value:
        found = _date(value["day"])
        return value["day"] if found is None else translator.date(found)
    if "month" in value:
        found = _date(f"{value['month']}-01")
        return value["month"] if found is None else format_skeleton("yMMMM", found, locale=translator.locale)
    if "country" in value:
        return str(translator.locale.territories.get(value["country"], value["country"]))
    return translator.quantity(value["value"], value["unit"])


def named(name: str, signed: str) -> Markup:
    """Return a name that a catalogue may have in the reader's language, set apart from what is around it."""
    return quote(name) if name == signed else Markup("<bdi>{}</bdi>").format(name)


def _listed(translator: Translator, items: list[Markup], style: str = "standard") -> Markup:
    # Markup: the items are escaped, and what stands between them is CLDR's.
    return Markup(format_list(items, style, locale=translator.locale))  # type: ignore[arg-type]  # noqa: S704


def ago(translator: Translator, at: datetime, now: datetime) -> str:
    """Return how long ago something was, such as "3 hours ago"."""
    return format_timedelta(at - now, add_direction=True, locale=translator.locale)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
