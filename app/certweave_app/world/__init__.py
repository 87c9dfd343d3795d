"""The demonstration's world: who there is, and what they say about a T-shirt. Facts only; all is invented."""
