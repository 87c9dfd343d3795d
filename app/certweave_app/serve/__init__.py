"""The four services as servers: all in one process, or one of them alone."""
