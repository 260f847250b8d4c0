"""Deeds on personal data and on the proof of what was done."""
