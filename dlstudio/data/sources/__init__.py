"""One module for each data source, and what several of them need."""
