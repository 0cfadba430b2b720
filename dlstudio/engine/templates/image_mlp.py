"""Dense layers on the pixels: what a model without convolutions makes of pictures."""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.engine.templates.brief import Brief
from dlstudio.engine.templates.parts import begin, end, project
from dlstudio.engine.templates.sketch import Sketch

LONGEST = 48
UNITS = (256, 128)


def make(brief: Brief) -> Project:
    """A project whose model sees small pictures as one row of numbers."""
    sketch = Sketch()
    begin(sketch, brief, LONGEST)
    sketch.add("flatten", "Flatten")
    for units in UNITS:
        sketch.add("dense", "Dense", units=units, activation="relu")
        sketch.add("dropout", "Dropout", rate=0.3)
    end(sketch, brief)
    return project(brief, sketch, learning_rate=0.001)
