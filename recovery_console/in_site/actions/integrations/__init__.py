"""What the repairs of the family integrations need Frappe for."""
