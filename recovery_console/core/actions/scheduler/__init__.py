"""Repairs of the scheduler: its switches and its job types."""
