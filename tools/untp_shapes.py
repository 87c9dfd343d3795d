"""Writes down the shapes of the models of UNTP and of our extension, so that nobody need load them to ask.

Run from the root of the project after a change to the models: ``python -m tools.untp_shapes``. A test fails
where the table and the models differ. What the table has no words for is an error here, never left out.
"""

import textwrap
import types
import typing
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Union

from pydantic import Field
from pydantic.fields import FieldInfo

from certweave.credential import extension_values as ours
from certweave.credential.extension_parts import PARTS, Code, ExtensionPart
from certweave.credential.extension_rules import RULES
from certweave.credential.untp import base, values
from certweave.credential.untp.base import UntpModel, to_camel
from certweave.credential.untp.credentials import CREDENTIALS
from certweave.credential.untp.events import EVENTS, LifecycleEvent
from certweave.credential.untp.names import UNTP
from certweave.credential.untp.term import Term

FILE: Final = Path("core/certweave/credential/untp/shape_table.py")
LEFT_OUT: Final = frozenset({"DigitalTraceabilityEvent"})
"""Its subject is one of several classes, and a list that may not be empty: for the models to say."""
_NAMED: Final = {
    "text": base.Text,
    "name": base.Name,
    "schemaText": base.SchemaText,
    "uri": base.Uri,
    "day": base.Day,
    "moment": base.Moment,
    "number": base.Number,
    "fraction": base.Fraction,
    "whole": base.Whole,
    "flag": base.Flag,
    "picture": base.Picture,
    "mediaType": base.MediaType,
    "digest": base.Digest,
    "country": base.CountryCode,
    "unit": base.Unit,
    "string": str,
    "latitude": values.Latitude,
    "longitude": values.Longitude,
    "index": values.StatusIndex,
    "positive": ours.Positive,
    "notNegative": ours.NotNegative,
    "share": ours.Share,
    "loss": ours.Loss,
    "count": ours.Count,
    "tally": ours.Tally,
    "filled": ours.Filled,
    "reference": ours.Reference,
    "region": ours.Region,
    "languages": ours.LanguageMap,
}
_RULES: Final = {
    "_names_its_class": "entity",
    "_measure_needs_its_metric": "measured",
    "_keeps_its_rule": "ruled",
}
"""Rules of models over several members, and the word by which the table knows them."""
_NOT_EMPTY: Final = repr(Field(min_length=1).metadata)
_START: Final = '''"""The shapes of UNTP 0.7.0 and our extension, as ``python -m tools.untp_shapes`` has them.

https://untp.unece.org/docs/0.7.0/specification/. First the codes of each code list that is closed. Then the
classes: name, the name by which UNTP knows it (of a part of our extension, the member that holds it), what it
is; after the colon its members and what stands there: ``*`` a list of it, ``+`` one that is not empty, ``!``
where it may not be missing.
"""

TABLE = """\\
'''


def write_table() -> str:
    """Return the module with the table, from the models."""
    todo: list[type[UntpModel]] = [LifecycleEvent, *EVENTS.values(), *PARTS.values()]
    todo += [CREDENTIALS[name] for name in CREDENTIALS if name not in LEFT_OUT]
    lines: dict[str, str] = {}
    while todo:
        model = todo.pop()
        if model.__name__ not in lines:
            lines[model.__name__] = _line(model, todo, lines)
    return _START + "\n".join(_wrap(lines[name]) for name in sorted(lines)) + '\n"""\n'


def _wrap(line: str) -> str:
    return textwrap.fill(line, 108, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _line(model: type[UntpModel], todo: list[type[UntpModel]], lines: dict[str, str]) -> str:
    words: list[str] = [model.shape] if model.shape != "entity" else []
    words += [word for word in ("free", "own_vocabulary") if getattr(model, word)]
    words += [_RULES[name] for name in model.__pydantic_decorators__.model_validators]
    if "ruled" in words and model.__name__ not in RULES:
        words.remove("ruled")
    known_as = model.class_name()
    if issubclass(model, ExtensionPart):
        words, known_as = [*words, "part"], model.member
    hints = typing.get_type_hints(model, include_extras=True)
    members = [
        f"{field.alias or to_camel(name)}={_member(field, hints[name], todo, lines)}"
        for name, field in model.model_fields.items()
        if name not in _heads(model)
    ]
    return f"{model.__name__} {known_as} {' '.join(words)}: {' '.join(members)}"


def _heads(model: type[UntpModel]) -> tuple[str, ...]:
    """Return the fields whose rule follows from the kind of class: types and contexts."""
    return {"value": (), "entity": ("type",), "credential": ("context", "type")}[model.shape]


def _member(field: FieldInfo, hint: Any, todo: list[type[UntpModel]], lines: dict[str, str]) -> str:
    if repr(field.metadata) != repr(FieldInfo.from_annotation(hint).metadata):
        raise TypeError(f"a rule beside the type: {field}")
    return _kind(hint, todo, lines) + ("!" if field.is_required() else "")


def _kind(hint: Any, todo: list[type[UntpModel]], lines: dict[str, str]) -> str:
    """Return what stands at a member, in one word; add the classes that it names, and the codes of its list.

    Raises:
        TypeError: there is no word for it.
    """
    for name, known in _NAMED.items():
        if repr(hint) == repr(known):
            return name
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType) and len(parts) == 2 and types.NoneType in parts:
        return _kind(next(part for part in parts if part is not types.NoneType), todo, lines)
    if origin is list:
        return f"{_kind(parts[0], todo, lines)}*"
    if origin is Annotated and typing.get_origin(parts[0]) is list and _is_not_empty(hint):
        return _kind(parts[0], todo, lines).replace("*", "+")
    if origin is Literal:
        return f"{'|'.join(parts)}|"
    if hint == Annotated[ours.Process, Code]:
        return _code(ours.Process, "@Process", lines)
    if origin is Annotated and parts[1:] == (Code,) and typing.get_origin(parts[0]) is Literal:
        return _kind(parts[0], todo, lines)
    if origin is Annotated and len(parts) == 2 and isinstance(parts[1], Term):
        vocabulary = parts[1].vocabulary or ""
        if vocabulary.startswith(UNTP) and parts[1] == Term(vocabulary=vocabulary):
            return _code(parts[0], f"@{vocabulary.removeprefix(UNTP)}", lines)
    if isinstance(hint, type) and issubclass(hint, UntpModel):
        todo.append(hint)
        return hint.__name__
    raise TypeError(f"no word for {hint}")


def _is_not_empty(hint: Any) -> bool:
    return len(typing.get_args(hint)) == 2 and repr(FieldInfo.from_annotation(hint).metadata) == _NOT_EMPTY


def _code(inner: Any, name: str, lines: dict[str, str]) -> str:
    """Return the name of a code list; one that is closed gets a line of its own."""
    if inner is str:
        return name
    line = " ".join((name, *typing.get_args(inner)))
    if typing.get_origin(inner) is not Literal or lines.setdefault(name, line) != line:
        raise TypeError(f"no word for {inner} of {name}")
    return name


if __name__ == "__main__":
    FILE.write_text(write_table(), encoding="utf-8")
