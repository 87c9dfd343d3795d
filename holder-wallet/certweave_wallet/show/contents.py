"""What a document says, in groups with headings; amounts, days and codes are in the language of the reader.

Objects of the UNTP model have a name, which heads what they hold; one that says a single thing is a line of
the group around it. A name or a text is the signer's and stays as it was signed; a code or an id that we know
has words of ours. Only ``https`` addresses become links.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup, escape

from certweave.encoding.strict_json import JsonObject
from certweave_edge.i18n import LANGUAGES, Translator, mark
from certweave_edge.terms import find_grade, find_name, find_title
from certweave_edge.told import quote
from certweave_wallet.show.labels import CODES, label_of
from certweave_wallet.show.words import place_of

_SILENT: Final = frozenset(
    {
        "type",
        "id",
        "digestMultibase",
        "mediaType",
        "linkType",
        "schemeId",
        "idScheme",
        "idGranularity",
        "schemeName",
    }
)
_NAMES: Final = ("name", "registeredName", "linkName")
_SHARES: Final = ("fraction", "share")
"""What stands in the names of members whose number is a part of one."""
_MOST: Final = 150
_LANGUAGES: Final = frozenset(LANGUAGES)


@dataclass(frozen=True, slots=True)
class Group:
    """What a document says of one thing.

    Attributes:
        label: what it is to the thing around it, such as "Seller"; empty for the subject itself.
        name: how it is called; empty where it has no name.
        lines: label and value of what is said of it; several values have breaks between them.
        groups: what else belongs to it.
    """

    label: Markup
    name: Markup
    lines: tuple[tuple[Markup, Markup], ...]
    groups: tuple["Group", ...]


def tell(document: JsonObject, words: Translator) -> tuple[list[Group], bool]:
    """Return what a document says of its subject, and whether that is all of it."""
    teller = _Teller(words)
    subject = document.get("credentialSubject")
    subjects = subject if isinstance(subject, list) else [subject]
    groups = []
    for one in subjects:
        if isinstance(one, dict):
            scheme = one.get("referenceScheme")
            teller.scheme = str(scheme.get("id")) if isinstance(scheme, dict) else ""
            groups.append(teller.group(one, Markup(), Markup()))
    return [group for group in groups if group.lines or group.groups], teller.left > 0


@dataclass(slots=True)
class _Teller:
    words: Translator
    scheme: str = ""
    left: int = _MOST

    def group(self, thing: JsonObject, label: Markup, name: Markup) -> Group:
        """Return an object as a group; the subject's own name is a line, that of others their heading."""
        lines: dict[Markup, list[Markup]] = {}
        groups: list[Group] = []
        for member, value in thing.items():
            if member in _SILENT or (label and (member in _NAMES or member == "linkURL")):
                continue
            for part in self.parts(value, member, thing):
                if isinstance(part, Group):
                    groups.append(part)
                else:
                    lines.setdefault(part[0], []).append(part[1])
        told = tuple((term, Markup("<br>").join(values)) for term, values in lines.items())
        return Group(label, name, told, tuple(groups))

    def parts(self, value: Any, member: str, around: JsonObject) -> Iterator[Group | tuple[Markup, Markup]]:
        """Yield the lines and groups that a member is told in."""
        if isinstance(value, list):
            for item in value:
                yield from self.parts(item, member, around)
            return
        if self.left <= 0:
            return
        label = label_of(self.words, member)
        plain = self.plain(value, member, around)
        if plain is not None:
            self.left -= 1
            if plain:
                yield label, plain
        elif isinstance(value, dict):
            yield from self.thing(value, label)

    def thing(self, thing: JsonObject, label: Markup) -> Iterator[Group | tuple[Markup, Markup]]:
        """Yield an object as a group, or as a line where it has nothing but a name or a single value."""
        metric, role = thing.get("metric"), thing.get("role")
        if isinstance(metric, dict) and isinstance(thing.get("measure"), dict):
            yield self.name(metric) or label, self.plain(thing["measure"], "measure", thing) or Markup()
            return
        if isinstance(role, str) and isinstance(thing.get("party"), dict):
            label, thing = self.code("role", role) or quote(role), thing["party"]
        name = self.name(thing)
        group = self.group(thing, label, name)
        if name and not group.lines and not group.groups:
            self.left -= 1
            yield label, name
        elif not name and len(group.lines) == 1 and not group.groups:
            yield label, group.lines[0][1]
        elif group.lines or group.groups:
            yield group

    def name(self, thing: JsonObject) -> Markup:
        """Return how a thing is called, as a link where its id or its link is an address of the web."""
        name = next((thing[key] for key in _NAMES if isinstance(thing.get(key), str)), "")
        url = thing.get("linkURL", thing.get("id"))
        if not name:
            return Markup()
        known = find_name(self.words, url, name) if isinstance(url, str) else name
        told = quote(name) if known == name else escape(known)
        return _link(url, told) if isinstance(url, str) and "linkURL" in thing else told

    def plain(self, value: Any, member: str, around: JsonObject) -> Markup | None:
        """Return a value that is told in one line; None where it is a group of its own."""
        words = self.words
        if isinstance(value, bool):
            return escape(words.gettext(mark("yes") if value else mark("no")))
        if isinstance(value, int | float):
            share = 0 <= value <= 1 and any(word in member.lower() for word in _SHARES)
            return escape(words.percent(value) if share else words.number(value))
        if isinstance(value, str):
            return self.text(value, member, around)
        if not isinstance(value, dict):
            return Markup()
        amount, unit = value.get("value"), value.get("unit")
        if isinstance(amount, int | float) and isinstance(unit, str):
            return escape(words.quantity(amount, unit))
        if isinstance(value.get("countryCode"), str):
            code = value["countryCode"]
            return escape(words.locale.territories.get(code, value.get("countryName", code)))
        if isinstance(value.get("@value"), str):
            return quote(value["@value"])
        if not _LANGUAGES.isdisjoint(value) and all(isinstance(text, str) for text in value.values()):
            return Markup("<bdi>{}</bdi>").format(words.text(value))
        return None

    def text(self, value: str, member: str, around: JsonObject) -> Markup:
        """Return a text: a code in words, an address as a link, a day as the reader writes it."""
        if value.startswith("data:") or (member == "code" and "name" in around):
            return Markup()
        if value.startswith("https://"):
            known = find_title(self.words, value)
            return _link(value, escape(known) if known else Markup('<bdi dir="ltr">{}</bdi>').format(value))
        if value.startswith("did:"):
            return place_of(value)
        told = self.words.dated(value)
        if member == "labelGrade":
            return quote(find_grade(self.words, self.scheme, value))
        return self.code(member, value) or (quote(value) if told == value else escape(told))

    def code(self, member: str, value: str) -> Markup | None:
        """Return the words of a code of the UNTP model, or of ours."""
        known = CODES.get(member, {}).get(value)
        return escape(self.words.gettext(known)) if known is not None else None


def _link(url: str, told: Markup) -> Markup:
    if not url.startswith("https://"):
        return told
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(url, told)
