"""What product code never does. An outermost handler says so and why, in a comment."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.support.house import Source, product

OUTERMOST = re.compile(r"#.*\boutermost\b.*: \S", re.IGNORECASE)
CATCH_ALL = {"Exception", "BaseException"}
EXCUSED = re.compile(r"#.*\bpragma: no (cover|branch)\b(?P<reason>.*)", re.IGNORECASE)
REASON = re.compile(r" - \w+(\W+\w+){2,}")
LEFT_OPEN = re.compile(r"#.*\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")


def _caught(kind: ast.expr | None) -> set[str]:
    if kind is None:
        return {"BaseException"}
    names = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return {name.id for name in names if isinstance(name, ast.Name)}


def find_faults(tree: ast.Module, text: str) -> Iterator[str]:
    """Yield what stands in a file and should not."""
    lines = text.splitlines()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield f"{node.lineno}: assert (it vanishes under -O; raise instead)"
        elif isinstance(node, ast.ExceptHandler) and _caught(node.type) & CATCH_ALL:
            if not any(OUTERMOST.search(line) for line in lines[node.lineno - 1 : node.lineno + 1]):
                yield f"{node.lineno}: catches everything"
        elif isinstance(node, ast.Raise) and "NotImplementedError" in ast.dump(node):
            yield f"{node.lineno}: a stub"
    for number, line in enumerate(lines, 1):
        if LEFT_OPEN.search(line):
            yield f"{number}: left open"
        excused = EXCUSED.search(line)
        if excused and not REASON.match(excused["reason"]):
            yield f"{number}: excused from coverage without a reason"


def test_product_code_is_clean() -> None:
    faults = [
        f"{source.name}:{fault}" for source in product() for fault in find_faults(source.tree, source.text)
    ]
    assert not faults


def test_every_module_says_what_it_is() -> None:
    assert not [source.name for source in product() if not ast.get_docstring(source.tree)]


def _is_bare(source: Source) -> bool:
    return len(source.tree.body) == 1 and ast.get_docstring(source.tree) is not None


def test_packages_export_nothing() -> None:
    """A name is imported from the module that defines it; only other projects have a face to import from."""
    assert [
        source.name for source in product() if source.path.name == "__init__.py" and not _is_bare(source)
    ] == ["core/certweave/__init__.py"]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("assert x", 1),
        ("try:\n  f()\nexcept:\n  pass", 1),
        ("try:\n  f()\nexcept (ValueError, Exception):\n  pass", 1),
        ("try:\n  f()\nexcept Exception:  # outermost: a worker must not die\n  pass", 0),
        ("try:\n  f()\nexcept ValueError:\n  pass", 0),
        ("raise NotImplementedError", 1),
        ("x = 1  # TODO later", 1),
        ("x = 1  # pragma: no cover", 1),
        ("x = 1  # pragma: no branch - unreachable", 1),
        ("x = 1  # pragma: no cover - only a broken library gets here", 0),
    ],
)
def test_the_search_finds(text: str, faults: int) -> None:
    assert len(list(find_faults(ast.parse(text), text))) == faults
