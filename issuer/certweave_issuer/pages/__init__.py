"""The clerk's pages and the public register."""
