"""What the repairs of the family payments need Frappe for."""
