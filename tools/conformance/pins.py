"""Contexts that suites bring along and use: pinned for one run, in that run's own data directory.

They are found where npm puts them. What we pin ourselves stays as it is.
"""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from certweave_edge.contexts import load_context_store, save_context
from certweave_edge.settings import DataDirectory

PACKAGES: Final = (
    "@digitalbazaar/vdl-context",
    "@digitalbazaar/data-integrity-context",
    "@digitalbazaar/multikey-context",
)
_SCRIPT: Final = """
const found = {};
for (const name of process.argv.slice(1)) {
  try {
    const module = await import(name);
    for (const [url, document] of module.contexts ?? module.default?.contexts ?? []) found[url] = document;
  } catch (error) { if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error; }
}
console.log(JSON.stringify(found));
"""


def pin_contexts(data: Path, folders: Sequence[Path]) -> None:
    """Pin what the suites in these folders bring, for a server with this data directory."""
    known = load_context_store()
    target = DataDirectory(data).contexts
    for folder in folders:
        command = ["node", "--input-type=module", "--eval", _SCRIPT, *PACKAGES]
        answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)  # noqa: S603
        for url, document in json.loads(answer.stdout).items():
            if not known.knows(url):
                save_context(target, url, document)
