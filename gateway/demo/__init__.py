"""The main job, end to end, as a person would want to read it; also the end-to-end test."""
