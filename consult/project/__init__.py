"""Composition root: settings, URLs, command line, embedded services."""
