"""Pairs of digits and words, and small models that translate them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import polars as pl

from dlstudio.catalog.store import Catalog
from dlstudio.document.feature import Feature
from dlstudio.document.graph import Node
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.heads.sequence_to_sequence import SEQUENCE_TO_SEQUENCE
from dlstudio.engine.model.build import build
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.engine.templates import make_project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.sequence_profile import SequenceProfile
from dlstudio.engine.templates.table_features import (
    InputFeature,
    TableFeatures,
    TargetFeature,
)

TEXT = "dlstudio.features.text"
WORDS = ("zero", "one", "two", "three", "four", "five")
SOURCE = Spec("dlstudio.sources.table", FrozenMap({"path": "pairs.csv"}))
SIZES = {"units": 8, "output_dim": 8, "key_dim": 2}


def pairs(count: int = 60) -> list[tuple[str, str]]:
    """Digits and the same as words, such as "1 3" and "one three"."""
    random = np.random.default_rng(5)
    rows = [random.integers(0, len(WORDS), size=1 + row % 4) for row in range(count)]
    return [
        (" ".join(map(str, row)), " ".join(WORDS[each] for each in row)) for row in rows
    ]


def write_pairs(path: Path, count: int = 60) -> Path:
    """A table of them."""
    lines = ["digits,words", *(",".join(each) for each in pairs(count))]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def pair_context(count: int = 60) -> TemplateContext:
    """What a template is told of them."""
    catalog = Catalog.load()
    columns = [pl.Series(each) for each in zip(*pairs(count), strict=True)]
    text = Feature(TEXT)
    table = TableFeatures(
        (InputFeature.of("digits", text, count, catalog),),
        (TargetFeature("words", text, SEQUENCE_TO_SEQUENCE),),
        sequences=FrozenMap(
            {
                name: SequenceProfile.of(column)
                for name, column in zip(("digits", "words"), columns, strict=True)
            }
        ),
    )
    return TemplateContext("pairs", SOURCE, samples=count, table=table)


def small_project(template: str) -> Project:
    """A project of a template, with few units."""
    catalog = Catalog.load()
    project = make_project(catalog.find("templates", template), pair_context())
    graph = project.model
    nodes = [_small(each, project) for each in graph.nodes.values()]
    return project.with_graph(MODEL, graph.with_nodes(nodes))


def _small(node: Node, project: Project) -> Node:
    if node.id == project.output.output:
        return node
    params = node.params.merge({n: v for n, v in SIZES.items() if n in node.params})
    layer = params.get("layer")
    if isinstance(layer, Spec):
        params = params.set("layer", layer.with_param("units", 4))
    return replace(node, params=params)


def built(project: Project, seed: int = 0) -> Any:
    """Its Keras model with random weights, which knows the words."""
    keras.utils.set_random_seed(seed)
    model: Any = build(project, Catalog.load())
    known = {"source_words": list("012345"), "target_words": list(WORDS)}
    for layer in model.layers:
        if layer.name in known:
            layer.set_vocabulary(known[layer.name])
    for weight in model.trainable_variables:  # so that something is likely
        weight.assign(weight * 3)
    return model


def feature_model(project: Project, seed: int = 0) -> FeatureModel:
    """The same as a trained model of features."""
    return FeatureModel(built(project, seed), project, {}, Catalog.load())
