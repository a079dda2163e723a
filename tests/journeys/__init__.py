"""Stories through a real browser on a running server."""
