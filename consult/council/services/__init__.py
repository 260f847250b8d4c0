"""Deeds on a paper: what it says, its items, its route, what the bodies decided."""
