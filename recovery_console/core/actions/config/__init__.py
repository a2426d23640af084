"""Repairs of the configuration files, of apps.txt and of what hangs on them."""
