"""Writes the reference pages that come from the code: ``python -m tools.reference`` (or ``make docs``).

A test holds the pages against what this program would write. It reads the source and runs nothing but the
definitions of Limits and of the command's parsers.
"""

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import timedelta

from tests.support.house import Source, product, sources
from tests.support.shared import ROOT

from certweave.examine.report import Step
from certweave.limits import DEFAULT_LIMITS, Limits
from tools.command import cli_page
from tools.services import settings_page, urls_page

KINDS = {
    "MalformedError": "malformed",
    "MalformedProofError": "malformed",
    "UnknownOptionError": "malformed",
    "InvalidError": "invalid",
    "AbsentError": "invalid",
    "InvalidSignatureError": "invalid",
    "InvalidHistoryError": "invalid",
    "ExchangeError": "invalid",
    "UndecidedError": "undecided",
    "UnsupportedError": "undecided",
    "MissingEvidenceError": "undecided",
    "NeedsEvidenceError": "undecided",
    "FetchError": "evidence",
    "hold": "valid",
    "skip": "not applicable",
    "note": "note",
    "Note": "note",
    "Check": "check",
}
"""What a code says, by the class that is raised or the method that records it."""

POSITION = {"skip": 1, "note": 0, "Note": 0, "Check": 2}
"""Which argument is the code, where it is not a keyword."""


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """One place where a code is given."""

    module: str
    line: int
    kind: str
    sentence: str


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _kind(name: str) -> str:
    if name.endswith("Error"):
        return KINDS.get(name, "refused")
    return KINDS.get(name) or (name.strip("_") if name.strip("_") in KINDS.values() else "")


def _text(node: ast.expr | None) -> str:
    """Return a string literal, with … for every part that is filled in later; else nothing."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "…" for part in node.values)
    if isinstance(node, ast.BinOp):
        return _text(node.left) + _text(node.right)
    return ""


def _literals(node: ast.expr | None) -> Iterator[str]:
    """Yield the string constants that an expression can be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _literals(value)


def _names(tree: ast.Module) -> list[tuple[int, str, str]]:
    """Return (line, name, text) of every string that is given a name first."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and _text(node.value):
            found.append((node.lineno, node.targets[0].id, _text(node.value)))
    return sorted(found)


def _sentence(argument: ast.expr, names: list[tuple[int, str, str]]) -> str:
    """Return the text of an argument, looked up where it was given a name shortly before."""
    if isinstance(argument, ast.Name):
        near = [
            text for line, name, text in names if name == argument.id and 0 <= argument.lineno - line < 20
        ]
        return near[-1] if near else ""
    return _text(argument)


def _codes_of_call(call: ast.Call, names: list[tuple[int, str, str]]) -> Iterator[tuple[str, str]]:
    name = _name(call.func)
    place = POSITION.get(name)
    codes = [word.value for word in call.keywords if word.arg == "code"]
    if place is not None and len(call.args) > place:
        codes.append(call.args[place])
    texts = [_sentence(argument, names) for argument in call.args if argument not in codes]
    sentence = next((text for text in texts if " " in text), "")
    for code in codes:
        for literal in _literals(code):
            yield literal, sentence


def _codes_of_class(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for line in node.body:
        if isinstance(line, ast.Assign | ast.AnnAssign):
            targets = line.targets if isinstance(line, ast.Assign) else [line.target]
            if any(getattr(target, "id", "") == "default_code" for target in targets):
                first = (ast.get_docstring(node) or "").partition("\n")[0]
                for literal in _literals(line.value):
                    yield literal, first


def find_codes(source: Source) -> Iterator[tuple[str, Use]]:
    """Yield every code that a file gives, with the sentence that goes with it."""
    names = _names(source.tree)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            kind = _kind(_name(node.func))
            for code, sentence in _codes_of_call(node, names):
                yield code, Use(source.module, node.lineno, kind, sentence)
        elif isinstance(node, ast.ClassDef):
            for code, sentence in _codes_of_class(node):
                yield code, Use(source.module, node.lineno, _kind(node.name), sentence)


def all_codes() -> dict[str, list[Use]]:
    """Return every code of the product with its uses, sorted."""
    found: dict[str, list[Use]] = defaultdict(list)
    for source in product():
        for code, use in find_codes(source):
            found[code].append(use)
    for step in Step:
        found[f"{step.value}_holds"].append(Use("certweave.examine.course", 0, "valid", "the step holds"))
    return {code: sorted(found[code]) for code in sorted(found)}


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())


def codes_page() -> str:
    """The page of stable codes."""
    rows = []
    for code, uses in all_codes().items():
        kinds = ", ".join(sorted({use.kind for use in uses if use.kind}))
        modules = ", ".join(sorted({f"`{use.module}`" for use in uses}))
        sentence = next((use.sentence for use in uses if use.sentence), "")
        rows.append(f"| `{code}` | {kinds} | {_cell(sentence)} | {modules} |")
    return "\n".join(
        [
            "# Codes",
            "",
            "Every check, note and error bears a code. Codes are stable: programs may key on them; sentences",
            "may change. For the second column see [verdicts](verdicts.md). A `…` is filled in.",
            "",
            "This page comes from the code (`make docs`); a test keeps it true.",
            "",
            "| code | says | sentence | given by |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _reasons() -> dict[str, str]:
    tree = next(source.tree for source in sources("certweave") if source.module == "certweave.limits")
    table = next(node for node in tree.body if isinstance(node, ast.ClassDef))
    pairs = zip(table.body, table.body[1:], strict=False)
    return {
        line.target.id: after.value.value
        for line, after in pairs
        if isinstance(line, ast.AnnAssign)
        and isinstance(line.target, ast.Name)
        and isinstance(after, ast.Expr)
        and isinstance(after.value, ast.Constant)
        and isinstance(after.value.value, str)
    }


def _amount(name: str, value: object) -> str:
    if isinstance(value, timedelta):
        return f"{value.total_seconds():,.0f} s"
    if name.endswith("_seconds"):
        return f"{value} s"
    if name.endswith("_bytes") and isinstance(value, int):
        return f"{value / (1 << 20):g} MiB" if value >= 1 << 20 else f"{value:,} bytes"
    return f"{value:,}" if isinstance(value, int) else str(value)


def limits_page() -> str:
    """The page of limits."""
    reasons = _reasons()
    rows = []
    for field in fields(Limits):
        amount = _amount(field.name, getattr(DEFAULT_LIMITS, field.name))
        rows.append(f"| `{field.name}` | {amount} | {_cell(reasons[field.name])} |")
    return "\n".join(
        [
            "# Limits",
            "",
            "Everything that comes from outside has a bound. Reaching one is never *invalid*: the check is",
            "undecided, its cause is `limit`, and the limit is named. See [verdicts](verdicts.md).",
            "",
            "This page comes from the code (`make docs`); a test keeps it true.",
            "",
            "| limit | default | why |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/codes.md": codes_page,
    "docs/reference/limits.md": limits_page,
    "docs/reference/cli.md": cli_page,
    "docs/reference/settings.md": settings_page,
    "docs/reference/urls.md": urls_page,
}
"""Pages that come from the code, and what writes them."""


def main() -> None:
    """Write every page."""
    for name, write in PAGES.items():
        (ROOT / name).write_text(write(), encoding="utf-8")


if __name__ == "__main__":
    main()
