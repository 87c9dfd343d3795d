"""Entry of the ``certweave`` command: a table of verbs, of which only the one asked for is imported.

So ``certweave verify`` starts without FastAPI, SQLAlchemy or an HTTP client.
"""

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import MappingProxyType

from certweave.errors import CertweaveError, UndecidedError
from certweave_app.cli.frame import CommandError, Exit, Parser, describe, say

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
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    code = main(sys.argv[1:])
    # The process ends, and its memory with it: there is nothing to gain from a last collection, 30 ms long.
    gc.freeze()
    sys.exit(code)


def main(arguments: Sequence[str]) -> int:
    """Run the command with ``arguments`` and return its exit code. No exception leaves."""
    try:
        return _dispatch(arguments)
    except SystemExit as leaving:  # argparse, after --help or a misuse it has explained
        return leaving.code if isinstance(leaving.code, int) else Exit.VALID
    except CommandError as error:
        say(f"certweave: {error}")
        return error.exit
    except UndecidedError as error:
        say(f"certweave: {describe(error)}")
        return Exit.UNDECIDED
    except CertweaveError as error:
        say(f"certweave: {describe(error)}")
        return Exit.INVALID
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return _hang_up()
    except ModuleNotFoundError as error:
        say(f"certweave: {error.name} is not installed; services need pip install 'certweave[services]'")
        return Exit.MISUSE
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        say(f"certweave: {name}{error.strerror or 'the system refused'}")
        return Exit.MISUSE
    except Exception as error:  # outermost: the user gets a sentence and a code, never a stack trace
        say(f"certweave: internal error, {type(error).__name__}; please report it with what you ran")
        return Exit.INTERNAL


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


def _dispatch(arguments: Sequence[str]) -> int:
    asked = next((word for word in arguments if not word.startswith("-")), None)
    parser = make_parser([asked] if asked is not None and asked in VERBS else [])
    gc.enable()
    options = parser.parse_args(arguments)
    if options.version:
        from importlib import metadata  # takes a while, and only this needs it

        sys.stdout.write(f"certweave {metadata.version('certweave')}\n")
        return Exit.VALID
    if options.verb is None:
        parser.error("a verb is missing")
    return int(options.run(options))


def _hang_up() -> int:
    # Whoever read us has left; what is still buffered has nowhere to go.
    sys.stdout = None
    return Exit.INTERNAL
