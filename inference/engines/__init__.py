"""The engines that serve weights: how each one's command and environment look."""
