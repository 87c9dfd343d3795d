"""The certifier's service."""
