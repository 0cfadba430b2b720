"""Settings that “auto” leaves to the data, as they were when a model was trained."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.data.features.base import load_feature_type, settings
from dlstudio.data.samples import Samples
from dlstudio.data.table_rows import feature_cells
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap, freeze_map
from dlstudio.engine.features.base import load_tensor_feature
from dlstudio.engine.prediction.feature_model import FeatureModel

AUTO = "auto"


def with_column_settings(model: FeatureModel, source: Samples) -> FeatureModel:
    """The same model, whose inputs read a single value as they read their column.

    Training reads a whole column, which says for instance whether its days or its
    months come first; who calls an export has one value.

    Args:
        model: A run's model.
        source: The table that it was trained on.
    """
    project = model.project
    found = {name: _settled(model, name, source) for name in model.inputs}
    if all(feature == model.feature(name) for name, feature in found.items()):
        return model
    features = FrozenMap({**project.data.features, **found})
    project = replace(project, data=replace(project.data, features=features))
    return FeatureModel(model.whole, project, model.fitted, model.catalog, model.run)


def _settled(model: FeatureModel, name: str, source: Samples) -> Feature:
    """A feature with what its column says in the place of “auto”."""
    feature = model.feature(name)
    description = model.catalog[feature.kind]
    given = settings(feature, description)
    if AUTO not in given.values() or load_tensor_feature(description).dtype != "str":
        return feature  # an export takes numbers themselves
    cells = feature_cells(source, model.project.data, name)
    inferred = load_feature_type(description).infer_params(cells)
    settled = {key: each for key, each in inferred.items() if given[key] == AUTO}
    return replace(feature, params=freeze_map({**feature.params, **settled}))
