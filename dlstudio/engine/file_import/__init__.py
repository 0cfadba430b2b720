"""Projects made of files of Keras models."""
