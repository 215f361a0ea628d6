"""Extracts that are too large to hold in memory: stored as text, checked, tidied and written some rows at a time."""
