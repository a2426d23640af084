"""Repairs, one file each: ``<family>/<name>.py``. Planned by reading, so that break-glass can show every plan."""
