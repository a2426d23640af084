"""The part of the console that needs no Frappe: what a check is, what it may look at, what it says."""
