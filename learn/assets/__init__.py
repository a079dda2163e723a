"""Front-end sources and their build: styles, scripts, illustrations and what npm supplies."""
