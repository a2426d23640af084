"""Backups: taking, testing, keeping, hiding them, and getting single things out of them."""
