"""How a message travels to a participant."""
