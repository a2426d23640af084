"""Infrastructure repairs, one file each. None yet: diagnosis comes first."""
