"""Convolutions and pooling, as deep as the pictures are large."""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.engine.templates.brief import Brief
from dlstudio.engine.templates.parts import begin, end, mirror, normed, project
from dlstudio.engine.templates.sketch import Sketch

LONGEST = 128
FIRST, MOST = 32, 128  # filters
SMALLEST = 8  # pixels: a shorter side is not halved again


def make(brief: Brief) -> Project:
    """A project whose model halves the pictures until few pixels are left."""
    sketch = Sketch()
    side = min(begin(sketch, brief, LONGEST))
    mirror(sketch, brief)
    filters = FIRST
    while side >= SMALLEST:
        _block(sketch, filters)
        sketch.add("pool", "MaxPooling2D")
        side, filters = side // 2, min(2 * filters, MOST)
    _block(sketch, filters)
    sketch.add("mean", "GlobalAveragePooling2D")
    sketch.add("dropout", "Dropout", rate=0.3)
    end(sketch, brief)
    return project(brief, sketch, learning_rate=0.003)


def _block(sketch: Sketch, filters: int) -> None:
    normed(sketch, "conv", filters)
    sketch.add("relu", "ReLU")
