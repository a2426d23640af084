"""What the repairs of the family data need Frappe for."""
