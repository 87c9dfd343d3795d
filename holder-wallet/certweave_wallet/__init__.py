"""The organisation's wallet."""
