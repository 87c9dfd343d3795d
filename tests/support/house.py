"""The project's own files, parsed once, for the tests that look at the house itself."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.shared import ROOT

PACKAGES = {
    "certweave": "core",
    "certweave_schemas": "schemas",
    "certweave_edge": "edge",
    "certweave_issuer": "issuer",
    "certweave_wallet": "holder-wallet",
    "certweave_verifier": "verifier",
    "certweave_ledger": "ledger",
    "certweave_app": "app",
}
"""Import packages and the top-level folders they live in."""

SERVICES = ("certweave_issuer", "certweave_wallet", "certweave_verifier", "certweave_ledger")

PASSED_BY = {"node_modules", "demo-data", "build", "dist", "output", "__pycache__"}
"""Folders that hold nothing of ours; those whose name opens with a dot are passed by too, but for .ci."""


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file."""

    path: Path
    module: str
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The path below the root, as it should stand in a message."""
        return self.path.relative_to(ROOT).as_posix()


def walk(folder: Path = ROOT) -> Iterator[Path]:
    """Yield every file of the project below ``folder``."""
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            hidden = path.name.startswith(".") and path.name != ".ci"
            if not hidden and path.name not in PASSED_BY and not path.name.endswith(".egg-info"):
                yield from walk(path)
        elif path.is_file():
            yield path


@cache
def sources(package: str) -> tuple[Source, ...]:
    """Return the parsed files of one import package."""
    base = ROOT / PACKAGES[package]
    found = []
    for path in sorted((base / package).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        parts = path.relative_to(base).with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append(Source(path, module, text, ast.parse(text)))
    return tuple(found)


def product() -> Iterator[Source]:
    """Yield every file that is shipped."""
    for package in PACKAGES:
        yield from sources(package)


def imports(source: Source) -> Iterator[tuple[int, str]]:
    """Yield (line, absolute module name) for every import, lazy ones included."""
    package = source.module if source.path.name == "__init__.py" else source.module.rpartition(".")[0]
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")
            above = above[: len(above) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield node.lineno, base
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"
