"""SQL storage of the issuer."""
