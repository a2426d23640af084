"""What the tests and the demo stand on: private services and sample benches. See README.md here."""
