"""What is done with occasions, notes, tables, cards and statements."""
