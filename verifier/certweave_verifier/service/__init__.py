"""The verifier's rules: checking, keeping, asking."""
