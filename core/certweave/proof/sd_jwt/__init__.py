"""SD-JWT (RFC 9901), and the two kinds of credential that are secured with it."""
