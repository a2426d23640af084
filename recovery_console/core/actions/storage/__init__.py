"""Repairs of files: uploads, folders, rights, logs and limits."""
