"""``python -m tools.conformance DIR``: run the suites that lie in DIR and write docs/conformance.json."""

import argparse
import json
import ssl
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from certweave_app.serve.tls import open_tls
from certweave_edge.clock import now
from tools.conformance.no import serving_no
from tools.conformance.pins import pin_contexts
from tools.conformance.plan import Suite, find_suites, make_config
from tools.conformance.run import Result, run_suite

OUT: Final = Path(__file__).resolve().parents[2] / "docs" / "conformance.json"
_READY: Final = "listens on "


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; 0 where every suite that was found reaches its bar."""
    parser = argparse.ArgumentParser(prog="python -m tools.conformance", description=__doc__)
    parser.add_argument("suites", type=Path, metavar="DIR", help="folder with the suites, each installed")
    parser.add_argument("--only", metavar="WORD", help="suites whose name has this in it; nothing is written")
    parser.add_argument("--out", type=Path, metavar="FILE", default=OUT)
    options = parser.parse_args(arguments)
    found = [one for one in find_suites(options.suites) if (options.only or "") in one[0].folder]
    if not found:
        sys.stderr.write(f"no suite lies in {options.suites}\n")
        return 2
    with tempfile.TemporaryDirectory() as name:
        rows = list(_run_all(found, Path(name), write=options.only is None))
    if options.only is None:
        text = json.dumps({"suites": rows}, indent=1, ensure_ascii=False)
        options.out.write_text(text + "\n", encoding="utf-8")
    return 0 if all(row["passed"] >= row["bar"] for row in rows) else 1


def _run_all(found: Sequence[tuple[Suite, Path]], data: Path, *, write: bool) -> Iterator[dict[str, Any]]:
    pin_contexts(data, [folder for _, folder in found])
    tls = open_tls(data, now=now())
    with _serving(data) as base, serving_no(tls) as no:
        issuers = _issuers(base)
        for suite, folder in found:
            ours = run_suite(folder, make_config(base, issuers))
            nothing = run_suite(folder, make_config(no, issuers)) if write else []
            row = _row(suite, folder, ours, nothing)
            sys.stdout.write(f"{suite.folder}: {row['passed']} of {row['total']} (bar {suite.bar}")
            sys.stdout.write(f"; always 400: {row['always400']})\n" if write else ")\n")
            for one in ours if not write else []:
                words = f"{one.title}{': ' if one.reason else ''}{one.reason}"
                sys.stdout.write(f"  {one.state} {one.place} {words}\n")
            sys.stdout.flush()
            yield row


def _row(suite: Suite, folder: Path, ours: Sequence[Result], nothing: Sequence[Result]) -> dict[str, Any]:
    command = ["git", "-C", str(folder), "rev-parse", "HEAD"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - git, of the user
    return {
        "suite": suite.folder,
        "commit": asked.stdout.strip(),
        "bar": suite.bar,
        "passed": sum(one.state == "pass" for one in ours),
        "total": sum(one.state != "skip" for one in ours),
        "skipped": sum(one.state == "skip" for one in ours),
        "always400": sum(one.state == "pass" for one in nothing),
        "tests": [one.to_json(suite.known.get(one.place)) for one in ours],
    }


@contextmanager
def _serving(data: Path) -> Iterator[str]:
    """Run ``certweave serve all --conformance --tls`` until left; give its address."""
    command = [sys.executable, "-m", "certweave_app", "serve", "all", "--conformance", "--tls"]
    log = (data / "serve.log").open("wb")
    with (
        log,
        subprocess.Popen(  # noqa: S603 - this very checkout
            [*command, "--port", "0", "--data", str(data)], stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            line = process.stdout.readline() if process.stdout is not None else ""
            if _READY not in line:
                raise RuntimeError((data / "serve.log").read_text(encoding="utf-8"))
            yield line.split(_READY)[1].strip().rstrip("/")
        finally:
            process.terminate()


def _issuers(base: str) -> list[dict[str, str]]:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # our own certificate, on this machine
    with urllib.request.urlopen(f"{base}/issuer/conformance", context=context) as answer:  # noqa: S310
        found: list[dict[str, str]] = json.load(answer)["issuers"]
    return found


if __name__ == "__main__":
    sys.exit(main())
