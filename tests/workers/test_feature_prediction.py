"""Jobs on models of features: forms, typed values and tables, without a window."""

from __future__ import annotations

import csv
import threading
from pathlib import Path
from typing import Any

import polars as pl
import pytest

pytest.importorskip("PySide6")

from digits_world import World
from table_world import INPUTS, write_flats

from dlstudio.engine.prediction.feature_model import load_feature_model
from dlstudio.engine.prediction.predict_rows import BATCH, predict_table
from dlstudio.engine.runs.store import RunStore
from dlstudio.errors import UserError
from dlstudio.workers.feature_form import read_form
from dlstudio.workers.feature_prediction import predict_form
from dlstudio.workers.model_cache import ModelCache, RunReference
from dlstudio.workers.progress import Progress
from dlstudio.workers.run_list import list_runs
from dlstudio.workers.table_prediction import (
    PredictedTable,
    predict_table_file,
    save_predictions,
)


class Context:
    """A stand-in for `ReportingContext` that stops after the first rows."""

    def __init__(self, stop: bool = False) -> None:
        self.reported: list[Any] = []
        self.cancel_event = threading.Event()
        self._stop = stop

    def report(self, event: object) -> None:
        self.reported.append(event)
        if self._stop and isinstance(event, PredictedTable):
            self.cancel_event.set()

    def should_stop(self) -> bool:
        return self.cancel_event.is_set()


def question(world: World) -> RunReference:
    return RunReference(world.catalog, world.folder, world.run)


def predicted(world: World, path: Path, stop: bool = False) -> PredictedTable:
    return predict_table_file(Context(stop), ModelCache(), question(world), path)


def test_a_form_has_what_the_run_learned_and_the_last_row_of_the_data(
    tables: World,
) -> None:
    (row,) = list_runs(Context(), tables.folder, {})
    assert not row.of_images
    form = read_form(Context(), question(tables))
    columns = {each.name: each for each in form.inputs}
    assert tuple(columns) == INPUTS and form.row == "40" and not form.error
    assert [each.name for each in form.targets] == ["sold", "price", "fits"]
    assert set(columns["城市"].names) <= {"Rome", "Oslo", "北京", "São Paulo"}
    assert columns["rooms"].statistics.most == 8 and float(columns["rooms"].fill) > 0
    assert columns["class"].fill == "b" and columns["built"].fill.startswith("19")
    assert form.start["extras"] == "lift|bath" and form.start["Area (m²)"] == "109.7"
    # Without its data there are no ranges, but the model still predicts.
    (tables.folder / "flats.csv").unlink()
    form = read_form(Context(), question(tables))
    assert "flats.csv" in form.error and not form.row and not any(form.start.values())
    assert form.inputs[2].names and form.inputs[0].fill
    found = predict_form(Context(), ModelCache(), question(tables), {"rooms": ""})
    assert [each.output for each in found.answers] == ["sold", "price", "fits"]
    found = predict_form(Context(), ModelCache(), question(tables), {"rooms": "many"})
    assert list(found.errors) == ["rooms"] and not found.answers


def test_a_table_is_predicted_as_the_engine_does_and_saved(
    tables: World, tmp_path: Path
) -> None:
    path = write_flats(tmp_path / "new.csv", 12)
    lines = path.read_text("utf-8").splitlines()
    lines[0] += ",predicted_sold,=note"
    lines[1:] = [f"{line},mine,=1+1" for line in lines[1:]]
    path.write_text("\n".join(lines), "utf-8")
    found = predicted(tables, path)
    names = [each.name for each in found.columns]
    assert names[:3] == ["predicted_sold_2", "predicted_sold_score", "predicted_price"]
    run = RunStore(tables.folder).find(tables.run)
    model = load_feature_model(run, tables.catalog)
    prices = [each.outputs["price"]["value"] for each in predict_table(model, path)]
    assert found.predicted["predicted_price"].to_list() == prices
    out = save_predictions(Context(), found, tmp_path / "out.csv")
    with out.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 12 and rows[0]["predicted_sold"] == "mine"
    assert rows[0]["'=note"] == "'=1+1", "no spreadsheet runs it"
    parquet = save_predictions(Context(), found, tmp_path / "out.parquet")
    frame = pl.read_parquet(parquet)
    assert frame["predicted_price"].to_list() == [
        float(row["predicted_price"]) for row in rows
    ]
    with pytest.raises(UserError, match="could not be written"):
        save_predictions(Context(), found, tmp_path / "out.csv" / "below.csv")


def test_a_large_table_comes_in_pieces_and_can_be_stopped(
    tables: World, tmp_path: Path
) -> None:
    path = write_flats(tmp_path / "large.csv", BATCH + 500)
    context = Context()
    found = predict_table_file(context, ModelCache(), question(tables), path)
    first, *others = (e for e in context.reported if isinstance(e, PredictedTable))
    assert len(first.rows) == BATCH and not first.is_complete and not others
    steps = [each.done for each in context.reported if isinstance(each, Progress)]
    assert steps == [0, BATCH, BATCH + 500]
    assert found.is_complete and not found.errors
    assert "error" not in found.predicted
    stopped = predicted(tables, path, stop=True)
    assert len(stopped.rows) == BATCH and stopped.total == BATCH + 500
    assert len(stopped.own["rooms"]) == BATCH


def test_what_is_no_table_for_the_model_is_refused(
    tables: World, tmp_path: Path
) -> None:
    one = write_flats(tmp_path / "one.csv", 3, INPUTS[1:])
    with pytest.raises(UserError, match="no column called “rooms”"):
        predicted(tables, one)
    short = write_flats(tmp_path / "short.csv", 3, ("rooms",))
    with pytest.raises(UserError, match="lacks 5 columns: “Area"):
        predicted(tables, short)
    with pytest.raises(UserError):
        predicted(tables, tmp_path / "nothing.csv")


def test_weights_of_a_checkpoint_answer_until_the_run_has_ended(tables: World) -> None:
    model = tables.folder / "runs" / tables.run / "model.keras"
    values = {"rooms": "3", "Area (m²)": "80"}
    models = ModelCache()
    finished = predict_form(Context(), models, question(tables), values)
    model.rename(model.with_suffix(".aside"))
    unfinished = predict_form(Context(), models, question(tables), values)
    assert unfinished.from_checkpoint and not finished.from_checkpoint
    for before, after in zip(finished.answers, unfinished.answers, strict=True):
        assert after.number == pytest.approx(before.number)
        assert after.value == before.value


def test_the_last_row_and_small_images_of_a_table_of_photos(photos: World) -> None:
    form = read_form(Context(), question(photos))
    photo = photos.folder / "photos" / "29.png"
    assert form.start["photo"] == str(photo)
    values = {"photo": str(photo), "extra": "4"}
    found = predict_form(Context(), ModelCache(), question(photos), values)
    assert found.previews["photo"].shape[2] == 3 and found.answers
    missing = predict_form(Context(), ModelCache(), question(photos), {"extra": "4"})
    assert list(missing.errors) == ["photo"] and not missing.previews
    table = predicted(photos, photos.folder / "photos.csv")
    assert table.is_complete and not table.errors
