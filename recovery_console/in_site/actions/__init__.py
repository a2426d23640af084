"""What repairs need Frappe for: one file for each action with acts that only Frappe can do."""
