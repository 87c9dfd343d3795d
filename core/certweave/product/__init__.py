"""From reports about documents to an answer about a product."""
