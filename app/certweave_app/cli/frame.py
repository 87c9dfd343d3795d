"""What every verb shares: exit codes, the parser, and errors that name the place.

The codes are those of docs/reference/verdicts.md, Codes. argparse leaves with 2 on misuse, which here means
"undecided"; so the parser below leaves with 64, as sysexits.h has it.
"""

import argparse
import json
import os
import sys
import unicodedata
from collections.abc import Callable
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import Any, NoReturn

from certweave.errors import CertweaveError
from certweave.timestamps import parse_timestamp


class Exit(IntEnum):
    """How a command ended."""

    VALID = 0
    INVALID = 1
    UNDECIDED = 2
    MISUSE = 64
    NO_INPUT = 66
    INTERNAL = 70
    INTERRUPTED = 130
    HUNG_UP = 141


class CommandError(Exception):
    """The command cannot do what it was asked to; nothing is said about any credential."""

    exit = Exit.MISUSE
    code = "misuse"


class MisuseError(CommandError):
    """The arguments, or a file that configures the command, are not what they should be."""


class NoInputError(CommandError):
    """There is no such file to read."""

    exit = Exit.NO_INPUT
    code = "no_input"


class Parser(argparse.ArgumentParser):
    """An argument parser that keeps our exit codes and takes no abbreviations."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            formatter_class=argparse.RawDescriptionHelpFormatter, **{"allow_abbrev": False, **options}
        )

    def error(self, message: str) -> NoReturn:
        """Show the usage; what was wrong and where help is, whoever catches it says.

        Raises:
            MisuseError: always.
        """
        say(self.format_usage().rstrip())
        raise MisuseError(f"{message}\nFor help: {self.prog} --help")


Verbs = Any
"""What ``add_subparsers`` returns; argparse gives its type no public name."""


def add_verb(verbs: Verbs, name: str, summary: str, *, example: str, about: str = "") -> Parser:
    """Add the parser of a verb, with an example at the end of its help."""
    text = f"{summary[0].upper()}{summary[1:]}."
    parser: Parser = verbs.add_parser(
        name,
        help=summary,
        description=f"{text}\n\n{about}" if about else text,
        epilog=f"example:\n  {example}",
    )
    return parser


def moment(text: str) -> datetime:
    """Read TIME: a date and time with time zone, or a date, which is its first moment in UTC."""
    try:
        found = parse_timestamp(f"{text}T00:00:00Z" if len(text) == 10 else text)
    except CertweaveError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error.detail}") from None
    return found.replace(microsecond=0)


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers in a range."""

    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= most:
            return int(text)
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} to {most}")

    return read


PORT = whole(0, 65_535)


def pair(text: str) -> tuple[str, str]:
    """Read NAME=VALUE; the last ``=`` divides, because a URL may contain others."""
    name, sign, value = text.rpartition("=")
    if not sign or not name or not value:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form NAME=VALUE")
    return name, value


def first_pair(text: str) -> tuple[str, str]:
    """Read HOST=BASEURL; the first ``=`` divides, because a host contains none."""
    name, sign, value = text.partition("=")
    if not sign or not name or not value:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form HOST=BASEURL")
    return name, value


def no_such_file(path: Path | str, error: OSError) -> CommandError:
    """Return the error for a file that could not be read."""
    if isinstance(error, IsADirectoryError):
        return NoInputError(f"{path}: is a directory, and there is no such file")
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return NoInputError(f"{path}: there is no such file")
    return NoInputError(f"{path}: cannot be read ({error.strerror or 'error'})")


def describe(error: CertweaveError) -> str:
    """Return the sentence of an error with its place and code."""
    place = f"{error.path}: " if error.path else ""
    return f"{place}{error.detail} ({error.code})"


def plain(text: str) -> str:
    """Return ``text`` fit for a terminal: what a stranger wrote must not move the cursor or hide words."""
    return "".join(
        f"\\u{{{ord(sign):x}}}" if unicodedata.category(sign)[0] == "C" and sign != "\n" else sign
        for sign in text
    )


def put(document: str) -> None:
    """Print JSON or a token: in UTF-8 (RFC 8259 §8.1), whatever the terminal reads.

    What would move its cursor or hide words is written as JSON's escapes.
    """
    if not document.isascii():
        document = "".join(
            json.dumps(sign)[1:-1] if unicodedata.category(sign)[0] == "C" and sign != "\n" else sign
            for sign in document
        )
    sys.stdout.buffer.write(document.encode())


def say(text: str) -> None:
    """Write a line for the reader, apart from the result: to standard error, where somebody reads it."""
    try:
        sys.stderr.write(f"{plain(text)}\n")
    except OSError:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for as long as we run
