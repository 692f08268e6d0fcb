"""The gateway speaks HTTP, wires the rooms together and decides nothing of its own."""

VERSION = "0.1.0"
