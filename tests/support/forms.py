"""Forms of a page, read and sent as a browser without JavaScript would."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """A form: where it goes, what its fields hold now, and its buttons by their words."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)

    def filled(self, values: dict[str, str]) -> list[tuple[str, str]]:
        """Return the fields with other values; a field that the form does not have is a mistake."""
        names = {name for name, _ in self.fields}
        assert set(values) <= names, set(values) - names
        return [(name, values.get(name, value)) for name, value in self.fields]

    def value(self, name: str) -> str:
        return next(value for found, value in self.fields if found == name)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._inside: Form | None = None
        self._select: str | None = None
        self._button: tuple[str, str] | None = None
        self._area: str | None = None
        self._text = ""
        self._words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = Form(found.get("action", ""))
            self.forms.append(self._inside)
        if self._inside is None:
            return
        name = found.get("name", "")
        if tag == "input" and name:
            ticked = found.get("type") not in {"checkbox", "radio"} or "checked" in found
            if ticked:
                self._inside.fields.append((name, found.get("value", "")))
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select is not None:
            fields = self._inside.fields
            if not fields or fields[-1][0] != self._select:
                fields.append((self._select, found["value"]))
            elif "selected" in found:
                fields[-1] = (self._select, found["value"])
        elif tag == "textarea":
            self._area, self._text = name, ""
        elif tag == "button":
            self._button, self._text = (name, found.get("value", "")), ""
            self._words = found.get("aria-label", "")

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if self._inside is None:
            return
        if tag == "form":
            self._inside = None
        elif tag == "select":
            self._select = None
        elif tag == "button" and self._button is not None:
            self._inside.buttons[self._words or " ".join(self._text.split())] = self._button
            self._button = None
        elif tag == "textarea" and self._area:
            self._inside.fields.append((self._area, self._text))
            self._area = None


def read_forms(page: str) -> list[Form]:
    """Return the forms of a page in their order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def read_form(page: str, action: str) -> Form:
    """Return the one form of a page whose address ends so."""
    return next(form for form in read_forms(page) if form.action.partition("?")[0].endswith(action))
