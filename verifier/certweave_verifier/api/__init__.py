"""The verifier's JSON routes."""
