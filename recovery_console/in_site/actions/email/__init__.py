"""What the repairs of email need Frappe for."""
