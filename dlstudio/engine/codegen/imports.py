"""The imports of a script, by what its lines use."""

from __future__ import annotations

import re
from collections.abc import Sequence

STANDARD = (
    "csv",
    "gzip",
    "hashlib",
    "io",
    "math",
    "os",
    "pathlib",
    "re",
    "unicodedata",
)
TEXT = re.compile(r"""\"\"\".*|r?"(\\.|[^"\\])*"|'(\\.|[^'\\])*'|#.*""")
"""What is no code: docstrings, texts and comments, each on one line."""


def import_rows(
    program: Sequence[str],
    classes: Sequence[str],
    *,
    arrays: bool,
    hub: bool,
    modules: bool = False,
) -> list[str]:
    """The lines of the imports.

    Args:
        program: The lines of a program that reads data; () for a model alone.
        classes: Those of layers that Keras does not have.
        arrays: Whether the model has arrays among its values.
        hub: Whether it has networks of KerasHub.
        modules: Whether modules beside the script are imported.
    """
    code = [TEXT.sub("", row) for row in (*program, *classes)]

    def uses(name: str) -> bool:
        return any(re.search(rf"(?<![\w.]){name}[.(]", row) for row in code)

    names = sorted((*STANDARD, "sys")) if modules else STANDARD
    standard = [f"import {name}" for name in names if uses(name) or name == "sys"]
    rows = [*standard, *([""] if standard else []), "import keras"]
    if hub:
        rows.append("import keras_hub")
    if arrays or program or uses("np"):
        rows.append("import numpy as np")
    if uses("pd"):
        rows.append("import pandas as pd")
    if uses("PIL"):
        rows.append("import PIL.Image")
    if program or uses("tf"):
        rows.append("import tensorflow as tf")
    rows.append("from keras import layers")
    if uses("load_digits"):
        rows.append("from sklearn.datasets import load_digits")
    return rows
