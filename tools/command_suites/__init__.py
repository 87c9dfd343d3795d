"""Runs the two W3C suites that call a program instead of a server: VC JSON Schema and VC-JOSE-COSE.

``python -m tools.command_suites DIR`` runs those that lie in DIR, each with its packages installed. The
suites are other people's programs, and never part of this repository.
"""
