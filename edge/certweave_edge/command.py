"""The frame of a service's own command, such as ``python -m certweave_issuer.cli``: settings, verbs, errors.

``certweave serve`` and ``certweave org`` run all four from one place; this is for a service that runs alone.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from certweave.errors import CertweaveError

Verb = Callable[[Any, argparse.Namespace], int]
"""Takes the settings and the options; returns an exit code."""


class ServiceCommand:
    """One service's command: ``serve``, and what the service adds with ``add_verb``."""

    def __init__(
        self,
        name: str,
        description: str,
        *,
        make_settings: Callable[..., Any],
        make_app: Callable[[Any], FastAPI],
    ) -> None:
        """Make it. ``make_settings`` is called with the environment and ``data``."""
        self.name = name
        self._make_settings = make_settings
        self._make_app = make_app
        self.parser = argparse.ArgumentParser(prog=f"certweave-{name}", description=description)
        self.parser.add_argument("--data", type=Path, help="directory of databases and keys")
        self._verbs = self.parser.add_subparsers(dest="verb", metavar="VERB", required=True)
        serve = self.add_verb("serve", self._serve, "run the server")
        serve.add_argument("--host", default="127.0.0.1", help="address to listen at")
        serve.add_argument("--port", type=_port, default=8000, help="port to listen at")

    def add_verb(self, verb: str, run: Verb, line: str) -> argparse.ArgumentParser:
        """Add a verb and return its parser."""
        parser: argparse.ArgumentParser = self._verbs.add_parser(verb, help=line)
        parser.set_defaults(run=run)
        return parser

    def main(self, arguments: Sequence[str] | None = None) -> int:
        """Run one command; 0 when it was done, 1 when it was refused."""
        options = self.parser.parse_args(arguments)
        try:
            settings = self._make_settings(os.environ, data=options.data)
            code: int = options.run(settings, options)
        except CertweaveError as error:
            sys.stderr.write(f"certweave {self.name}: {error.detail} ({error.code})\n")
            return 1
        except OSError as error:
            sys.stderr.write(f"certweave {self.name}: {error.filename or 'the system'}: {error.strerror}\n")
            return 1
        return code

    def _serve(self, settings: Any, options: argparse.Namespace) -> int:
        """Serve until the process is told to end."""
        import uvicorn

        app = self._make_app(settings)
        uvicorn.run(app, host=options.host, port=options.port, access_log=False, server_header=False)
        return 0


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text[:9]) <= 65_535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text[:20]!r} is no port")
