"""Ways in which records become unusable."""
