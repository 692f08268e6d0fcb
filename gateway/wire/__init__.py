"""The shapes of the OpenAI-compatible wire; they end at the routes."""
