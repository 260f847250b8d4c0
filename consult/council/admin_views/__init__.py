"""The council desk: the coordination office prepares and submits, the council office records."""
