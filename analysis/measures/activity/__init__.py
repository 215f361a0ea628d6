"""What the service delivered, to whom, over time, and at what cost."""
