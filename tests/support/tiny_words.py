"""Texts of two topics, and a project that learns vectors of their words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.plan import DataRecipe, Split, TrainingPlan
from dlstudio.document.project import TABLE_SOURCE, Project
from dlstudio.document.values import FrozenMap, Spec

ANIMALS = ("cat", "dog", "mouse", "horse", "fox")
VEHICLES = ("car", "bus", "train", "truck", "bike")
EPOCHS = 20
WORD2VEC = "dlstudio.methods.word2vec"


def write_texts(path: Path, count: int = 80) -> Path:
    """A table whose texts are about one of two topics each."""
    random = np.random.default_rng(0)
    lines = ["text,topic"]
    for number in range(count):
        topic = (ANIMALS, VEHICLES)[number % 2]
        words = random.choice([*topic, "the", "and"], 9)
        lines.append(f"{' '.join(words)},{('a', 'v')[number % 2]}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def words_project(
    path: Path, plan: dict[str, Any] | None = None, **method: Any
) -> Project:
    """A project that learns from a table of `write_texts`."""
    given = {"vector_size": 8, "window": 3, "min_count": 2, "sample": 0.0, **method}
    planned = {
        "epochs": EPOCHS,
        "batch_size": 8,
        "metrics": (),
        "optimizer": Spec("keras.optimizers.SGD", FrozenMap({"learning_rate": 0.2})),
        **(plan or {}),
    }
    return Project(
        data=DataRecipe(
            source=Spec(TABLE_SOURCE, FrozenMap({"path": str(path)})),
            split=Split(validation=0.1, test=0.0),
            features=FrozenMap({"text": Feature("dlstudio.features.text")}),
        ),
        inputs=(InputBinding("text"),),
        outputs=(OutputBinding("text", Spec("")),),
        plan=TrainingPlan(method=Spec(WORD2VEC, FrozenMap(given)), **planned),
    )
