"""What happened, whom it concerns, and how they hear of it: events, notices, deliveries by mail."""
