"""The forms in which a document comes: each is read, and its proofs looked at, by a module of its own."""
