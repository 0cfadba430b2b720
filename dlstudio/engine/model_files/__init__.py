"""Files of Keras models: what they say of a model, read without running anything."""
