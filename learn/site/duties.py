"""The duty pages linked from every footer."""
