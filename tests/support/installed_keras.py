"""Finds features that the installed Keras lacks, compared to the catalog's."""

from __future__ import annotations

import json

import keras
import pytest

from dlstudio.catalog.schema import Description
from dlstudio.engine.model.instantiate import implementation
from dlstudio.errors import UserError
from dlstudio.paths import resource


def recorded_version() -> str:
    """The version of Keras that the catalog was generated from."""
    text = resource("catalog", "keras_layers.json").read_text("utf-8")
    return str(json.loads(text)["keras"])


def needs(description: Description) -> None:
    """Skip a test if the installed Keras is older, such as on Python 3.10."""
    if keras.__version__ != recorded_version():
        try:
            implementation(description)
        except UserError as error:
            pytest.skip(f"Keras {keras.__version__}: {error.message}")
