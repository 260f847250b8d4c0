"""The document: what the city proposes and finally adopts."""
