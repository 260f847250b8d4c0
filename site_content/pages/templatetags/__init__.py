"""What templates of the site can say."""
