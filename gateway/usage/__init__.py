"""How much an organisation uses of its models: by key, model and day, never by person."""
