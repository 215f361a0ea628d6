"""Answers to scores, and what changed between two of a person."""
