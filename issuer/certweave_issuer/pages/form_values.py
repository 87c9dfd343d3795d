"""What was typed into a form: read from the request, turned into the data of a certificate, and back.

Between the two stands a tree of texts with the shape of the data. Nothing in it is judged until ``parse``, so
that a half-filled form is shown again exactly as it was typed.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from certweave.canon.jcs import canonicalize
from certweave.credential.uri import is_absolute_uri
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError
from certweave.limits import DEFAULT_LIMITS
from certweave_edge.i18n import LANGUAGES, mark
from certweave_issuer.pages.form_spec import GROUPS, TYPES, Spec

Tree = dict[str, Any]
Posted = Mapping[str, Sequence[str]]

MOST_ROWS: Final = 200
KEPT: Final = "+"
"""Member of a tree that holds, as JSON, what the data say beyond the form."""
MISSING: Final = mark("Fill this in.")
NO_ROW: Final = mark("Fill in at least one row.")
NO_TICK: Final = mark("Tick at least one.")
NO_NUMBER: Final = mark("This is no number. Write digits with a point for the decimals: 980.5")
NO_COUNT: Final = mark("This is no whole number above zero.")
NO_SHARE: Final = mark("This is no percentage from 0 to 100.")
NO_DATE: Final = mark("This is no date. Write it as year-month-day: 2026-03-31")
NO_URI: Final = mark("This is no DID or web address in full. It begins with did: or https://")
NO_CHOICE: Final = mark("Choose one of the list.")
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,3}", re.ASCII)
_DECIMAL: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?", re.ASCII)


def collect(specs: Sequence[Spec], posted: Posted, pointer: str = "") -> Tree:
    """Return the tree of what was typed."""
    tree = {spec.member: _collect(spec, posted, join(pointer, spec.member)) for spec in specs}
    kept = _last(posted, join(pointer, KEPT))
    return {**tree, KEPT: kept} if kept else tree


def _collect(spec: Spec, posted: Posted, pointer: str) -> Any:
    match spec.kind:
        case kind if kind in GROUPS:
            return collect(spec.fields, posted, pointer)
        case "list":
            return [_collect_row(spec, posted, join(pointer, row)) for row in _rows(posted, pointer)]
        case "checks":
            return list(posted.get(pointer, ()))
        case "weight":
            return {name: _last(posted, join(pointer, name)) for name in ("value", "unit")}
        case "languages":
            return {lang: _last(posted, join(pointer, lang)) for lang in LANGUAGES}
        case _:
            return _last(posted, pointer)


def _collect_row(spec: Spec, posted: Posted, pointer: str) -> Any:
    return _last(posted, pointer) if is_plain(spec) else collect(spec.fields, posted, pointer)


def _rows(posted: Posted, pointer: str) -> list[int]:
    start = pointer + "/"
    found = {name[len(start) :].partition("/")[0] for name in posted if name.startswith(start)}
    return sorted(int(text) for text in found if _INDEX.fullmatch(text))[:MOST_ROWS]


def _last(posted: Posted, name: str) -> str:
    values = posted.get(name, ())
    return values[-1].strip() if values else ""


def is_plain(spec: Spec) -> bool:
    """Return whether the rows of a list are single values without a member name."""
    return len(spec.fields) == 1 and not spec.fields[0].member


def is_blank(spec: Spec, value: Any) -> bool:
    """Return whether nothing was typed; a unit alone is nothing."""
    if spec.kind in GROUPS:
        return all(is_blank(one, value.get(one.member, "")) for one in spec.fields) if value else True
    if spec.kind == "weight":
        return not value or not value.get("value")
    if spec.kind == "ordinal":
        return True
    if spec.kind == "languages":
        return not any(value.values()) if value else True
    return not value


def _row_is_blank(spec: Spec, row: Any) -> bool:
    if is_plain(spec):
        return not row
    return all(is_blank(one, row.get(one.member, "")) for one in spec.fields)


def without_blank_rows(specs: Sequence[Spec], tree: Tree) -> Tree:
    """Return the tree without the rows in which nothing was typed."""
    kept: Tree = {KEPT: tree[KEPT]} if KEPT in tree else {}
    for spec in specs:
        value = tree.get(spec.member, "")
        if spec.kind in GROUPS:
            value = without_blank_rows(spec.fields, value)
        elif spec.kind == "list":
            rows = [row for row in value if not _row_is_blank(spec, row)]
            value = rows if is_plain(spec) else [without_blank_rows(spec.fields, row) for row in rows]
        kept[spec.member] = value
    return kept


def parse(specs: Sequence[Spec], tree: Tree) -> tuple[JsonObject, dict[str, str]]:
    """Return the data, and by the pointer of a field what is wrong there, in English."""
    errors: dict[str, str] = {}
    return _parse_members(specs, tree, "", errors), errors


def _parse_members(specs: Sequence[Spec], tree: Tree, pointer: str, errors: dict[str, str]) -> JsonObject:
    data = _kept(tree)
    for spec in specs:
        value = _parse(spec, tree.get(spec.member), join(pointer, spec.member), errors)
        if value is not None:
            data[spec.member] = value
    return data


def _kept(tree: Tree) -> JsonObject:
    try:
        return parse_object(tree[KEPT], limits=DEFAULT_LIMITS) if tree.get(KEPT) else {}
    except CertweaveError:
        # Nobody types it; what a program spoiled on the way is not worth the rest of the form.
        return {}


def _parse(spec: Spec, value: Any, pointer: str, errors: dict[str, str]) -> Any:
    if spec.kind == "flag":
        return True if value else None
    if is_blank(spec, value) and spec.kind != "ordinal" and not (spec.required and spec.kind in GROUPS):
        if spec.required:
            errors[pointer] = {"list": NO_ROW, "checks": NO_TICK}.get(spec.kind, MISSING)
        return None
    if spec.kind in GROUPS:
        known = TYPES.get(spec.kind)
        data = _parse_members(spec.fields, value or {}, pointer, errors)
        return data if known is None else {"type": known, **data}
    if spec.kind == "list":
        return _parse_list(spec, value, pointer, errors)
    if spec.kind == "weight":
        return _parse_weight(spec, value, pointer, errors)
    if spec.kind == "languages":
        return {lang: text for lang, text in value.items() if text}
    if spec.kind == "checks":
        return _parse_checks(spec, value, pointer, errors)
    return _parse_text(spec, value, pointer, errors)


def _parse_checks(spec: Spec, value: list[str], pointer: str, errors: dict[str, str]) -> list[str]:
    known = [one for one, _ in spec.choices if one in value]
    if not known:
        errors[pointer] = NO_TICK
    return known


def _parse_list(spec: Spec, rows: list[Any], pointer: str, errors: dict[str, str]) -> list[Any]:
    found: list[Any] = []
    for number, row in enumerate(rows):
        place = join(pointer, number)
        if is_plain(spec):
            found.append(_parse(spec.fields[0], row, place, errors))
            continue
        item = _parse_members(spec.fields, row, place, errors)
        item |= {one.member: number + 1 for one in spec.fields if one.kind == "ordinal"}
        found.append(item)
    return found


def _parse_weight(spec: Spec, value: Tree, pointer: str, errors: dict[str, str]) -> JsonObject:
    unit = value.get("unit")
    if unit not in spec.units:
        errors[pointer] = NO_CHOICE
    amount = _number(value["value"])
    if amount is None or amount <= 0:
        errors[join(pointer, "value")] = NO_NUMBER
    return {"value": amount, "unit": unit}


def _parse_text(spec: Spec, text: str, pointer: str, errors: dict[str, str]) -> Any:
    match spec.kind:
        case "number":
            amount = _number(text)
            return _wrong(NO_NUMBER, pointer, errors) if amount is None else amount
        case "share":
            share = _share(text)
            return _wrong(NO_SHARE, pointer, errors) if share is None else share
        case "count":
            whole = re.fullmatch(r"[0-9]{1,9}", text, re.ASCII)
            return int(text) if whole and int(text) else _wrong(NO_COUNT, pointer, errors)
        case "date":
            return text if _is_day(text) else _wrong(NO_DATE, pointer, errors)
        case "uri":
            return text if is_absolute_uri(text) else _wrong(NO_URI, pointer, errors)
        case "choice":
            known = any(text == value for value, _ in spec.choices)
            return text if known else _wrong(NO_CHOICE, pointer, errors)
        case "ordinal":
            return None
        case _:
            return text


def _wrong(sentence: str, pointer: str, errors: dict[str, str]) -> None:
    errors[pointer] = sentence


def _number(text: str) -> int | float | None:
    """Read digits with a point; a comma would be a thousand to some and a decimal to others."""
    if _DECIMAL.fullmatch(text) is None:
        return None
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else float(value)


def _share(text: str) -> int | float | None:
    if _DECIMAL.fullmatch(text) is None:
        return None
    value = Decimal(text) / 100
    if not 0 <= value <= 1:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def spread(specs: Sequence[Spec], data: Mapping[str, Any]) -> Tree:
    """Return the tree that would have been typed for data, to correct or renew a certificate."""
    tree: Tree = {spec.member: _spread(spec, data.get(spec.member)) for spec in specs}
    more = {name: value for name, value in data.items() if name not in tree}
    return {**tree, KEPT: canonicalize(more).decode()} if more else tree


def _spread(spec: Spec, value: Any) -> Any:
    if spec.kind in GROUPS:
        return spread(spec.fields, value if isinstance(value, Mapping) else {})
    if spec.kind == "list":
        rows = value if isinstance(value, list) else []
        if is_plain(spec):
            return [_spread(spec.fields[0], row) for row in rows]
        return [spread(spec.fields, row) for row in rows if isinstance(row, Mapping)]
    if spec.kind == "checks":
        return [str(one) for one in value] if isinstance(value, list) else []
    if spec.kind in {"weight", "languages"}:
        return {name: _typed(one) for name, one in value.items()} if isinstance(value, Mapping) else {}
    if spec.kind == "flag":
        return "yes" if value is True else ""
    if value is None:
        return ""
    if spec.kind == "share":
        return _percentage(value)
    return str(value)[:10] if spec.kind == "date" else _typed(value)


def _typed(value: Any) -> str:
    """Return a value as people type it: a number without an exponent."""
    return format(Decimal(str(value)), "f") if isinstance(value, float) else str(value)


def _percentage(value: Any) -> str:
    try:
        return format((Decimal(str(value)) * 100).normalize(), "f")
    except InvalidOperation:
        return ""


def add_row(specs: Sequence[Spec], tree: Tree, pointer: str) -> None:
    """Add an empty row to the list at a pointer; a pointer to anything else changes nothing."""
    found = _find_list(specs, tree, pointer)
    if found is not None:
        spec, rows = found
        if len(rows) < MOST_ROWS:
            rows.append("" if is_plain(spec) else empty_tree(spec.fields))


def remove_row(specs: Sequence[Spec], tree: Tree, pointer: str) -> None:
    """Remove the row at a pointer; a pointer to anything else changes nothing."""
    above, _, index = pointer.rpartition("/")
    found = _find_list(specs, tree, above)
    if found is not None and _INDEX.fullmatch(index) and int(index) < len(found[1]):
        del found[1][int(index)]


def empty_tree(specs: Sequence[Spec]) -> Tree:
    """Return the tree of a form in which nothing was typed."""
    return collect(specs, {})


def _find_list(specs: Sequence[Spec], tree: Any, pointer: str) -> tuple[Spec, list[Any]] | None:
    head, _, rest = pointer.removeprefix("/").partition("/")
    spec = next((one for one in specs if one.member == head), None)
    if spec is None or not isinstance(tree, dict):
        return None
    value = tree.get(head)
    if spec.kind in GROUPS:
        return _find_list(spec.fields, value, "/" + rest)
    if spec.kind != "list" or not isinstance(value, list):
        return None
    if not rest:
        return spec, value
    index, _, below = rest.partition("/")
    if is_plain(spec) or not _INDEX.fullmatch(index) or int(index) >= len(value):
        return None
    return _find_list(spec.fields, value[int(index)], "/" + below)
