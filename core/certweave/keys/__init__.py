"""Public and private keys, and the forms in which they are written."""
