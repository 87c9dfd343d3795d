"""The demonstration: fills the four services with a small world over their own APIs, and tries it out."""
