"""Securing mechanisms, listed in ways.py: embedded proofs (data_integrity.py, suites/) and envelopes."""
