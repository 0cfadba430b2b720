"""How a stranger loads each format: files that know nothing of dlstudio.

Each has `load(path)`, which gives callables by the name of the entry; a callable takes
pixels, float32 (n, height, width, channels) of 0 to 255, or a list of encoded pictures,
and gives (scores (n, classes), labels or None). `versions()` names the runtime.
"""
