"""What the contracts of .importlinter cannot say: allow-lists, and one wrapper for each untyped library."""

import ast
import subprocess
import sys

import pytest

from tests.support.house import PACKAGES, Source, imports, sources

CORE_LIBRARIES = {
    "cryptography",
    "jwcrypto",
    "nacl",
    "pyld",
    "pydantic",
    "pydantic_core",
    "annotated_types",
    "rfc8785",
    "orjson",
    "pybase64",
    "idna",
    "cachetools",
    "cbor2",
    "jsonschema_rs",
    "py_arkworks_bls12381",
}
IMPURE = {
    *(
        "os",
        "pathlib",
        "io",
        "shutil",
        "tempfile",
        "subprocess",
        "socket",
        "ssl",
        "select",
        "selectors",
        "http",
    ),
    *("asyncio", "multiprocessing", "signal", "sqlite3", "logging", "time", "random", "secrets", "importlib"),
    *("ctypes", "sys", "builtins", "glob", "fileinput", "platform", "getpass", "locale", "queue", "sched"),
}
"""Modules of the standard library that bring in the world; ``io`` and ``sys`` have pure uses, none needed."""
IMPURE_PARTS = ("urllib.request", "urllib.error", "urllib.robotparser")
WRAPPED = {
    "pyld": {"certweave.canon.jsonld", "certweave.canon.processor", "certweave_edge.contexts"},
    "jwcrypto": {"certweave.keys.jwk"},
    "cachetools": {"certweave.canon.processor"},
}
"""Who may import a library without types. The edge takes only the bundled context documents from pyld."""
ELSEWHERE = "certweave_app.bench.programs"
"""Programs that run in the environments of other projects, on their packages."""
FACE = "certweave"
"""The face of the library, which loads by name what others ask for."""
SCHEMAS = {"importlib.resources", "importlib", "json", "hashlib", "pkgutil"}


def _top(name: str) -> str:
    return name.partition(".")[0]


def _outside(source: Source) -> list[tuple[int, str]]:
    return [(line, name) for line, name in imports(source) if _top(name) not in PACKAGES]


def test_core_imports_only_pure_modules_and_listed_libraries() -> None:
    allowed = (sys.stdlib_module_names - IMPURE) | CORE_LIBRARIES
    strange = [
        f"{source.name}:{line} {name}"
        for source in sources("certweave")
        for line, name in _outside(source)
        if (_top(name) not in allowed or name.startswith(IMPURE_PARTS)) and source.module != FACE
    ]
    assert not strange


@pytest.mark.parametrize("library", WRAPPED)
def test_an_untyped_library_has_one_wrapper(library: str) -> None:
    users = {
        source.module
        for package in PACKAGES
        for source in sources(package)
        for _, name in imports(source)
        if _top(name) == library and not source.module.startswith(ELSEWHERE)
    }
    assert users <= WRAPPED[library]


def test_the_face_is_for_others() -> None:
    """Inside, a name is imported from the module that defines it."""
    users = [
        f"{source.name}:{node.lineno}"
        for package in PACKAGES
        for source in sources(package)
        for node in ast.walk(source.tree)
        if (isinstance(node, ast.ImportFrom) and node.module == FACE and not node.level)
        or (isinstance(node, ast.Import) and any(name.name == FACE for name in node.names))
    ]
    assert not users


def test_schemas_only_read_their_own_data() -> None:
    strange = {
        name
        for source in sources("certweave_schemas")
        for _, name in imports(source)
        if _top(name) not in {*PACKAGES, "collections", "typing", "functools", "types", "dataclasses"}
        and not any(name == allowed or name.startswith(f"{allowed}.") for allowed in SCHEMAS)
    }
    assert not strange


def test_nothing_imports_tests() -> None:
    users = [
        source.name
        for package in PACKAGES
        for source in sources(package)
        for _, name in imports(source)
        if _top(name) in {"tests", "tools", "pytest", "hypothesis"}
    ]
    assert not users


HEAVY = ("fastapi", "starlette", "uvicorn", "sqlalchemy", "alembic", "jinja2")


@pytest.mark.parametrize(
    "module", ["certweave_app.cli.main", "certweave_app.cli.verify", "certweave_app.cli.issue"]
)
def test_the_command_line_starts_light(module: str) -> None:
    """The web framework costs 0.4 s; who only verifies a file does not pay it."""
    if module not in {source.module for source in sources("certweave_app")}:
        return
    code = f"import sys, {module}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not run.stdout.split()
