"""``python -m certweave_app`` is the ``certweave`` command."""

from certweave_app.cli.main import run

run()
