"""Mixed-methods evaluation of a health service: extracts and coded interviews in, released tables and pages out."""
