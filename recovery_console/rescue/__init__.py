"""The break-glass command line: works when the site, and Frappe itself, do not."""
