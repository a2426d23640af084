"""Tests on real benches, where there are any."""
