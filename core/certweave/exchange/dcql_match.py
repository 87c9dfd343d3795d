"""Answers to a question: which held credentials match a DCQL query, and whether an answer is complete.

OpenID for Verifiable Presentations 1.0 §6.4, §7.1 and §8.6
(https://openid.net/specs/openid-4-verifiable-presentations-1_0.html). Wallet and verifier share these rules.
A credential is held against a question as the document that the caller brings; ``find_places`` says which
parts of it are selected, and disclosing them is the caller's. Types are compared in expanded form, which the
caller brings, too (``canon.jsonld.expand_types``). Nothing here verifies a credential.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import ExchangeError
from certweave.exchange.dcql import ClaimQuery, CredentialQuery, PathPart, Query
from certweave.proof.sd_jwt.token import HIDDEN


@dataclass(frozen=True, slots=True)
class Held:
    """A credential that can be shown, or was: its document without proof or envelope, its expanded types.

    The types of an SD-JWT VC are its ``vct`` and ``aka_vcts``, its document the disclosed claims. ``bound``
    tells whether it can be shown, or was, so that its holder is proven.
    """

    id: str
    format: str
    types: frozenset[str]
    document: JsonObject = field(repr=False)
    bound: bool = True


@dataclass(frozen=True, slots=True)
class Matches:
    """What a wallet can answer.

    Attributes:
        candidates: ids of held credentials by query id; empty when the question cannot be answered.
        selected: the queries to answer unless the holder chooses otherwise: the first alternative that can
            be met of every required set.
        optional: for each optional set that can be met, its first such alternative.
        unmet: the queries that nothing matches.
        answerable: whether everything required can be met. If not, nothing may be sent (§6.4.2).
    """

    candidates: Mapping[str, tuple[str, ...]]
    selected: tuple[str, ...]
    optional: tuple[tuple[str, ...], ...]
    unmet: tuple[str, ...]
    answerable: bool


def match_query(query: Query, held: Sequence[Held]) -> Matches:
    """Find what can answer a question (§6.4). The order of ``held`` is kept."""
    found = {one.id: tuple(item.id for item in held if matches(one, item)) for one in query.credentials}
    unmet = tuple(name for name, ids in found.items() if not ids)
    if not query.sets:
        answerable = not unmet
        names = tuple(found) if answerable else ()
        return Matches({name: found[name] for name in names}, names, (), unmet, answerable)
    chosen = [(one.required, _first_met(one.options, found)) for one in query.sets]
    if any(required and option is None for required, option in chosen):
        return Matches({}, (), (), unmet, answerable=False)
    selected = dict.fromkeys(name for required, option in chosen if required for name in option or ())
    optional = tuple(option for required, option in chosen if not required and option is not None)
    usable = {
        name
        for one in query.sets
        for option in one.options
        if all(found[n] for n in option)
        for name in option
    }
    candidates = {name: ids for name, ids in found.items() if name in usable}
    # Only optional sets, none of which can be met: there is nothing to send, so it is no answer.
    return Matches(candidates, tuple(selected), optional, unmet, answerable=bool(candidates))


def matches(query: CredentialQuery, held: Held) -> bool:
    """Tell whether one credential answers one credential query (§6.1, §6.4.1)."""
    if held.format != query.format or query.authorities or (query.holder_binding and not held.bound):
        return False
    if query.type_values and not any(wanted <= held.types for wanted in query.type_values):
        return False
    if query.vct_values and held.types.isdisjoint(query.vct_values):
        return False
    return _wanted(query, held.document) is not None


def find_places(query: CredentialQuery, document: JsonObject) -> tuple[str, ...]:
    """§6.4.1 Selecting Claims: return JSON Pointers of what a question selects in a document; often none.

    An array element that is ``HIDDEN`` (``sd_jwt.token.Processed.issued``) has a pointer and no index. Of a
    claim with ``values``, only what is one of them is selected.
    """
    claims = _wanted(query, document) or ()
    return tuple(dict.fromkeys(place for claim in claims for place in _places(claim, document)))


def check_answers(query: Query, shown: Mapping[str, Sequence[Held | None]]) -> None:
    """Check that what was shown answers the question (§8.6 steps 2.2 and 3).

    ``shown`` holds by query id one credential for each presentation, after these were verified; None for one
    whose signature could not be, of which nobody can tell whether it matches.

    Raises:
        ExchangeError: ``invalid_request``: an answer to nothing asked (``answer_unasked``), more than one
            where one was asked for (``answer_many``), a credential that does not match (``answer_mismatch``),
            or something required is missing (``answer_incomplete``).
    """
    in_sets = {name for one in query.sets for option in one.options for name in option}
    for name, credentials in shown.items():
        path = join("/vp_token", name)
        asked = query.find(name)
        if asked is None or (query.sets and name not in in_sets):
            raise _wrong("this was not asked for", code="answer_unasked", path=path)
        if not credentials or (len(credentials) > 1 and not asked.multiple):
            raise _wrong("exactly one credential was asked for", code="answer_many", path=path)
        for number, held in enumerate(credentials):
            if held is not None and not matches(asked, held):
                detail = "the credential is not what was asked for"
                raise _wrong(detail, code="answer_mismatch", path=join(path, number))
    if not _is_complete(query, set(shown)):
        detail = "the answer lacks something that was required"
        raise _wrong(detail, code="answer_incomplete", path="/vp_token")


def select_claim(document: JsonObject, path: Sequence[PathPart]) -> list[tuple[str, Any]]:
    """Return what a claims path pointer selects (§7.1.1), each as JSON Pointer and value.

    Nothing where processing ends in an error.
    """
    selected: list[tuple[str, Any]] = [("", document)]
    for part in path:
        following: list[tuple[str, Any]] = []
        for place, element in selected:
            if isinstance(part, str):
                if not isinstance(element, dict):
                    return []
                following.extend([(join(place, part), element[part])] if part in element else [])
            elif not isinstance(element, list):
                return []
            else:
                items = [(join(place, n), item) for n, item in enumerate(element) if item is not HIDDEN]
                following.extend(items if part is None else items[part : part + 1])
        selected = following
    return selected


def _wanted(query: CredentialQuery, document: JsonObject) -> tuple[ClaimQuery, ...] | None:
    """Return the claims that are asked for, of several sets the first that is there; None where none is."""
    known = {claim.id: claim for claim in query.claims}
    options = [tuple(known[name] for name in one) for one in query.claim_sets] or [query.claims]
    return next((one for one in options if all(any(_places(claim, document)) for claim in one)), None)


def _places(claim: ClaimQuery, document: JsonObject) -> Iterator[str]:
    for place, found in select_claim(document, claim.path):
        # Types are compared too: to Python, true equals 1 and 1.0.
        if claim.values is None or any(type(found) is type(one) and found == one for one in claim.values):
            yield place


def _first_met(
    options: tuple[tuple[str, ...], ...], found: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...] | None:
    return next((option for option in options if all(found[name] for name in option)), None)


def _is_complete(query: Query, names: set[str]) -> bool:
    if not query.sets:
        return names == {one.id for one in query.credentials}
    required = (one.options for one in query.sets if one.required)
    met = all(any(names.issuperset(option) for option in options) for options in required)
    return bool(names) and met


def _wrong(detail: str, *, code: str, path: str) -> ExchangeError:
    return ExchangeError(detail, oauth="invalid_request", code=code, path=path)
