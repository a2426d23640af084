"""What the repairs of the portal need Frappe for."""
