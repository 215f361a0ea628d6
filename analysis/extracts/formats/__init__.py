"""One reader for each kind of file: the bytes of a delivered file in, its sheets of cells out."""
