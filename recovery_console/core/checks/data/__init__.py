"""Data: records that stand twice, point to nothing or to what is switched off, or cannot be used as they are."""
