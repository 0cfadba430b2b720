"""Which ports there are, which edges are allowed, which layers fit. No Qt."""
