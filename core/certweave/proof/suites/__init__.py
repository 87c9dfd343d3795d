"""The cryptographic suites of Data Integrity: one file of stages each, listed in registry.py."""
