"""Statistics that measures share: numbers in, numbers out, each with its source."""
