"""Pages of the theme workshop and of the answers inside the admin."""
