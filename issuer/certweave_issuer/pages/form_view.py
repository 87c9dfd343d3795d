"""What the template of a form shows: fields with what was typed and the error where the eye is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from certweave.encoding.pointer import join
from certweave_edge.i18n import LANGUAGES, Translator, mark
from certweave_issuer.pages.form_spec import GROUPS, Spec, unit_words
from certweave_issuer.pages.form_values import KEPT, Tree, is_plain

_WIDGETS: Final = {"date": "date", "choice": "select", "checks": "checks", "flag": "flag", "weight": "weight"}
_MODES: Final = {"number": "decimal", "share": "decimal", "weight": "decimal", "count": "numeric"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field; ``place`` is the pointer of what it fills, ``name`` that under which it is sent."""

    place: str
    name: str
    widget: str
    label: str
    value: str = ""
    hint: str = ""
    example: str = ""
    unit: str = ""
    unit_name: str = ""
    mode: str = ""
    error: str = ""
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()
    ticked: frozenset[str] = frozenset()
    lang: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Fields that belong together."""

    name: str
    title: str
    nodes: tuple["Node", ...]
    error: str = ""
    required: bool = True
    widget: str = "section"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A list that can grow."""

    name: str
    title: str
    rows: tuple[Section, ...]
    error: str = ""
    required: bool = False
    widget: str = "rows"


Node = Field | Section | Rows


@dataclass(frozen=True, slots=True)
class Complaint:
    """One line of the summary above a form: where it leads, which field, what is wrong there."""

    place: str | None
    label: str
    sentence: str


@dataclass(frozen=True, slots=True)
class FormView:
    """A form as the template shows it."""

    nodes: tuple[Node, ...]
    complaints: tuple[Complaint, ...]


def show_form(
    specs: Sequence[Spec], tree: Tree, errors: Mapping[str | None, str], words: Translator
) -> FormView:
    """Return a form with what was typed; ``errors`` are sentences in the reader's language by pointer.

    An error below or beside a field goes to the nearest field above it; one without any goes to the summary.
    """
    names = dict(_names(specs, tree, "", words))
    placed: dict[str, str] = {}
    complaints: list[Complaint] = []
    for pointer, sentence in errors.items():
        place = _nearest(pointer, names)
        if place is not None:
            placed.setdefault(place, sentence)
        complaints.append(Complaint(place, names[place] if place is not None else "", sentence))
    maker = _Maker(placed, words)
    return FormView(maker.nodes(specs, tree, ""), tuple(complaints))


def _nearest(pointer: str | None, names: Mapping[str, str]) -> str | None:
    while pointer:
        if pointer in names:
            return pointer
        pointer = pointer.rpartition("/")[0]
    return None


def _names(specs: Sequence[Spec], tree: Tree, pointer: str, words: Translator) -> list[tuple[str, str]]:
    """Return the pointer and the label of everything in a form that can show an error."""
    found: list[tuple[str, str]] = []
    for spec in specs:
        place, value = join(pointer, spec.member), tree.get(spec.member)
        found.append((place, spec.label))
        if spec.kind in GROUPS:
            inner = _names(spec.fields, value or {}, place, words)
            found += [(name, f"{spec.label}: {label}") for name, label in inner]
        elif spec.kind == "list":
            for number, row in enumerate(value or []):
                title = f"{spec.label} {words.number(number + 1)}"
                if is_plain(spec):
                    found.append((join(place, number), title))
                    continue
                found.append((join(place, number), title))
                inner = _names(spec.fields, row, join(place, number), words)
                found += [(name, f"{title}: {label}") for name, label in inner]
    return found


class _Maker:
    def __init__(self, errors: Mapping[str, str], words: Translator) -> None:
        self._errors = errors
        self._words = words

    def nodes(self, specs: Sequence[Spec], tree: Tree, pointer: str) -> tuple[Node, ...]:
        """Return what stands for the fields of one level."""
        made = [self._node(spec, tree.get(spec.member), join(pointer, spec.member)) for spec in specs]
        if tree.get(KEPT):
            name = join(pointer, KEPT)
            made.append(Field(place=name, name=name, widget="hidden", label="", value=tree[KEPT]))
        return tuple(node for node in made if node is not None)

    def _node(self, spec: Spec, value: Any, name: str) -> Node | None:
        error = self._errors.get(name, "")
        if spec.kind == "ordinal":
            return None
        if spec.kind == "list":
            rows = tuple(self._row(spec, row, join(name, n), n) for n, row in enumerate(value or [""]))
            return Rows(name=name, title=spec.label, rows=rows, error=error, required=spec.required)
        if spec.kind in GROUPS:
            inner = self.nodes(spec.fields, value or {}, name)
            return Section(name=name, title=spec.label, nodes=inner, error=error, required=spec.required)
        if spec.kind == "languages":
            texts = value or {}
            inner = tuple(self._text(name, lang, own, texts.get(lang, "")) for lang, own in LANGUAGES.items())
            return Section(name=name, title=spec.label, nodes=inner, error=error, required=spec.required)
        return self._field(spec, value, name)

    def _row(self, spec: Spec, row: Any, name: str, number: int) -> Section:
        title = self._words.number(number + 1)
        if is_plain(spec):
            field = self._field(spec.fields[0], row, name)
            return Section(name=name, title=title, nodes=(field,))
        inner = self.nodes(spec.fields, row or {}, name)
        return Section(name=name, title=title, nodes=inner, error=self._errors.get(name, ""))

    def _text(self, name: str, lang: str, own: str, value: str) -> Field:
        own_name = join(name, lang)
        return Field(place=own_name, name=own_name, widget="text", label=own, value=value, lang=lang)

    def _field(self, spec: Spec, value: Any, name: str) -> Field:
        weight = spec.kind == "weight"
        amount = (value or {}).get("value", "") if weight else value
        unit = (value or {}).get("unit", "") if weight else ""
        own = join(name, "value") if weight else name
        options = tuple((one, unit_words(one)) for one in spec.units) if weight else spec.choices
        if spec.kind == "choice":
            options = (("", self._words.gettext(mark("Choose…"))), *options)
        return Field(
            place=name,
            name=own,
            widget=_WIDGETS.get(spec.kind, "text"),
            label=spec.label,
            value="" if isinstance(amount, list) else amount or "",
            hint=spec.hint,
            example=spec.example,
            unit=unit if weight else {"share": "%"}.get(spec.kind, ""),
            unit_name=join(name, "unit") if weight else "",
            mode=_MODES.get(spec.kind, ""),
            error=self._errors.get(name, ""),
            required=spec.required,
            options=options,
            ticked=frozenset(value) if isinstance(value, list) else frozenset(),
        )
