"""The verifier's service and the shopper's page."""
