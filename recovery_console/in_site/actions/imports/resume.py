"""Goes on with an interrupted import."""

from recovery_console.in_site.actions.imports._start import is_started as is_done
from recovery_console.in_site.actions.imports._start import start as perform

__all__ = ["is_done", "perform"]
