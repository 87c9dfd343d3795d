"""What the command reads: the input, files of JSON and of keys, and the network where it is allowed."""

import sys
from argparse import ArgumentTypeError
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from certweave.credential.contexts import ContextStore
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError
from certweave.examine.evidence import Fetched, Kind, Need, Unavailable
from certweave.keys.jwk import parse_private_jwk
from certweave.keys.model import PrivateKey
from certweave.keys.multikey import parse_secret_multikey
from certweave.limits import DEFAULT_LIMITS, Limits
from certweave_app.cli.frame import MisuseError, NoInputError, Parser, describe, first_pair, no_such_file, say
from certweave_edge.contexts import load_context_store
from certweave_edge.files import read_file, readable_by_others
from certweave_edge.hostmap import HostMap, parse_host_map
from certweave_edge.settings import DataDirectory

if TYPE_CHECKING:
    from certweave_edge.fetch import Fetcher

MAX_INPUT = 128 << 20
"""Bytes read of any input: what a bundle may hold. The examination has stricter limits of its own."""


def is_url(text: str) -> bool:
    """Tell whether an INPUT is an address rather than a file."""
    return text.lower().startswith(("https://", "http://"))


def read_source(name: str) -> bytes:
    """Read INPUT: a file, or ``-`` for standard input.

    Raises:
        NoInputError: there is no such file.
    """
    if name == "-":
        return sys.stdin.buffer.read(MAX_INPUT)
    return read_bytes(Path(name), most=MAX_INPUT)


def read_bytes(path: Path, *, most: int = MAX_INPUT) -> bytes:
    """Read a file that the operator named.

    Raises:
        NoInputError: there is no such file.
        MisuseError: it is larger than ``most``.
    """
    try:
        content = read_file(path, most=most)
    except OSError as error:
        raise no_such_file(path, error) from None
    if len(content) > most:
        raise MisuseError(f"{path}: larger than {most} bytes")
    return content


def read_object(path: Path, what: str) -> JsonObject:
    """Read a JSON object that configures the command.

    Raises:
        NoInputError: there is no such file.
        MisuseError: it is not a JSON object.
    """
    content = read_bytes(path)
    try:
        return parse_object(content, limits=DEFAULT_LIMITS)
    except CertweaveError as error:
        raise MisuseError(f"{path} is not {what}: {describe(error)}") from None


def read_key(path: Path) -> PrivateKey:
    """Read a private JWK or Multikey; say so where others may read the file, too.

    Raises:
        NoInputError: there is no such file.
        MisuseError: it holds no private key that we can use.
    """
    found = read_object(path, "a private key")
    if readable_by_others(path):
        say(f"certweave: warning: {path} can be read by other users (chmod 600 mends it)")
    try:
        if "secretKeyMultibase" in found:
            return parse_secret_multikey(found["secretKeyMultibase"])
        return parse_private_jwk(found)
    except CertweaveError as error:
        raise MisuseError(f"{path} is not a private key that we can use: {describe(error)}") from None


def read_hex(text: str) -> bytes:
    """Read bytes written in hexadecimal, as an argument."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not hexadecimal") from None


def find_data(given: Path | None) -> DataDirectory:
    """Return the data directory to read from; one that was named must be there.

    Raises:
        NoInputError: it is not.
    """
    if given is not None and not given.is_dir():
        raise NoInputError(f"{given}: there is no such directory")
    return DataDirectory.find(given)


def load_contexts(data: DataDirectory) -> ContextStore:
    """Return the pinned contexts, those of the data directory included.

    Raises:
        MisuseError: what is pinned there cannot be read.
    """
    try:
        return load_context_store(data.contexts if data.contexts.is_dir() else None)
    except CertweaveError as error:
        raise MisuseError(f"{data.contexts}: {describe(error)}") from None
    except OSError as error:
        raise no_such_file(error.filename or data.contexts, error) from None


def add_network(parser: Parser) -> None:
    """Add the arguments that say where documents come from."""
    parser.add_argument(
        "--host-map",
        metavar="HOST=BASEURL",
        action="append",
        default=[],
        type=first_pair,
        help="fetch what lies on HOST from below BASEURL instead; may be given several times",
    )
    parser.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        help="data directory with host-map.json and pinned contexts (default: $XDG_DATA_HOME/certweave)",
    )


def read_host_map(entries: list[tuple[str, str]], data: DataDirectory) -> HostMap:
    """Return the host map of the data directory with what ``--host-map`` adds.

    Raises:
        MisuseError: one of them is no host map.
    """
    try:
        stored = data.load_host_map()
    except CertweaveError as error:
        raise MisuseError(f"{data.path}/host-map.json: {describe(error)}") from None
    try:
        return stored.plus(parse_host_map(dict(entries)))
    except CertweaveError as error:
        raise MisuseError(f"--host-map: {error.detail}") from None


@dataclass(slots=True)
class Online:
    """The network, whose client is loaded when something has to be fetched: most files need nothing."""

    limits: Limits
    host_map: HostMap
    _fetcher: "Fetcher | None" = None
    _lock: Lock = field(default_factory=Lock)

    def fetch(self, need: Need) -> Fetched | Unavailable:
        """Fetch what a document named."""
        return self._client().fetch(need)

    def fetch_typed(self, url: str, kind: Kind = Kind.CREDENTIAL) -> Fetched | Unavailable:
        """Fetch what the operator typed."""
        return self._client().fetch_typed(url, kind=kind)

    def _client(self) -> "Fetcher":
        with self._lock:
            if self._fetcher is None:
                from certweave_edge.fetch import Fetcher

                self._fetcher = Fetcher(limits=self.limits, host_map=self.host_map)
            return self._fetcher
