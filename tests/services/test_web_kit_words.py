"""Every text of every package has its German and its Arabic, with the same placeholders."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from certweave_edge.i18n import Languages

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = [path.parent for path in sorted(ROOT.glob("*/certweave_*/templates"))]
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def texts(package: Path) -> Iterator[tuple[str, ...]]:
    """Yield each text of a package; two for one that has a plural."""
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "mark": None}
    for _, _, message, _, _ in extract_from_dir(package, METHODS, keywords=keywords):
        yield message if isinstance(message, tuple) else (message,)


def translations(package: Path, lang: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in {"certweave_edge", package.name}:
        for source in ROOT.glob(f"*/{name}/locales/{lang}/LC_MESSAGES/*.po"):
            with source.open("rb") as stream:
                for message in read_po(stream, locale=lang):
                    ids = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
                    said = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
                    found[ids[0]] = () if message.fuzzy else tuple(str(text) for text in said)
    return found


@pytest.mark.parametrize("lang", ["de", "ar"])
@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_each_text_is_translated(package: Path, lang: str) -> None:
    known = translations(package, lang)
    missing = [text[0] for text in texts(package) if not known.get(text[0]) or not all(known[text[0]])]
    assert not missing, f"{package.name} lacks {lang} for {missing}"


@pytest.mark.parametrize("lang", ["de", "ar"])
@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_placeholders_are_kept(package: Path, lang: str) -> None:
    for text, said in translations(package, lang).items():
        if len(said) == 1:
            assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(said[0])), text


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (1, "1 second"),
        (49, "49 seconds"),
        (50, "1 minute"),
        (61, "2 minutes"),
        (899, "15 minutes"),
        (3000, "1 hour"),
        (3601, "2 hours"),
        (97_201, "28 hours"),
    ],
)
def test_a_wait_is_rounded_up(seconds: int, told: str) -> None:
    assert Languages(["certweave_edge"]).get("en").waiting(seconds) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("good as of 2026-11-27T13:57:50Z", "good as of 27 November 2026, 13:57 UTC"),
        (
            "from 2026-09-27T00:00:00Z; until 2027-03-01",
            "from 27 September 2026, 00:00 UTC; until 1 March 2027",
        ),
        ("lot 2026-13-45", "lot 2026-13-45"),
        ("https://mill.example/2026-01-02-x", "https://mill.example/2026-01-02-x"),
        ("key-2026-01-02", "key-2026-01-02"),
    ],
)
def test_days_inside_a_text_are_written_for_people(text: str, told: str) -> None:
    assert Languages(["certweave_edge"]).get("en").dated(text) == told


def test_days_inside_an_english_text_stay_english_for_every_reader() -> None:
    arabic = Languages(["certweave_edge"]).get("ar")
    assert arabic.dated("good as of 2026-11-27T13:57:50Z", "en") == "good as of 27 November 2026, 13:57 UTC"
    assert "نوفمبر" in arabic.dated("2026-11-27")
