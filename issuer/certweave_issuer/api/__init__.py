"""The issuer's routes; thin, each calls the service."""
