"""Deeds of taking part: commenting, voting, moderation."""
