"""Reading and writing files with care: all or nothing, private where it must be, no link followed.

POSIX permissions; on other systems the modes have the meaning that the system gives them.
"""

import os
import stat
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_DIRECTORY = 0o700
PUBLIC_FILE = 0o644


def write_file(path: Path, content: bytes, *, mode: int = PRIVATE_FILE) -> None:
    """Write ``content`` so that a reader sees the old file or the new one, never a part.

    What stands at ``path`` is replaced, also a symbolic link: its target stays as it is.

    Raises:
        OSError: it cannot be written.
    """
    import tempfile  # loads a dozen modules, and who reads needs none of them

    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        error.filename = str(path)  # nobody asked for the file with the other name
        raise
    try:
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def create_file(path: Path, content: bytes, *, mode: int = PRIVATE_FILE) -> None:
    """Write a file that must not exist yet: a key is never written over another.

    Raises:
        FileExistsError: something stands there already.
        OSError: it cannot be written.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def read_file(path: Path, *, most: int, follow: bool = True) -> bytes:
    """Read at most ``most`` bytes; one byte more is returned where there is more, so a caller can tell.

    With ``follow`` False a symbolic link is refused: a key file must be what it seems to be.

    Raises:
        OSError: it cannot be read, or is not a file.
    """
    flags = os.O_RDONLY | (0 if follow else getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(os.open(path, flags), "rb") as stream:
        return stream.read(most + 1)


def make_directory(path: Path, *, mode: int = PRIVATE_DIRECTORY) -> None:
    """Make a directory and what leads to it; one that exists keeps its mode.

    Raises:
        OSError: it cannot be made.
    """
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=mode)


def readable_by_others(path: Path) -> bool:
    """Return whether users other than the owner may read ``path`` (never so where modes mean nothing)."""
    return os.name == "posix" and bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
