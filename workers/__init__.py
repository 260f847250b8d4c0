"""What runs without a visitor waiting."""
