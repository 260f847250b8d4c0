"""Settings: `base` for all, then one module a place: demo, test, production."""
