"""The wallet's storage in SQL."""
