"""Findings in the reader's language: what is recognised, what stays English, and what the core still says."""

import ast
import re
from pathlib import Path

import pytest

from certweave_edge.i18n import Languages
from certweave_edge.told import SENTENCES, tell

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = Languages(["certweave_edge"])
BDI = '<bdi lang="">{}</bdi>'


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ("the signature matches", "die Signatur passt"),
        ("There is no such address here.", "Diese Adresse gibt es hier nicht."),
        ("good as of 2026-11-27T13:57:50Z", f"gültig, Stand {BDI.format('27. November 2026, 13:57 UTC')}"),
        (
            "2 versions of the issuer's identity, unbroken",
            f"{BDI.format(2)} Fassungen der Identität des Ausstellers, lückenlos",
        ),
        ("a credential as a signed token (JWT)", "ein Zertifikat als signiertes Token (JWT)"),
        (
            "the issuer has accreditation by AAB; approval by O & F",
            f"der Aussteller hat die Akkreditierung von {BDI.format('AAB')}; "
            f"die Zulassung von {BDI.format('O &amp; F')}",
        ),
        (
            "the issuer has approval by Wool; Linen",
            f"der Aussteller hat die Zulassung von {BDI.format('Wool; Linen')}",
        ),
        (
            "the issuer's status list could not be had from https://a.example/1: no complete answer in time",
            f"die Statusliste des Ausstellers war von {BDI.format('https://a.example/1')} nicht zu bekommen: "
            "keine vollständige Antwort in der Zeit",
        ),
        (
            "the status list does not hold: a rule of tomorrow",
            'die Statusliste hält nicht stand: <span lang="en" dir="auto">a rule of tomorrow</span>',
        ),
        ("a <b>new</b> rule", '<span lang="en" dir="auto">a &lt;b&gt;new&lt;/b&gt; rule</span>'),
        ("did:web:mill.example#key-1", BDI.format("did:web:mill.example#key-1")),
        ("made for <i>, not for x", f"gemacht für {BDI.format('&lt;i&gt;')}, nicht für {BDI.format('x')}"),
        ("it ended on " + "x" * 2000, f'<span lang="en" dir="auto">it ended on {"x" * 2000}</span>'),
    ],
)
def test_a_finding_is_told_in_german(detail: str, told: str) -> None:
    assert tell(LANGUAGES.get("de"), detail) == told


def test_an_english_reader_gets_the_finding_as_it_is() -> None:
    assert tell(LANGUAGES.get("en"), "from 2026-01-02 & on") == "from 2 January 2026 &amp; on"


def test_a_sentence_of_ours_inside_of_a_name_stays_a_name() -> None:
    told = tell(LANGUAGES.get("ar"), "approval by the signature matches")
    assert BDI.format("the signature matches") in told


def _said() -> frozenset[str]:
    """Return every text of the code that finds something, cut where it puts a value in."""
    found: set[str] = set()
    for path in [*ROOT.glob("core/certweave/**/*.py"), *ROOT.glob("*/certweave_*/**/*.py")]:
        if path.name != "told.py":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.add(node.value)
    return frozenset(found)


SAID = _said()


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_code_still_says_so(sentence: str) -> None:
    pieces = [piece for piece in re.split(r"%\(\w+\)s", sentence) if piece.strip(" ;:,.")]
    assert [piece for piece in pieces if not _is_said(piece)] == []


def _is_said(piece: str, most: int = 4) -> bool:
    """Tell whether the code has a text, or a few that make it up: "a ", "credential", " with its proof"."""
    if any(piece in text for text in SAID if len(text) < 400):
        return True
    starts = [text for text in SAID if 0 < len(text) < len(piece) and piece.startswith(text)]
    return most > 1 and any(_is_said(piece[len(text) :], most - 1) for text in starts)
