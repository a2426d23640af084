"""How fast the console is on big sites: ``python -m tests.benchmarks`` measures and writes docs/performance.md."""
