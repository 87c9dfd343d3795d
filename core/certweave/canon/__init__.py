"""Canonical forms: RFC 8785 and JSON-LD."""
