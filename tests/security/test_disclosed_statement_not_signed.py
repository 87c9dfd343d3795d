"""Showing what nobody signed: a value changed, added, moved to another node, or of another credential."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from tests.support.disclosing import SUITES, crew, derive, examine, secure

from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import Verdict

SHOWN = ("/credentialSubject/boats", "/credentialSubject/ports", "/credentialSubject/names")
Spoil = Callable[[JsonObject], Any]

SPOILT: dict[str, Spoil] = {
    "a value changed": lambda subject: subject["boats"][0].update(colour="gold"),
    "a value added": lambda subject: subject.update(name="The crew"),
    "a value removed": lambda subject: subject["boats"][0].pop("colour"),
    "a value moved to another node": lambda subject: subject["boats"][2].update(
        colour=subject["boats"][0].pop("colour")
    ),
    "two values swapped": lambda subject: (
        subject["boats"][0].update(colour="blue"),
        subject["boats"][1].update(colour="red"),
    ),
    "a node added": lambda subject: subject["boats"].append({"sail": "Venus303"}),
    "a node removed": lambda subject: subject["boats"].pop(),
    "a list in another order": lambda subject: subject["ports"].append(subject["ports"].pop(0)),
    "a list cut short": lambda subject: subject["ports"].pop(),
    "a language changed": lambda subject: subject["names"].update(fr=subject["names"].pop("de")),
    "a node given a name": lambda subject: subject.update(id="did:example:captain"),
    "a type added": lambda subject: subject["type"].append("Boat"),
}


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("case", SPOILT)
def test_it_is_invalid(suite: str, case: str) -> None:
    derived = copy.deepcopy(derive(suite, *SHOWN))
    assert examine(derived).verdict is Verdict.VALID
    SPOILT[case](derived["credentialSubject"])
    assert examine(derived).verdict is Verdict.INVALID


@pytest.mark.parametrize("suite", SUITES)
def test_the_order_of_a_set_means_nothing(suite: str) -> None:
    derived = copy.deepcopy(derive(suite, *SHOWN))
    derived["credentialSubject"]["boats"].reverse()
    assert examine(derived).verdict is Verdict.VALID


@pytest.mark.parametrize("suite", SUITES)
def test_a_statement_of_another_credential_of_the_same_issuer_is_no_statement_of_this(suite: str) -> None:
    mine = derive(suite, "/credentialSubject/name")
    other = crew(suite)
    other["credentialSubject"]["name"] = "The admirals"
    theirs = derive(suite, "/credentialSubject/name", secured=secure(suite, other))
    assert examine({**mine, "credentialSubject": theirs["credentialSubject"]}).verdict is Verdict.INVALID
    assert examine({**mine, "proof": theirs["proof"]}).verdict is Verdict.INVALID


@pytest.mark.parametrize("suite", SUITES)
def test_a_term_given_another_meaning_is_found_out(suite: str) -> None:
    """The options are hashed under the document's context, and its statements are those that it gives."""
    derived = copy.deepcopy(derive(suite, "/credentialSubject/boats/0"))
    terms = derived["@context"][1]
    derived["@context"][1] = {**terms, "colour": terms["sail"], "sail": terms["colour"]}
    assert examine(derived).verdict is Verdict.INVALID
