"""What is measured: canonical tables in, one Summary out. Pure: nothing here reads a file."""
