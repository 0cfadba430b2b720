"""A grid of images that stays responsive for any number of images."""
