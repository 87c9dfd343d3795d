"""What a step of an examination found, or why a page is refused, in the reader's language.

The core knows no languages: a finding is a code, and a sentence in English with the names and moments of its
document inside. Here stand the sentences that people meet often, with holes where the core puts a value. A
sentence that is recognised is said in the reader's words, its values as they are; whatever is not stays the
core's, marked as English. ``tests/unit/test_told.py`` holds these sentences against the core.
"""

import re
from functools import cache, lru_cache
from typing import Final

from markupsafe import Markup

from certweave_edge.i18n import DEFAULT, Translator, mark

SENTENCES: Final = (
    # What was read.
    mark("a credential"),
    mark("a presentation"),
    mark("an enveloped credential"),
    mark("an enveloped presentation"),
    mark("%(what)s as a signed token (JWT)"),
    mark("%(what)s as a signed message (COSE)"),
    mark("%(what)s with selective disclosure (%(form)s)"),
    mark("a credential with its proof inside"),
    mark("a presentation with its proof inside"),
    mark("Verifiable Credentials Data Model %(count)s"),
    mark("Verifiable Presentation %(count)s"),
    mark("SD-JWT VC of the type %(type)s"),
    mark("the input is neither JSON nor a compact JWT"),
    mark("this is neither a credential nor a presentation: it has no type and no verifiableCredential"),
    mark("the member %(member)s stands twice in one object"),
    mark("the text nests more than %(count)s deep"),
    mark("a compact token has three parts"),
    mark("there is no type"),
    # In which form it is signed.
    mark("%(suites)s, for assertionMethod"),
    mark("%(suites)s, for authentication"),
    mark("%(name)s, as a signed token"),
    mark("%(name)s, as a signed message (COSE)"),
    mark("%(name)s, with selective disclosure"),
    mark("nothing secures this: there is no proof"),
    mark("an empty list of proofs proves nothing"),
    mark("alg %(name)s proves nothing about who signed"),
    mark("alg %(name)s is not one we verify"),
    mark("the suite is not supported: %(suites)s"),
    mark("the token brings a key of its own in %(name)s; keys come from the issuer's DID alone"),
    mark("the claim %(one)s contradicts %(other)s of the document"),
    mark("iat lies in the future: %(moment)s"),
    # Who signed, and when.
    mark("%(count)s version of the issuer's identity, unbroken"),
    mark("%(count)s versions of the issuer's identity, unbroken"),
    mark("%(what)s; the web twin agrees"),
    mark("a key that is its own identity"),
    mark("the issuer's identity has no past: its document says only what holds now"),
    mark("%(name)s, in force now"),
    mark("in force now"),
    mark("%(name)s, retired on %(day)s; the ledger dated this %(moment)s"),
    mark("retired on %(day)s; the ledger dated this %(moment)s"),
    mark("the key was retired on %(day)s, and this was signed on %(moment)s"),
    mark("the key was retired on %(day)s, and no ledger that counts says that this was signed before"),
    mark("the key was retired on %(day)s, and the ledger first saw this on %(moment)s"),
    mark("the issuer's identity was last seen on %(moment)s, too long before now"),
    mark("the key belongs to %(signer)s, not to %(speaker)s"),
    mark("the key belongs to %(signer)s; nothing binds it to %(speaker)s"),
    mark("the signature matches"),
    mark("the signature does not match"),
    # When it holds, and whether it still does.
    # The first that fits is taken: an unstated time is no moment.
    mark("from an unstated time to %(end)s"),
    mark("from an unstated time; it does not expire"),
    mark("from an unstated time; no end is shown, and one may have been left out"),
    mark("from %(begin)s to %(end)s"),
    mark("from %(begin)s; it does not expire"),
    mark("from %(begin)s; no end is shown, and one may have been left out"),
    mark("it ended on %(end)s"),
    mark("it is not valid yet: it begins on %(begin)s"),
    mark("good as of %(moment)s"),
    mark("it was withdrawn by its issuer"),
    mark("it was suspended or withdrawn by its issuer"),
    mark("it was taken back by its issuer"),
    mark("it names no status list: it cannot be withdrawn"),
    mark("it names no status list for withdrawal or suspension"),
    mark("it shows no status list, and one may have been left out"),
    mark("the status list does not hold: %(why)s"),
    mark("the status list could not be verified: %(why)s"),
    mark("the status list is signed by %(signer)s, who may not speak for %(speaker)s"),
    mark("the status list has expired"),
    mark("the status list was fetched too long ago"),
    mark("the status list is younger than the moment asked about"),
    mark("the index %(index)s lies outside of a list of %(count)s entries"),
    # What could not be had, and why.
    mark("the input"),
    mark("the issuer's status list"),
    mark("the log of the issuer's identity"),
    mark("the issuer's DID document"),
    mark("the authority's credential"),
    mark("%(what)s is needed: %(name)s"),
    mark("%(what)s could not be had from %(name)s: %(why)s"),
    mark("no complete answer in time"),
    mark("the connection failed"),
    mark("the host answered HTTP %(count)s"),
    mark("the host's name is unknown"),
    mark("the host of this DID did not answer: %(why)s; this says nothing about the DID"),
    mark("not reached: it rests on an earlier step"),
    # What it says, and who stands behind its issuer.
    mark("no unknown terms; %(types)s, fits its schema"),
    mark("no unknown terms; %(types)s"),
    mark("the member %(member)s is not defined"),
    mark("the member %(member)s is missing"),
    mark("what its kind demands is not shown; the holder may have left it out"),
    mark("a credential of the type %(type)s"),
    mark("its type is no web address: no rules for its claims are known"),
    mark("the issuer has accreditation by %(who)s"),
    mark("the issuer has approval by %(who)s"),
    mark("accreditation by %(who)s"),
    mark("approval by %(who)s"),
    mark("%(who)s is trusted directly by the policy %(policy)s"),
    mark("known identity: %(who)s knows the issuer, who says this about itself"),
    mark("nobody whom the policy trusts vouches for the issuer"),
    mark("the policy does not say whom the scheme %(scheme)s demands"),
    mark("the certificate names no scheme"),
    mark("no identity anchor of a trusted register is linked from the issuer's DID document"),
    mark("the approval by the owner of the scheme may be at %(name)s: %(why)s"),
    mark("the accreditation by an accreditation body or authority may be at %(name)s: %(why)s"),
    mark(
        "the approval by the owner of the scheme is missing: "
        "no link under authorisation leads to a trusted one"
    ),
    mark(
        "the accreditation by an accreditation body or authority is missing: "
        "no link under authorisation leads to a trusted one"
    ),
    mark("the accreditation by %(who)s does not hold: %(why)s"),
    mark("the approval by %(who)s does not hold: %(why)s"),
    mark("the accreditation by %(who)s is undecided: %(why)s"),
    mark("the approval by %(who)s is undecided: %(why)s"),
    mark("the accreditation by %(who)s does not cover %(what)s"),
    mark("the approval by %(who)s does not cover %(what)s"),
    mark("the accreditation by %(who)s is about somebody else than the issuer"),
    mark("the approval by %(who)s is about somebody else than the issuer"),
    mark("the start of the certificate: it came into force later"),
    mark("the start of the certificate: it had ended before"),
    mark("the scheme %(scheme)s"),
    mark("the process %(name)s"),
    mark("the product class %(name)s"),
    mark("the country %(name)s"),
    # What is shown, by whom and to whom.
    mark("presented and signed by %(name)s"),
    mark("made for %(name)s"),
    mark("made for %(one)s, not for %(other)s"),
    mark("answers this request"),
    mark("it answers another request"),
    mark("this credential belongs to %(one)s, not to %(other)s who presents it"),
    mark("this credential names no holder: anybody can present it"),
    mark("the presentation shows no credential"),
    mark("the issuer bound it to a key, and nobody proves to hold that key"),
    mark("shown by who holds the key that the issuer bound it to"),
    mark("a part of a credential: what its issuer did not make mandatory may be left out"),
    mark("something was withheld, or looks as if it were: nobody can tell"),
    mark("nobody said for whom this presentation should be"),
    mark("nobody said which request this presentation should answer"),
    # Why a page is refused.
    mark("There is no such address here."),
    mark("there is no such organisation here, or it is not yours"),
    mark("there is no certificate with this number"),
    mark("there is no such credential"),
    mark("there is no such document"),
    mark("there is no such offer"),
    mark("there is no such request"),
    mark("the register has no such certificate"),
    mark("this answer is not here, or no longer: check again"),
    mark("products of this host are not looked up here"),
    mark("this form was sent by another site"),
    mark("this form is too old; go back, load the page again and send it once more"),
    mark("this offer is over"),
    mark("the issuer refuses: %(why)s"),
    mark("the transaction code is wrong"),
    mark("the number typed is another one"),
    mark("this is a presentation, not a certificate"),
    mark("this document does not hold: %(why)s"),
    mark("who signed this document could not be checked: %(why)s"),
    mark("this document is for %(one)s, not for %(other)s"),
    mark("a GTIN has 14 digits here; shorter ones are filled up with zeros at the front"),
    mark("a lot has 1 to %(count)s characters of GS1's set"),
    mark("a serial number has 1 to %(count)s characters of GS1's set"),
    mark("the last digit does not fit the others: the code is mistyped"),
    mark("only https addresses are fetched"),
    mark("not a link of %(name)s"),
    mark("the parameters are not form-encoded"),
    mark("type the code that the issuer gave you"),
    mark("no code was asked for"),
    mark("this offer wants a login at the issuer, which this wallet does not do"),
    mark("the issuer says that it is not ready yet; ask it for a new offer later"),
    mark("the issuer does not know %(name)s, which the offer names"),
    mark("this wallet cannot keep the format %(name)s"),
    mark("the wallet does not hold everything that is asked for, so nothing can be shown"),
    mark("the issuer answered HTTP %(count)s"),
    mark("your organisation has no host for product addresses yet; the operator gives it one"),
    mark("%(name)s is missing"),
    mark("this request is over; ask for a new one"),
    mark("this request was answered already"),
    mark("this needs the scope %(name)s"),
    mark("too many tries; wait %(count)s s"),
    mark("too many checks are waiting; come back in a moment"),
    mark("somebody else than who entered it must approve it"),
    mark("there is already a certificate with this number, and it says something else"),
    mark("somebody else changed this certificate at the same moment; look again"),
    mark("the number %(name)s says something else already; correct it, or take another number"),
    mark("give the certificate itself or its address, not both"),
    mark("there is nothing to check: paste a certificate, choose its file, or give its address"),
)
"""Sentences of core, look-ups and services, word for word; what stands in ``%(…)s`` is a document's."""

