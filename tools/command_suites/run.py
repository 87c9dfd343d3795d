"""Runs one of the suites with our program in the place of the container that it would start.

A copy of the suite is made; in it, our name stands in the list of implementations, and a ``docker-compose``
of our own, found first on the path, calls the program with the same arguments. Nothing of the suite's tests
is changed.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
NAME: Final = "certweave"

_SHIM: Final = """#!{python}
import runpy, sys
arguments = sys.argv[1:]
verbs = [word for word in arguments if word in ("validate", "issue", "verify")]
here = arguments[arguments.index(verbs[0]):]
sys.argv = ["program"] + [{suite!r} + word if word.startswith("/tests/") else word for word in here]
sys.path[:0] = {path!r}
runpy.run_module({module!r}, run_name="__main__")
"""
"""Stands for docker-compose (or docker): what comes before the verb is about containers."""

_FEATURES: Final = tuple(
    f"{what}_{way}" for what in ("credential", "presentation") for way in ("jose", "sdjwt", "cose")
)
_STUB: Final = """
const settings = {{name: '{name}', implementation: '{name}', 'jose-cose': {{features: {features}}}}};
export const allImplementations = new Map([['{name}', {{settings}}]]);
export const filterImplementations = ({{filter}}) => ({{
  match: new Map([...allImplementations].filter(([name, value]) => filter({{name, value}}))),
}});
"""
"""Stands for the package that lists implementations, which npm can only fetch from GitHub."""


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite by its folder, with the module that answers it and what a full score is."""

    folder: str
    module: str
    total: int


SUITES: Final = (
    Suite("vc-json-schema-test-suite", "tools.command_suites.json_schema", 50),
    Suite("vc-jose-cose-test-suite", "tools.command_suites.jose_cose", 35),
)


@dataclass(frozen=True, slots=True)
class Score:
    """How a run ended: tests by their full title."""

    passed: tuple[str, ...]
    failed: tuple[str, ...]
    skipped: tuple[str, ...]


def run_suite(suite: Suite, folder: Path, work: Path, *, node: str) -> Score:
    """Run the suite that lies in ``folder`` in a copy below ``work``, with the program ``node``.

    Raises:
        ValueError: mocha gave no result.
    """
    copy = work / suite.folder
    shutil.copytree(folder, copy, symlinks=True)
    programs = work / "bin"
    programs.mkdir(exist_ok=True)
    text = _SHIM.format(python=sys.executable, suite=str(copy), path=_path(), module=suite.module)
    for name in ("docker-compose", "docker"):
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    _enter(copy)
    command = [node, str(copy / "node_modules/mocha/bin/mocha.js"), "tests/", "--reporter", "json"]
    out = work / f"{suite.folder}.json"
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(  # noqa: S603 - the suite is what the developer asked to run
        [*command, "--reporter-option", f"output={out}", "--timeout", "150000"],
        cwd=copy,
        env=environment,
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if not out.exists():
        raise ValueError(f"{suite.folder}: mocha gave no result")
    return _score(json.loads(out.read_text("utf-8")))


def _path() -> list[str]:
    packages = ("core", "schemas", "edge")
    return [str(ROOT), *(str(ROOT / name) for name in packages)]


def _enter(copy: Path) -> None:
    """Put our name into the suite's list of implementations, and take out every other."""
    implementations = copy / "implementations"
    for other in implementations.glob("*.json"):
        other.unlink()
    if (copy / "tests/testmapping.js").exists():
        both = ["JsonSchema", "JsonSchemaCredential"]
        entry: dict[str, Any] = {
            "name": NAME,
            "specs": dict.fromkeys(("2020-12", "2019-09", "Draft-7"), both),
        }
        (implementations / f"{NAME}.json").write_text(json.dumps(entry), encoding="utf-8")
        return
    package = copy / "node_modules/vc-test-suite-implementations"
    if package.is_symlink():
        package.unlink()
    shutil.rmtree(package, ignore_errors=True)
    package.mkdir(parents=True)
    features = json.dumps(dict.fromkeys(_FEATURES, True))
    (package / "index.js").write_text(_STUB.format(name=NAME, features=features), encoding="utf-8")
    described = {"name": package.name, "type": "module", "main": "index.js"}
    (package / "package.json").write_text(json.dumps(described), encoding="utf-8")


def _score(report: dict[str, Any]) -> Score:
    def titles(member: str) -> tuple[str, ...]:
        return tuple(str(one["fullTitle"]) for one in report[member])

    return Score(titles("passes"), titles("failures"), titles("pending"))
