"""Model weights: what the registries carry, made into what each engine reads."""
