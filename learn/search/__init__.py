"""Search: what is computed from texts and asked for by words, on both databases alike; knows no pages."""
