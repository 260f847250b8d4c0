"""Publishing through OParl."""
