"""Who vouches for an issuer: policy and the chains of authority."""
