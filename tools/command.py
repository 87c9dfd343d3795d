"""Writes the reference page of the command from its parsers, the same under every Python and terminal."""

import argparse
from collections.abc import Iterator

from certweave_app.cli.main import VERBS, make_parser

HEAD = """# The command

`certweave VERB …`, or `python -m certweave_app VERB …`. This page is written from the parsers (`make docs`);
`certweave VERB --help` says the same.

Results go to standard output, all else to standard error. Errors name the place: a file, an argument, or a
JSON Pointer into the input.

TIME is a date and time with time zone (`2026-03-01T12:00:00Z`), or a date, which is its first moment in UTC.
HOST=BASEURL makes everything on HOST come from below BASEURL; the host is written as in the URL, with its
port where it has one. A private address or plain `http` is reached only when it was typed as INPUT or named
in the host map, never because a document names it.

A data directory holds `host-map.json`, an object of host → base URL, and `contexts/`, the pinned contexts.
It is `--data DIR`, else `$XDG_DATA_HOME/certweave`, else `~/.local/share/certweave`.

## Exit codes

| code | meaning |
|---|---|
| 0 | valid, or done |
| 1 | invalid: a rule says no, malformed content included |
| 2 | undecided: a rule could not be applied |
| 64 | misuse: wrong arguments, a file that configures the command and is no good, or no room to write |
| 66 | no such input file |
| 70 | internal error |
| 130 | ended by Ctrl-C |
| 141 | whoever read the output has left, as in `certweave … \\| head -1` |

With `--json`, an error is JSON, too: beside the sentence on standard error, standard output has an object of
`error` (`misuse`, `no_input`, `internal`, or one of [these codes](codes.md)), `detail` and `path`.
"""


def cli_page() -> str:
    """Return the page of the command, every verb and part with its arguments."""
    root = make_parser(list(VERBS))
    sections = [section for parser in _children(root) for section in _sections(parser)]
    return "\n".join([HEAD, *sections])


def _sections(parser: argparse.ArgumentParser, depth: int = 2) -> Iterator[str]:
    children = _children(parser)
    yield "\n".join(_section(parser, depth))
    for child in children:
        yield from _sections(child, depth + 1)


def _section(parser: argparse.ArgumentParser, depth: int) -> Iterator[str]:
    yield f"{'#' * depth} {parser.prog.removeprefix('certweave ')}"
    yield ""
    yield _escape((parser.description or "").strip())
    arguments = [action for action in parser._actions if _is_shown(action)]
    if arguments:
        yield ""
        yield "| argument | meaning |"
        yield "|---|---|"
        for action in arguments:
            yield f"| {_name(action)} | {_meaning(action)} |"
    if not _children(parser):
        yield ""
        yield "```sh"
        yield (parser.epilog or "").removeprefix("example:").strip()
        yield "```"
    yield ""


def _children(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    tables = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return [child for table in tables for child in table.choices.values()]


def _is_shown(action: argparse.Action) -> bool:
    return not isinstance(action, argparse._HelpAction | argparse._SubParsersAction)


def _name(action: argparse.Action) -> str:
    value = action.metavar
    if value is None and action.choices is not None:
        value = "\\|".join(str(choice) for choice in action.choices)
    if value is None and action.nargs != 0:
        value = action.dest.upper()
    shown = str(value or "").replace("|", "\\|").replace("\\\\|", "\\|")
    if not action.option_strings:
        return f"`{shown}`"
    words = f"{action.option_strings[0]} {shown}".strip()
    return f"`{words}`" + (" (required)" if action.required else "")


def _meaning(action: argparse.Action) -> str:
    text = (action.help or "").replace("%%", "%").replace("|", "\\|")
    return _escape(text) + ("; several times" if _repeats(action) and "several" not in text else "")


def _repeats(action: argparse.Action) -> bool:
    return isinstance(action, argparse._AppendAction) or action.nargs in {"*", "+"}


def _escape(text: str) -> str:
    return text.replace("<", "&lt;").replace("*", "\\*")
