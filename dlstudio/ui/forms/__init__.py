"""Forms generated from descriptions: one field type per kind of parameter."""
