"""Knowledge as data: instruments, factor tables, profiles, each with its source."""
