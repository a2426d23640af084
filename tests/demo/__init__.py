"""The demonstration: a sample site is broken by real means and diagnosed in front of the user."""
