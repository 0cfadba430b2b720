"""Decoding images in Python and in TensorFlow graphs."""
