"""A language model whose training is killed: see `killed_features`."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

from tiny import layer
from tiny_features import connected

from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.graph import INPUT, Edge, node
from dlstudio.document.plan import DataRecipe, Split, TrainingPlan
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Spec


def language_project() -> Project:
    """Characters that are learned, read by a GRU and by causal attention."""
    size = {"max_tokens": 20, "output_sequence_length": 8}
    attention = layer("attend", "MultiHeadAttention", num_heads=2, key_dim=3)
    nodes = [
        node("text", INPUT, shape=(1,), dtype="string"),
        layer(
            *("tokens", "TextVectorization"),
            **{"standardize": None, "split": "character", **size},
        ),
        layer("embed", "Embedding", input_dim=20, output_dim=6),
        layer("gru", "GRU", units=6, return_sequences=True),
        replace(attention, call=FrozenMap({"use_causal_mask": True})),
        layer("drop", "Dropout", rate=0.3),
        layer("out", "Dense", units=20),
    ]
    links = [(a.id, b.id) for a, b in itertools.pairwise(nodes)]
    graph = connected(nodes, links)
    graph = replace(graph, edges=(*graph.edges, Edge("gru", "attend", target_port=1)))
    loss = FrozenMap({"from_logits": True, "ignore_class": 0})
    read = FrozenMap({"path": "story.txt", "window": 8, "validation": 0.2})
    return Project(
        graphs=FrozenMap({MODEL: graph}),
        data=DataRecipe(
            Spec("dlstudio.sources.long_text", read),
            features=FrozenMap({"text": Feature("dlstudio.features.continuous_text")}),
            split=Split(mode="folders", validation=0.0, test=0.0, stratify=False),
        ),
        inputs=(InputBinding("text", input="text"),),
        outputs=(OutputBinding("text", Spec("dlstudio.heads.language_model")),),
        plan=TrainingPlan(
            loss=Spec("keras.losses.SparseCategoricalCrossentropy", loss),
            optimizer=Spec("keras.optimizers.Adam", FrozenMap({"learning_rate": 0.02})),
            metrics=(Spec("dlstudio.metrics.bits_per_character"),),
            epochs=4,
            batch_size=8,
            steps_per_execution=2,
            checkpoint_minutes=1e-9,
        ),
    )


def write_story(folder: Path) -> None:
    """Write the text that the project reads."""
    lines = [f"Ann sees {('Rome', 'Oslo')[n % 2]} {n % 7} times." for n in range(20)]
    (folder / "story.txt").write_text("\n".join(lines), "utf-8")
