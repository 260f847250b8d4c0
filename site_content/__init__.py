"""The site: how visitors meet concept and conversation."""
