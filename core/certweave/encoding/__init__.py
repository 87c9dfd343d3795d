"""Strict readers and writers for JSON, multibase and multihash."""
