"""Pages of the moderation desk inside the admin."""
