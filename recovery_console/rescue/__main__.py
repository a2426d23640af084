"""`python -m recovery_console.rescue`: the break-glass command line where its script is not on PATH."""

from recovery_console.rescue.cli import main

main()
