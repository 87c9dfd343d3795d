"""The shapes of the classes of UNTP 0.7.0 and our extension, out of a table written from the models.

https://untp.unece.org/docs/0.7.0/specification/. What a class is and what its members hold, without models
and pydantic: loading those takes longer than all the rest of a verification.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from certweave.credential.untp.shape_table import TABLE

CODE_LIST: Final = "@"
"""What the name of a code list begins with."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A UNTP class.

    Attributes:
        name: the name by which UNTP knows it; several shapes may have one. Of a part of our extension, the
            member of an attestation that holds it.
        words: what it is: value, credential or entity; ``free`` where any member is welcome,
            ``own_vocabulary`` where it has one, ``measured`` where a measure needs its metric, ``ruled``
            where ``extension_rules`` has a rule, ``part`` where a type of credential announces it.
        members: what stands at each member, in a word: a kind of text or number, a class, a code list, codes.
        lists: the members that are lists of it.
        filled: the lists that may not be empty.
        required: the members that may not be missing.
    """

    name: str
    words: frozenset[str]
    members: Mapping[str, str]
    lists: frozenset[str]
    filled: frozenset[str]
    required: frozenset[str]

    @property
    def is_entity(self) -> bool:
        """Whether it is described by its own ``type``, wherever it stands."""
        return not self.words & {"value", "credential"}


@cache
def find_shape(name: str) -> Shape:
    """Return the shape of that name in the table; another name is a KeyError."""
    head, _, rest = _entries()[name].partition(":")
    known_as, *words = head.split()
    pairs = [pair.partition("=")[::2] for pair in rest.split()]
    return Shape(
        known_as,
        frozenset(words),
        {member: kind.rstrip("*+!") for member, kind in pairs},
        frozenset(member for member, kind in pairs if "*" in kind or "+" in kind),
        frozenset(member for member, kind in pairs if "+" in kind),
        frozenset(member for member, kind in pairs if kind.endswith("!")),
    )


def find_codes(name: str) -> frozenset[str] | None:
    """Return the codes of a code list, or None where any text may be one."""
    found = _entries().get(name)
    return None if found is None else frozenset(found.split())


@cache
def find_parts() -> Mapping[str, str]:
    """Return the types of credential that our extension has, with the member that holds what they say."""
    heads = ((name, rest.partition(":")[0].split()) for name, rest in _entries().items())
    return {name: words[0] for name, words in heads if words[-1] == "part"}


def is_class(kind: str) -> bool:
    """Tell whether what stands at a member is a class."""
    return kind[0].isupper() and kind in _entries()


@cache
def _entries() -> dict[str, str]:
    """Return what the table says of each name; a line that begins with blanks belongs to the one before."""
    lines = TABLE.replace("\n  ", " ").splitlines()
    return {name: rest for name, _, rest in (line.partition(" ") for line in lines)}
