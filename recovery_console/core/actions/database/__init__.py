"""Repairs of the database: what its own user may do without an administrator."""
