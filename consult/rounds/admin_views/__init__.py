"""Pages of the rounds desk inside the admin."""
