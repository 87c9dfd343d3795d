"""Entry of the ``certweave`` command: a table of verbs, of which only the one asked for is imported.

So ``certweave verify`` starts without FastAPI, SQLAlchemy or an HTTP client.
"""

import argparse
import gc
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from types import MappingProxyType

from certweave.errors import CertweaveError, UndecidedError
from certweave_app.cli.frame import CommandError, Exit, MisuseError, Parser, describe, put, say

VERBS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "verify": ("certweave_app.cli.verify", "judge a credential or presentation"),
        "issue": ("certweave_app.cli.issue", "secure a credential with a key"),
        "derive": ("certweave_app.cli.derive", "show a part of a credential"),
        "commit": ("certweave_app.cli.commit", "commit to secrets that a credential will be bound to"),
        "key": ("certweave_app.cli.key", "make a key"),
        "did": ("certweave_app.cli.did", "make, change and resolve DIDs"),
        "contexts": ("certweave_app.cli.contexts", "pin JSON-LD contexts"),
        "replay": ("certweave_app.cli.replay", "examine a bundle again, offline"),
        "demo": ("certweave_app.cli.demo", "run the four services with a small world in them"),
        "serve": ("certweave_app.cli.serve", "run the services"),
        "org": ("certweave_app.cli.org", "register organisations"),
        "token": ("certweave_app.cli.tokens", "make, list and end tokens for programs"),
        "bench": (
            "certweave_app.cli.bench",
            "measure issuing and verifying beside other projects",
        ),
    }
)
"""Verb → the module that has ``add_parser(verbs)``, and one line of help. A later verb is one row more."""

DESCRIPTION = "Verifiable credentials for sustainability claims: issue, verify, resolve."
EXIT_CODES = (
    "exit codes: 0 valid · 1 invalid · 2 undecided · 64 misuse · 66 no such input file · 70 internal error"
)
EXAMPLE = "example:\n  certweave verify certificate.jwt"


def run() -> None:
    """Run the command with the arguments of the process, and leave it."""
    # A plugin of another package would see every credential; looking for one takes 12 ms besides.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Importing makes many objects and little garbage: collected for, the start takes 10 ms longer.
    gc.disable()
    # Before a verb runs there is nothing to tidy up, and an interrupted import may crash (orjson's does).
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    _open_streams()
    code = main(sys.argv[1:])
    # The process ends, and its memory with it: there is nothing to gain from a last collection, 30 ms long.
    gc.freeze()
    sys.exit(code)


def main(arguments: Sequence[str]) -> int:
    """Run the command with ``arguments`` and return its exit code. No exception leaves."""
    try:
        return _dispatch(arguments)
    except SystemExit as leaving:  # argparse, after --help
        return leaving.code if isinstance(leaving.code, int) else Exit.VALID
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        return Exit.HUNG_UP
    except Exception as error:  # outermost: the user gets a sentence and a code, never a stack trace
        return _tell(error, as_json="--json" in arguments)


def make_parser(verbs: Sequence[str]) -> Parser:
    """Return the parser that knows ``verbs`` in full; each costs the import of its module."""
    parser = Parser(prog="certweave", description=DESCRIPTION, epilog=f"{EXIT_CODES}\n\n{EXAMPLE}")
    parser.add_argument("--version", action="store_true", help="print the version and leave")
    # Left to find out ``prog`` by itself, argparse formats a help page, and asks shutil for the terminal.
    table = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs", prog=parser.prog)
    for name, (module, summary) in VERBS.items():
        if name in verbs:
            import_module(module).add_parser(table)
        else:
            table.add_parser(name, help=summary, add_help=False)
    return parser


def _open_streams() -> None:
    """Let a stream that was closed swallow what is written, and none stumble over a letter."""
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115 - for as long as we run
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _dispatch(arguments: Sequence[str]) -> int:
    asked = next((word for word in arguments if not word.startswith("-")), None)
    parser = make_parser([asked] if asked is not None and asked in VERBS else [])
    gc.enable()
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return _run(parser, parser.parse_args(arguments))
    finally:
        _flush()


def _run(parser: Parser, options: argparse.Namespace) -> int:
    if options.version:
        from importlib import metadata  # takes a while, and only this needs it

        sys.stdout.write(f"certweave {metadata.version('certweave')}\n")
        return Exit.VALID
    if options.verb is None:
        parser.error("a verb is missing")
    return int(options.run(options))


def _tell(error: Exception, *, as_json: bool) -> int:
    """Say what went wrong, and print it for whoever asked for JSON; return the exit code."""
    leave, code, detail = _explain(error)
    path = error.path if isinstance(error, CertweaveError) else ""
    say(f"certweave: {describe(error) if isinstance(error, CertweaveError) else detail}")
    if as_json and sys.stdout is not None:
        put(json.dumps({"error": code, "detail": detail, "path": path}, indent=2) + "\n")
        with suppress(OSError):
            _flush()
    return leave


def _explain(error: Exception) -> tuple[Exit, str, str]:
    """Return exit code, code and sentence."""
    match error:
        case CommandError():
            return error.exit, error.code, str(error)
        case CertweaveError():
            undecided = isinstance(error, UndecidedError)
            return Exit.UNDECIDED if undecided else Exit.INVALID, error.code, error.detail
        case ModuleNotFoundError():
            extra = "postgres" if error.name == "psycopg" else "services"
            detail = f"{error.name} is not installed; services need pip install 'certweave[{extra}]'"
            return Exit.MISUSE, MisuseError.code, detail
        case UnicodeEncodeError():
            return Exit.MISUSE, MisuseError.code, "an argument has bytes that are no UTF-8"
        case OSError():
            name = f"{error.filename}: " if error.filename else ""
            return Exit.MISUSE, MisuseError.code, f"{name}{error.strerror or 'the system refused'}"
    detail = f"internal error, {type(error).__name__}; please report it with what you ran"
    return Exit.INTERNAL, "internal", detail


def _flush() -> None:
    """Write out what is buffered while a refusal can still be told: at its end Python would only complain."""
    try:
        sys.stdout.flush()
    except OSError:
        sys.stdout = None  # what is left has nowhere to go
        raise
