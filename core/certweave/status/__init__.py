"""Status lists and status records."""
