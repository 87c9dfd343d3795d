"""Writes the files of certweave_schemas that come from the models: our context and the extension's schemas.

Run from the root of the project after a change to the models: ``python schemas/write_generated.py``. A test
fails where the files and the models differ.
"""

import json
from pathlib import Path

from certweave.credential.extension import make_extension_context
from certweave.credential.extension_parts import PARTS
from certweave.credential.extension_schema import make_extension_schema

FOLDER = Path(__file__).parent / "certweave_schemas"


def write() -> None:
    """Write the context and one schema for each extension type."""
    documents = {f"schema/{name}.json": make_extension_schema(name) for name in PARTS}
    documents["contexts/certweave-v1.jsonld"] = make_extension_context()
    for name, document in documents.items():
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
