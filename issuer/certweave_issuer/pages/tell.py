"""What a certificate says, for people: the data as they were entered, under the labels of its form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from certweave_edge.i18n import Translator, mark
from certweave_issuer.pages.form_spec import GROUPS, Spec

_CODED: Final = frozenset({"code", "material"})


@dataclass(frozen=True, slots=True)
class Table:
    """A list of the certificate: sites, lines, shipments."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class Told:
    """One section of what a certificate says."""

    title: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def tell(specs: Sequence[Spec], data: Mapping[str, Any], words: Translator) -> list[Told]:
    """Return the sections of what data say; what is not said is left out."""
    first = Told("")
    sections = [first]
    for spec in specs:
        value = data.get(spec.member)
        if spec.member == "name" or value in (None, "", False, []):
            continue  # the name is the heading
        if spec.kind == "group" and isinstance(value, Mapping):
            section = Told(spec.label)
            for inner in spec.fields:
                _add(section, inner, value.get(inner.member), words)
            sections.append(section)
        else:
            _add(first, spec, value, words)
    return [section for section in sections if section.facts or section.tables]


def _add(section: Told, spec: Spec, value: Any, words: Translator) -> None:
    if value in (None, "", False, []):
        return
    if spec.kind == "list" and spec.fields[0].member and isinstance(value, list):
        rows = [row for row in value if isinstance(row, Mapping)]
        shown = [one for one in spec.fields if any(row.get(one.member) is not None for row in rows)]
        cells = tuple(tuple(_of_row(one, row, words) for one in shown) for row in rows)
        section.tables.append(Table(spec.label, tuple(one.label for one in shown), cells))
    elif spec.kind == "group" and isinstance(value, Mapping):
        for inner in spec.fields:
            _add(section, inner, value.get(inner.member), words)
    else:
        section.facts.append((spec.label, _cell(spec, value, words)))


def _of_row(spec: Spec, row: Mapping[str, Any], words: Translator) -> str:
    # A code is for programs; where the data bring the words for it, people get these.
    label = row.get("label")
    if spec.member in _CODED and isinstance(label, Mapping) and label:
        return words.text(label)
    return _cell(spec, row.get(spec.member), words)


def _cell(spec: Spec, value: Any, words: Translator) -> str:
    if value is None:
        return "–"
    if spec.kind in GROUPS:
        return _group(spec, value, words) if isinstance(value, Mapping) else str(value)
    if spec.kind in {"list", "checks"}:
        return _several(spec, value, words) if isinstance(value, list) else str(value)
    if spec.choices:
        return next((label for known, label in spec.choices if known == value), str(value))
    if spec.kind == "flag":
        return words.gettext(mark("Yes")) if value else words.gettext(mark("No"))
    return _plain(spec.kind, value, words)


def _plain(kind: str, value: Any, words: Translator) -> str:
    if kind == "date" and isinstance(value, str):
        try:
            return words.date(date.fromisoformat(value[:10]))
        except ValueError:
            return value
    if kind == "weight" and isinstance(value, Mapping):
        return words.quantity(value.get("value", 0), str(value.get("unit", "")))
    if kind == "languages" and isinstance(value, Mapping):
        return words.text(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return words.percent(value) if kind == "share" else words.number(value)
    return str(value)


def _group(spec: Spec, value: Mapping[str, Any], words: Translator) -> str:
    if spec.kind == "group":
        parts = ((one.label, value.get(one.member), one) for one in spec.fields)
        return "; ".join(f"{label}: {_cell(one, said, words)}" for label, said, one in parts if said)
    name = str(value.get("name") or value.get("id") or "–")
    batch = value.get("batch")
    return (
        name
        if not batch
        else words.gettext(mark("%(name)s, batch %(batch)s"))
        % {
            "name": name,
            "batch": batch,
        }
    )


def _several(spec: Spec, values: list[Any], words: Translator) -> str:
    if spec.kind == "checks":
        labels = dict(spec.choices)
        return ", ".join(labels.get(str(one), str(one)) for one in values)
    if not spec.fields[0].member:
        return ", ".join(_cell(spec.fields[0], one, words) for one in values)
    rows = (
        " ".join(_of_row(one, row, words) for one in spec.fields if row.get(one.member) is not None)
        for row in values
        if isinstance(row, Mapping)
    )
    return ", ".join(rows)
