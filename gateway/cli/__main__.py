"""`python -m gateway.cli`: the same as `valv`."""

from gateway.cli import main

main()
