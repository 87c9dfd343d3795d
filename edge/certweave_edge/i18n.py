"""Languages: gettext catalogues read from ``.po`` files at start, dates, numbers and units by CLDR (Babel).

A language is chosen by ``?lang=`` and else by Accept-Language; no cookie remembers it. Catalogues lie in
``locales/{lang}/LC_MESSAGES/messages.po`` of each package and are merged. ``pybabel extract -F babel.cfg``
finds the texts.
"""

import gettext
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from math import ceil, inf
from typing import Final, Literal

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.units import UnknownUnitError, format_unit
from starlette.requests import HTTPConnection

LANGUAGES: Final = {"en": "English", "de": "Deutsch", "ar": "العربية"}
"""Our languages, the first being what the templates are written in."""
DEFAULT: Final = "en"

_UNITS: Final = {
    "KGM": "mass-kilogram",
    "GRM": "mass-gram",
    "TNE": "mass-metric-ton",
    "LTR": "volume-liter",
    "MTQ": "volume-cubic-meter",
    "MTR": "length-meter",
    "CMT": "length-centimeter",
    "KMT": "length-kilometer",
    "MTK": "area-square-meter",
    "HAR": "area-hectare",
    "KWH": "energy-kilowatt-hour",
    "CEL": "temperature-celsius",
}
"""UN/CEFACT Recommendation 20 codes, which UNTP measures use, to CLDR units."""


_COUNTS: Final = frozenset({"C62", "H87", "NMP"})
"""Codes of what is counted in pieces."""

_NUMBER: Final = "#,##0.#########"
"""A certified weight is shown as it is; CLDR's own pattern would round it to three places."""

_WAITS: Final[tuple[tuple[int, int, Literal["hour", "minute", "second"]], ...]] = (
    (3000, 3600, "hour"),
    (50, 60, "minute"),
    (0, 1, "second"),
)
"""From how many seconds a wait is written in which unit, and how long that is."""
_MOMENT: Final = re.compile(r"(?<![\w/.:-])\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)?(?![\w/:-]|\.\w)")
"""A day, or a moment in UTC, as our reports and UNTP documents write them."""


def mark(text: str) -> str:
    """Mark a text for extraction where it stands, to be translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Translator:
    """One language: its words, and how it writes dates, numbers and units."""

    lang: str
    catalogue: gettext.NullTranslations
    locale: Locale

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``, for the ``dir`` attribute."""
        return self.locale.text_direction

    def gettext(self, text: str) -> str:
        """Translate a text; one without translation stays as it is."""
        return self.catalogue.gettext(text) if text else ""

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Translate a text that depends on a number."""
        return self.catalogue.ngettext(one, many, count)

    def date(self, value: date | datetime) -> str:
        """Write a day in words, such as 12 March 2026; a moment counts as its day in UTC."""
        pattern = "d MMMM y" if self.lang == "en" else "long"
        return format_date(value, pattern, self.locale)

    def moment(self, value: datetime) -> str:
        """Write a moment in UTC, and say so."""
        pattern = "d MMMM y, HH:mm" if self.lang == "en" else "long"
        if pattern == "long":
            time = f"{format_datetime(value, 'HH:mm', locale=self.locale)} UTC"
            # After Arabic letters a time reads backwards, unless it stands apart.
            return (
                f"{self.date(value)}، \u2066{time}\u2069"
                if self.lang == "ar"
                else f"{self.date(value)}, {time}"
            )
        return format_datetime(value, pattern, locale=self.locale) + " UTC"

    def dated(self, text: str, lang: str = "") -> str:
        """Write the days and moments inside a text as people do; what only looks like one stays.

        ``lang`` is the language of the text, where that is not the reader's.
        """
        speaker = Translator(lang, self.catalogue, Locale.parse(lang)) if lang else self

        def written(found: re.Match[str]) -> str:
            try:
                value = datetime.fromisoformat(found[0])
            except ValueError:
                return found[0]
            return speaker.moment(value) if found[1] else speaker.date(value)

        return _MOMENT.sub(written, text)

    def waiting(self, seconds: int) -> str:
        """Write how long to wait, such as "3 minutes"; rounded up, so that nobody comes back too early."""
        size, unit = next((size, unit) for least, size, unit in _WAITS if seconds >= least)
        return format_timedelta(ceil(seconds / size) * size, unit, threshold=inf, locale=self.locale)

    def number(self, value: float | Decimal) -> str:
        """Write a number."""
        return format_decimal(value, locale=self.locale, decimal_quantization=False)

    def percent(self, share: float | Decimal) -> str:
        """Write a share of one as a percentage."""
        pattern = "#,##0 %" if self.lang == "en" else None
        return format_percent(share, pattern, self.locale, decimal_quantization=False)

    def quantity(self, value: float | Decimal, unit: str) -> str:
        """Write a measure; ``unit`` is a UN/CEFACT code, and one we do not know is written as it is."""
        if unit == "P1":
            return self.percent(Decimal(str(value)) / 100)
        if unit in _COUNTS:
            return f"{self.number(value)} ×"
        try:
            return format_unit(value, _UNITS.get(unit, unit), "short", _NUMBER, self.locale)
        except UnknownUnitError:
            return f"{self.number(value)} {unit}"

    def text(self, value: str | Mapping[str, str]) -> str:
        """Choose from a language map: this language, else English, else the first there is."""
        if isinstance(value, str):
            return value
        return value.get(self.lang) or value.get(DEFAULT) or next(iter(value.values()), "")


class Languages:
    """All catalogues of the given packages, merged; a later package wins."""

    def __init__(self, packages: Iterable[str]) -> None:
        names = tuple(packages)
        self._translators = {
            lang: Translator(lang, _load(lang, names), Locale.parse(lang)) for lang in LANGUAGES
        }

    def get(self, lang: str) -> Translator:
        """Return the translator of a language, English for one we lack."""
        return self._translators.get(lang, self._translators[DEFAULT])

    def choose(self, request: HTTPConnection) -> Translator:
        """Return the translator that a request asks for."""
        asked = request.query_params.get("lang")
        if asked in LANGUAGES:
            return self.get(asked)
        return self.get(_accepted(request.headers.get("accept-language", "")))


def _accepted(header: str) -> str:
    best, weight = DEFAULT, 0.0
    for part in header.split(","):
        tag, _, parameter = part.strip().partition(";")
        name, _, text = parameter.strip().partition("=")
        lang, _, _ = tag.strip().lower().partition("-")
        try:
            value = float(text) if name.strip() == "q" else 1.0
        except ValueError:
            continue
        if lang in LANGUAGES and value > weight:
            best, weight = lang, value
    return best


@cache  # the words of a program stay as they are; each of its services asks for them
def _load(lang: str, packages: tuple[str, ...]) -> gettext.NullTranslations:
    merged: gettext.NullTranslations = gettext.NullTranslations()
    for package in packages:
        folder = files(package).joinpath("locales", lang, "LC_MESSAGES")
        # A large package may keep the words of one part in a file of their own.
        sources = [item for item in folder.iterdir() if item.name.endswith(".po")] if folder.is_dir() else []
        for source in sorted(sources, key=lambda item: item.name):
            compiled = io.BytesIO()
            write_mo(compiled, read_po(io.BytesIO(source.read_bytes()), locale=lang))
            compiled.seek(0)
            catalogue = gettext.GNUTranslations(compiled)
            catalogue.add_fallback(merged)
            merged = catalogue
    return merged
