"""From executed notebooks to pages, site and provenance."""
