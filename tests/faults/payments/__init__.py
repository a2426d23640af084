"""Ways in which payments go wrong."""
