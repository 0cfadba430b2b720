"""The catalog's data files, generated from the installed Keras."""
