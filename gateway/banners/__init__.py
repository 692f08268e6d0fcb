"""What an organisation says to all its people on every page."""
