"""Starts the processes that Valv needs beside itself, watches them, and leaves none behind."""
