"""The gateway speaks HTTP, wires the rooms together and decides nothing of its own."""
