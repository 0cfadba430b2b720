"""What can be wrong with the images of a dataset."""
