"""What makes a site slow, or people wait in vain."""
