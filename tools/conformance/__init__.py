"""Runs the W3C test suites that lie in a folder against this checkout: ``make conformance SUITES=DIR``.

The suites are other people's programs, so they are never part of this repository. See
docs/reference/conformance.md.
"""
