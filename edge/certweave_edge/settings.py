"""Where Certweave keeps what belongs to a user: the data directory, and what is read from it.

Read once, at the start of a command, and handed on. Services have settings of their own.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from certweave.encoding.strict_json import parse_object
from certweave.limits import DEFAULT_LIMITS
from certweave_edge.files import read_file
from certweave_edge.hostmap import HostMap, parse_host_map

HOST_MAP = "host-map.json"


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """``--data DIR``, else ``$XDG_DATA_HOME/certweave``, else ``~/.local/share/certweave``."""

    path: Path

    @classmethod
    def find(cls, given: Path | None) -> "DataDirectory":
        """Return the directory to use. It need not exist."""
        if given is not None:
            return cls(given)
        base = os.environ.get("XDG_DATA_HOME", "")
        # The XDG base directory specification 0.8: a relative path is to be ignored.
        home = Path(base) if base.startswith("/") else _home() / ".local" / "share"
        return cls(home / "certweave")

    @property
    def contexts(self) -> Path:
        """Where added JSON-LD contexts are pinned."""
        return self.path / "contexts"

    def load_host_map(self) -> HostMap:
        """Read ``host-map.json``, an object of host → base URL; no such file is an empty map.

        Raises:
            MalformedError: it is not such an object.
            OSError: it cannot be read.
        """
        path = self.path / HOST_MAP
        try:
            content = read_file(path, most=DEFAULT_LIMITS.credential_bytes)
        except (FileNotFoundError, NotADirectoryError):
            return HostMap()
        return parse_host_map(parse_object(content, limits=DEFAULT_LIMITS))


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # a container may run as a user whom nothing there knows
        return Path("/")
