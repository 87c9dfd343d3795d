"""What the issuer does, without HTTP and SQL."""
