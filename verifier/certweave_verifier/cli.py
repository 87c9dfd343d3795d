"""Running a verifier from the command line: ``python -m certweave_verifier.cli``."""

import sys

from certweave_edge.command import ServiceCommand
from certweave_verifier.app import make_app
from certweave_verifier.settings import make_settings


def make_command() -> ServiceCommand:
    """Return the command; serving is all that a verifier alone does."""
    return ServiceCommand("verifier", "Run a verifier.", make_settings=make_settings, make_app=make_app)


if __name__ == "__main__":
    sys.exit(make_command().main())
