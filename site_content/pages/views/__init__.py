"""Public pages. Each view reads through selectors and makes at most one domain call."""
