"""Letters of the account pages, one module per topic."""
