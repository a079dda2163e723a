"""Hostile texts through every place of the application, and whether anything runs in a real browser."""
