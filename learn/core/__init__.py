"""Database, access, web and worker machinery; knows nothing about schools."""
