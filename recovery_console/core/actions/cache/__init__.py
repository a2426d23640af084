"""Repairs of the bench's two Redis servers and of what the site keeps in the cache."""
