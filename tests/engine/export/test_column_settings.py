"""An export reads one value as training has read it in its column."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from feature_world import CATALOG, flat_cells, flat_model

from dlstudio.data.open_source import open_source
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.export.column_settings import with_column_settings
from dlstudio.engine.prediction.feature_model import FeatureModel


def test_auto_is_what_the_whole_column_says(tmp_path: Path) -> None:
    names = list(flat_cells())
    path = tmp_path / "flats.csv"
    rows = [dict.fromkeys(names, "") for _row in range(3)]
    for row, (built, extras) in zip(
        rows,
        (("1/5/1990", "a;b"), ("25/5/1990", "b"), ("2/6/1990", "c;a,d")),
        strict=True,
    ):
        row.update(built=built, extras=extras, rooms="1,5")
    lines = ["\t".join(names), *("\t".join(row.values()) for row in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    model = flat_model()
    spec = Spec("dlstudio.sources.table", FrozenMap({"path": str(path)}))
    source = open_source(spec, CATALOG, tmp_path)
    found = with_column_settings(model, source)
    assert dict(found.feature("built").params) == {"order": "day_first"}
    assert dict(found.feature("extras").params) == {"separator": ";"}
    for name in ("rooms", "城市", "class"):
        assert found.feature(name) == model.feature(name), name
    chosen = with_feature(model, "built", {"order": "month_first"})
    kept = with_column_settings(chosen, source).feature("built")
    assert dict(kept.params) == {"order": "month_first"}
    assert with_column_settings(found, source) is found


def with_feature(
    model: FeatureModel, name: str, params: dict[str, str]
) -> FeatureModel:
    feature = Feature(model.feature(name).kind, "", FrozenMap(params))
    features = FrozenMap({**model.project.data.features, name: feature})
    project = model.project
    project = replace(project, data=replace(project.data, features=features))
    return FeatureModel(model.model, project, model.fitted, CATALOG)
