"""Pages of records in the admin."""
