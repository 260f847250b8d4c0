"""From rows to what a template shows: finished words, numbers, addresses. Nothing is written."""
