"""A Keras model on its way to graphs, a file, a script, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import keras
import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.document.plan import TrainingPlan
from dlstudio.document.project import Project
from dlstudio.document.storage import project_from_json, project_text
from dlstudio.engine.codegen.script import script
from dlstudio.engine.model.build import build
from dlstudio.engine.model_import.carried_weights import (
    CarriedWeights,
    carry_weights,
    model_weights,
)
from dlstudio.engine.model_import.imported_graphs import ImportedGraphs
from dlstudio.engine.model_import.keras_models import imported_model

_ILLEGAL = re.compile(r"[^A-Za-z0-9_/()]+")


class RoundTrip:
    """What becomes of a model.

    Attributes:
        imported: Its graphs.
        project: A project with the graphs, read from the text of its file.
        built: The model built from them, with the weights of the original.
        carried: Which weights were carried over.
    """

    def __init__(self, original: keras.Model, catalog: Catalog) -> None:
        self.original = original
        self.catalog = catalog
        self.imported: ImportedGraphs = imported_model(original, catalog)
        plan = TrainingPlan(precision=self.imported.precision)
        written = Project("whole", graphs=self.imported.graphs, plan=plan)
        self.project = project_from_json(json.loads(project_text(written)))

    def build(self) -> keras.Model:
        """Build the model, with the weights of the original."""
        self.built = build(self.project, self.catalog)
        weights = model_weights(self.original, self.imported)
        self.carried: CarriedWeights = carry_weights(self.built, self.imported, weights)
        return self.built

    def run_script(self) -> keras.Model:
        """The model that the script builds, with the weights of the original."""
        text = script(self.project, self.catalog).text
        names: dict[str, Any] = {"__name__": "script"}
        exec(compile(text, "script.py", "exec"), names)
        made: keras.Model = names["build_model"]()
        keras.config.set_dtype_policy("float32")
        made.set_weights(self.built.get_weights())
        return made


def outputs_of(model: keras.Model, inputs: Sequence[Any]) -> list[Any]:
    """The outputs of a model as arrays, in the order of Keras."""
    structure = getattr(model, "_inputs_struct", None)
    if isinstance(structure, dict):
        given: Any = dict(zip(sorted(structure), inputs, strict=True))
    else:
        given = list(inputs) if len(inputs) > 1 else inputs[0]
    return [np.asarray(each, "float32") for each in keras.tree.flatten(model(given))]


LEARNED = (
    *("idf_weights", "mean", "num_bins", "variance", "vocabulary", "vocabulary_size"),
)
"""What an adapted layer keeps elsewhere, and a graph among its parameters."""


def plain_layers(model: keras.Model) -> list[str]:
    """The configuration of each layer, nested ones as "outer/inner", sorted.

    Without what says the same in other words: classes of models, forms of calls, the
    names of operations and of layers inside layers, which are counted for each process,
    and what layers have learned.
    """
    return sorted(_layers(keras.saving.serialize_keras_object(model), ""))


def _layers(item: Mapping[str, Any], path: str) -> Iterator[str]:
    for layer in item["config"]["layers"]:
        config = dict(layer["config"])
        name = f"{path}{config.pop('name', '')}"
        if str(layer["module"]).startswith("keras.src.ops"):
            name = f"{path}(operation)"
        if layer["class_name"] in ("Functional", "Sequential"):
            yield from _layers(layer, f"{name}/")
            yield f"{name} model {config['trainable']}"
            continue
        config = {k: v for k, v in config.items() if k not in LEARNED}
        text = json.dumps(without_names(config), sort_keys=True)
        yield f"{_ILLEGAL.sub('_', name)} {layer['class_name']} {text}"


def without_names(item: Any) -> Any:
    """A configuration without the names of layers in it, which Keras counts."""
    if isinstance(item, dict):
        nested = {k: without_names(v) for k, v in item.items()}
        config = nested.get("config")
        if isinstance(config, dict) and item.get("class_name") != "DTypePolicy":
            config.pop("name", None)
        return nested
    return [without_names(each) for each in item] if isinstance(item, list) else item


def json_of(item: Any) -> Any:
    """As it is read from a file."""
    return json.loads(json.dumps(item))
