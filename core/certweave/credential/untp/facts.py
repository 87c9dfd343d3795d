"""What the models say about their members, read from their annotations: one place for all who walk them.

Not a model: it answers "which class stands at this member", "what does this member stand for".
"""

import types
import typing
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Union

from certweave.credential.untp.base import UntpModel, to_camel
from certweave.credential.untp.term import Term


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a UNTP class.

    Attributes:
        name: its name in the document.
        classes: the UNTP classes that may stand there; empty for a literal.
        term: what it stands for, as far as its type says so; of several notes the outermost.
        many: whether it is a list.
    """

    name: str
    classes: tuple[type[UntpModel], ...]
    term: Term | None
    many: bool


@cache
def members_of(model: type[UntpModel]) -> dict[str, Member]:
    """Return the members that a UNTP class names, by their names in the document."""
    hints = typing.get_type_hints(model, include_extras=True)
    found = {}
    for field_name, field in model.model_fields.items():
        classes: list[type[UntpModel]] = []
        terms: list[Term] = []
        many = _gather(hints[field_name], classes, terms)
        # The models are built at first use; until then only a given alias is known, not a derived one.
        name = field.alias or to_camel(field_name)
        found[name] = Member(name, tuple(classes), terms[-1] if terms else None, many)
    return found


def _gather(annotation: Any, classes: list[type[UntpModel]], terms: list[Term]) -> bool:
    """Collect the classes and terms of an annotation; return whether it holds a list."""
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        inner, *notes = typing.get_args(annotation)
        terms.extend(note for note in notes if isinstance(note, Term))
        return _gather(inner, classes, terms)
    if origin in (Union, types.UnionType):
        # A list, not a generator: every part must be visited.
        many = [_gather(part, classes, terms) for part in typing.get_args(annotation)]
        return any(many)
    if origin is list:
        _gather(typing.get_args(annotation)[0], classes, terms)
        return True
    if isinstance(annotation, type) and issubclass(annotation, UntpModel):
        classes.append(annotation)
    return False
