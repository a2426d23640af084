"""Tests of the sample builder itself."""
