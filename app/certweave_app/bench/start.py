"""How long the command takes from nothing to a verdict, beside the start of the libraries that it stands on.

Both are programs of their own, started anew each time, with their bytecode kept from the time before.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from certweave_app.bench.measure import OURS, Work, repeat

START: Final = "start"
BASE: Final = "cryptography, pydantic"
"""What the start of the command is held against: importing its two largest libraries."""


def start_works(folder: Path, credentials: Mapping[str, bytes]) -> Iterable[Work]:
    """Return what starts ``certweave verify`` for each credential, by its route, and what it is held against.

    ``folder`` is for the credentials and the bytecode; it must stay until all is measured.
    """
    kept = {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    environment = {**os.environ, **kept}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def start(*arguments: str) -> None:
        command = [sys.executable, *arguments]
        subprocess.run(command, env=environment, check=True, capture_output=True)  # noqa: S603 - our own

    for number, (route, content) in enumerate(credentials.items()):
        path = folder / f"{number}.credential"
        path.write_bytes(content)
        verify = partial(start, "-m", "certweave_app", "verify", str(path))
        yield Work(START, route, OURS, repeat(verify))
        yield Work(START, route, BASE, repeat(partial(start, "-c", f"import {BASE}")))
