"""Run the verifier alone: ``python -m certweave_verifier.cli``, told by ``CERTWEAVE_*`` variables."""

import argparse
import os
from collections.abc import Sequence

import uvicorn

from certweave_verifier.app import make_app
from certweave_verifier.settings import make_settings


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the settings and serve."""
    parser = argparse.ArgumentParser(prog="certweave-verifier", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at")
    parser.add_argument("--port", type=int, default=8004, help="port to listen at")
    options = parser.parse_args(arguments)
    app = make_app(make_settings(os.environ))
    uvicorn.run(app, host=options.host, port=options.port, log_level="warning", server_header=False)


if __name__ == "__main__":
    main()
