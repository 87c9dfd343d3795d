"""Tests about the house itself: who imports whom, sizes, documents, the lock."""
