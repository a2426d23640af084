"""What the repairs of the scheduler need Frappe for."""
