"""Deeds of evaluating: closing, analysis, themes, responses, revision."""
