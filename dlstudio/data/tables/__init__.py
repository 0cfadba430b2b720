"""Tables of any common format, read into columns and written."""
