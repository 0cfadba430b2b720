"""One module for each data source, and modules that several of them share."""
