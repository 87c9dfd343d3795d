"""Data of the project: contexts, schemas, the catalogue."""
