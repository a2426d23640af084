"""What the repairs of imports need Frappe for."""
