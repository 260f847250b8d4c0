"""Pages of the intake desk inside the admin."""
