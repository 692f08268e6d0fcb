"""Everything that FastAPI serves: parse, allow, do, answer."""
