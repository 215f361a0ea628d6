"""What `make new` makes of a folder of exports: files, columns, codes, tables and the text of a definition."""
