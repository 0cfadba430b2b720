"""Commands, keys, pointer, drops and menus of the canvas."""
