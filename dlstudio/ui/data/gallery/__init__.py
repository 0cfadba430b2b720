"""A grid of pictures that stays quick however many there are."""
