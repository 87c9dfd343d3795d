"""Torture: seeded mutations of a committed corpus through every parser and verifier (``make torture``)."""
