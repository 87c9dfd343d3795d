"""DIDs, their documents and their histories."""
