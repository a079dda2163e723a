"""The shelf: course files become immutable releases; reading pages read those."""
