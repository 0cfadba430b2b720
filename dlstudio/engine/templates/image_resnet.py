"""A small residual network, drawn layer by layer.

He, Zhang, Ren, Sun: "Deep Residual Learning for Image Recognition" (2015), in the form
its section 4.2 gives for CIFAR-10: three stages of 3×3 convolutions. A shortcut is
projected by a 1×1 convolution where the number of filters changes.
"""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.engine.templates.brief import Brief
from dlstudio.engine.templates.parts import begin, end, epochs, mirror, normed, project
from dlstudio.engine.templates.sketch import Sketch

LONGEST = 96
FIRST = 32  # filters
BLOCKS = 1  # in each stage
STAGES = 3
ROUNDS = 0.6  # of the usual epochs: each is long, and residual networks learn fast
LARGE = 48  # pixels: from here on the first convolution halves the picture


def make(brief: Brief) -> Project:
    """A project whose model adds small corrections to what it has, again and again."""
    sketch = Sketch()
    side = min(begin(sketch, brief, LONGEST))
    mirror(sketch, brief)
    halved = (2, 2) if side >= LARGE else (1, 1)
    normed(sketch, "conv", FIRST, strides=halved)
    trunk = sketch.add("relu", "ReLU")
    for stage in range(STAGES):
        for block in range(BLOCKS):
            trunk = _block(sketch, trunk, FIRST * 2**stage, bool(stage) and block == 0)
    sketch.add("mean", "GlobalAveragePooling2D")
    sketch.add("dropout", "Dropout", rate=0.3)
    end(sketch, brief)
    rounds = round(ROUNDS * epochs(brief.samples))
    return project(brief, sketch, learning_rate=0.003, rounds=rounds)


def _block(sketch: Sketch, trunk: str, filters: int, halve: bool) -> str:
    strides = (2, 2) if halve else (1, 1)
    normed(sketch, "conv", filters, after=trunk, strides=strides)
    sketch.add("relu", "ReLU")
    branch = normed(sketch, "conv", filters)
    shortcut = trunk
    if halve:
        shortcut = normed(
            sketch, "shortcut", filters, size=1, after=trunk, column=1, strides=strides
        )
    sketch.add("add", "Add", after=(branch, shortcut))
    return sketch.add("relu", "ReLU")
