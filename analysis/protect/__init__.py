"""Disclosure control: Summary in, Released out. The only door between a true number and a page."""