_HOLE: Final = re.compile(r"%\((\w+)\)s")
_SHAPES: Final = {"name": r"\S+", "count": r"\d+(?:\.\d+)?", "index": r"\d+", "day": r"\S+", "moment": r"\S+"}
"""What fits into a hole, by its name; whatever else is any text."""
_INNER: Final = frozenset({"what", "why"})
"""Holes with a sentence of ours in them."""
_MOST: Final = 2_000
"""A longer finding, which quotes a document at length, is not looked through."""


def tell(translator: Translator, detail: str) -> Markup:
    """Return what the core found as a text in the reader's language, or in English and marked as such."""
    if translator.lang == DEFAULT:
        return _escaped(translator.dated(detail))
    if " " not in detail:  # the name of a key or of a method is in no language
        return _quoted(translator, detail)
    return _told(translator, detail) or _foreign(translator, detail)


def quote(text: str) -> Markup:
    """Return somebody else's words: in no language that we know, and of a direction of their own."""
    return Markup('<bdi lang="">{}</bdi>').format(text)


def _told(translator: Translator, detail: str) -> Markup | None:
    """Return the reader's words for a sentence, or for several with a semicolon between."""
    parts = [_sentence(translator, part) for part in detail.split("; ")] if "; " in detail else []
    if parts and all(parts):
        return Markup("; ").join(part for part in parts if part is not None)
    return _sentence(translator, detail)


