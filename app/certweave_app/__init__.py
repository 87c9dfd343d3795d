"""All four services in one process, the seeded world and the command."""
