"""The desks of the working text."""
