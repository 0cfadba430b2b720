"""The sample: a small convolutional network on scikit-learn's handwritten digits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.engine.templates.brief import Brief
from dlstudio.engine.templates.parts import begin, end, project
from dlstudio.engine.templates.sketch import Sketch

DIGITS = Brief(
    name="",
    source=Spec("dlstudio.sources.digits"),
    classes=10,
    samples=1797,
    height=8,
    width=8,
    channels=1,
)
SAME: dict[str, Any] = {
    "kernel_size": (3, 3),
    "padding": "same",
    "activation": "relu",
}


def make(brief: Brief) -> Project:
    """A project on the digits, whatever source the brief has."""
    brief = replace(DIGITS, name=brief.name)
    sketch = Sketch()
    begin(sketch, brief, longest=8)
    sketch.add("conv", "Conv2D", filters=32, **SAME)
    sketch.add("conv", "Conv2D", filters=64, **SAME)
    sketch.add("pool", "MaxPooling2D")
    sketch.add("flatten", "Flatten")
    sketch.add("dense", "Dense", units=64, activation="relu")
    sketch.add("dropout", "Dropout", rate=0.3)
    end(sketch, brief)
    return project(brief, sketch, learning_rate=0.002)
