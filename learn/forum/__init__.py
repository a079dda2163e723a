"""The forum: Fragen, Antworten and Rückfragen between municipalities, who may read them, and their care."""
