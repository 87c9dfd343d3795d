"""How things are shown on pages, for the routes that answer programs and browsers alike."""
