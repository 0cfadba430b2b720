"""A table that stays responsive for any number of rows."""
