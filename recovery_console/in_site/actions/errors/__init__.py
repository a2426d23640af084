"""What the repairs of errors need Frappe for."""
