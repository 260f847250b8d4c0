"""The conversation: what people say and what becomes of it."""
