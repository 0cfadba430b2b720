"""Forms made from descriptions: one field for each kind of parameter."""
