"""The ``certweave`` command (docs/reference/cli.md)."""
