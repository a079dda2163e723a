"""Markdown to sanitised parts; pure, without Flask and without a database."""
