"""Repairs of background jobs, their queues and workers."""
