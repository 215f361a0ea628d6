"""Prescriptions to doses: directions and products read, a line of days a person, windows and changes."""
