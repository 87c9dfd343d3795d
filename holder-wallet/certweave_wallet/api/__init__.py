"""The wallet's routes; most of them answer programs with JSON and browsers with a page."""
