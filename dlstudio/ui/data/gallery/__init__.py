"""A grid of images that stays quick however many there are."""
