"""``python -m tools.command_suites DIR [--node PROGRAM]``: run the suites in DIR, and print the scores."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.command_suites.run import SUITES, run_suite


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; 0 where every suite was found and nothing failed."""
    parser = argparse.ArgumentParser(prog="python -m tools.command_suites", description=__doc__)
    parser.add_argument("suites", type=Path, metavar="DIR", help="folder with the suites, each installed")
    parser.add_argument("--node", default="node", help="Node.js 22 or newer: the second suite needs it")
    options = parser.parse_args(arguments)
    found = [suite for suite in SUITES if (options.suites / suite.folder).is_dir()]
    failed = len(SUITES) - len(found)
    with tempfile.TemporaryDirectory() as work:
        for suite in found:
            score = run_suite(suite, options.suites / suite.folder, Path(work), node=options.node)
            skipped = f", {len(score.skipped)} skipped" if score.skipped else ""
            sys.stdout.write(f"{suite.folder}: {len(score.passed)} of {suite.total}{skipped}\n")
            for title in score.failed:
                sys.stdout.write(f"  failed: {title}\n")
            failed += len(score.failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
