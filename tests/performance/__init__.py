"""Benchmarks: run by hand at full size, by `python -m tests.check` at small size; ratios, never limits."""
