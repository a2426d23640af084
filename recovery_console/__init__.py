"""Recovery Console: find out what is wrong with a Frappe site, and put it right."""

__version__ = "0.1.0"
