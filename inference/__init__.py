"""Which models there are, how their servers are started and how they are asked."""