def _sentence(translator: Translator, detail: str) -> Markup | None:
    for template, values in _readings(detail):
        filled: dict[str, Markup] = {}
        for name, value in values.items():
            inner = _told(translator, value) if name in _INNER else None
            if inner is None and name == "what":
                break
            filled[name] = inner or (_foreign if name == "why" else _quoted)(translator, value)
        else:
            return _escaped(translator.gettext(template)) % filled
    return None


@lru_cache(maxsize=2048)
def _readings(detail: str) -> tuple[tuple[str, dict[str, str]], ...]:
    """Return each sentence that the text may be, with what stands in its holes."""
    if len(detail) > _MOST:
        return ()
    found = ((template, pattern.fullmatch(detail)) for template, pattern in _patterns())
    return tuple((template, match.groupdict()) for template, match in found if match is not None)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((template, re.compile(_pattern(template), re.DOTALL)) for template in SENTENCES)


def _pattern(template: str) -> str:
    pieces = _HOLE.split(template)
    holes = [f"(?P<{name}>{_SHAPES.get(name, '.+')})" for name in pieces[1::2]]
    fixed = [re.escape(text) for text in pieces[::2]]
    return "".join(text + hole for text, hole in zip(fixed, [*holes, ""], strict=True))


def _quoted(translator: Translator, value: str) -> Markup:
    return quote(translator.dated(value))


def _foreign(translator: Translator, detail: str) -> Markup:
    return Markup('<span lang="en" dir="auto">{}</span>').format(translator.dated(detail, DEFAULT))


def _escaped(text: str) -> Markup:
    return Markup("{}").format(text)
