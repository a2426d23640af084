"""The console puts itself right."""
