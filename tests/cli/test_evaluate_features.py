"""`evaluate` for tables: all outputs, importance, dependence, groups, verdicts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlstudio.document.column_report import ColumnSubject
from dlstudio.engine.runs.column_reports import COLUMN_REPORTS, kept_column_reports
from dlstudio.engine.runs.store import RunStore
from tests.cli.conftest import Run
from tests.support.priced_flats import command, trained_flats, write_flats

pytestmark = pytest.mark.slow
OUTPUTS = {"price", "kind"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained_flats(tmp_path_factory.mktemp("flats"))


def evaluated(project: Path, *options: object) -> Any:
    status, out = command("evaluate", project, *options, "--json")
    assert status == 0
    return json.loads(out)


def sections(found: Any, output: str) -> dict[str, Any]:
    return found["outputs"][output]["sections"]


def test_the_importance_names_what_decides(project: Path) -> None:
    found = evaluated(project, "--importance")
    price = sections(found, "price")["importance"]
    assert (price["metric"], price["features"][0]["feature"]) == ("r2", "size")
    by_name = {each["feature"]: each["loss"] for each in price["features"]}
    assert set(by_name) == {"size", "district", "noise"}
    assert by_name["district"] > 5 * abs(by_name["noise"])
    assert price["score"] == pytest.approx(
        found["outputs"]["price"]["metrics"]["r2"], abs=1e-6
    )
    kind = sections(found, "kind")["importance"]
    assert (kind["metric"], kind["features"][0]["feature"]) == ("accuracy", "district")
    again = evaluated(project)
    assert "importance" not in sections(again, "price"), "only where it is asked for"


def test_the_dependence_on_numbers_and_names(project: Path) -> None:
    price = sections(evaluated(project, "--dependence", "size"), "price")
    curve = price["partial_dependence"]
    means = np.ravel(curve["mean"])
    assert (np.diff(curve["values"]) > 0).all() and (np.diff(means) > 0).all()
    kind = sections(evaluated(project, "--dependence", "district"), "kind")
    shares = kind["partial_dependence"]
    assert shares["units"] == ["flat", "house"]
    by_name = dict(zip(shares["values"], shares["mean"], strict=True))
    assert set(by_name) == {"West", "North", "East"}
    assert by_name["West"][1] > 0.5 > by_name["East"][1]


def test_groups_by_a_column_that_is_no_input(project: Path) -> None:
    found = evaluated(project, "--by", "agent")
    price = sections(found, "price")["groups"]
    assert (price["metric"], price["direction"]) == ("mae", "down")
    groups = {each["group"]: each for each in price["groups"]}
    assert sum(each["samples"] for each in groups.values()) == found["samples"]
    assert {"agent 0", "agent 1", "agent 2"} <= set(groups)
    whole = sum(each["samples"] * each["value"] for each in groups.values())
    mae = found["outputs"]["price"]["metrics"]["mae"]
    assert whole / found["samples"] == pytest.approx(mae)
    assert sections(found, "kind")["groups"]["metric"] == "accuracy"
    by_size = evaluated(project, "--by", "size", "--metric", "rmse")
    bands = sections(by_size, "price")["groups"]
    assert bands["metric"] == "rmse" and len(bands["groups"]) == 4


def test_all_outputs_are_printed(run: Run, project: Path) -> None:
    options = ("--importance", "--dependence", "district", "--by", "agent")
    shown = run("evaluate", project, *options).out
    for text in (
        "price", "kind", "Mean absolute error", "Confusion matrix", "Accuracy:",
        "Feature importance", "Average prediction by district", "by agent",
    ):  # fmt: skip
        assert text in shown, text
    assert "held-out rows" in shown and "images" not in shown


def test_what_there_is_not_is_refused(run: Run, project: Path) -> None:
    for options, word in (
        (("--by", "nothing"), "agent"),
        (("--by", "agent", "--metric", "beauty"), "rmse"),
        (("--dependence", "agent"), "district"),
    ):
        done = run("evaluate", project, *options)
        assert done.status == 1 and word in done.err


def test_each_output_has_its_verdict(run: Run, project: Path) -> None:
    kind = sections(evaluated(project), "kind")["verdict"]
    assert (kind["outcome"], kind["samples"]) == ("learned", "rows")
    assert "verdict" not in sections(evaluated(project), "price"), "it is at the top"
    shown = run("evaluate", project).out
    assert "kind: The model has learned." in shown


def test_the_verdict_on_numbers(run: Run, project: Path) -> None:
    judged = evaluated(project)["verdict"]
    assert (judged["outcome"], judged["samples"]) == ("learned", "rows")
    comparison = judged["comparison"]
    assert comparison["metric"] == "mae"
    assert comparison["low"] <= comparison["value"] <= comparison["high"]
    assert comparison["value"] < comparison["baseline"] / 2
    assert "off on average" in judged["text"] and "the median" in judged["text"]
    told = run("verdict", project, "--json").json
    assert told["text"] == judged["text"]
    assert "yes" in run("runs", project).out


def test_other_rows_are_read_as_the_model_learned_them(
    run: Run, project: Path, tmp_path: Path
) -> None:
    """Their names are others, so that they would get other numbers."""
    path = write_flats(tmp_path / "other.csv", 60, seed=1)
    header, *lines = path.read_text("utf-8").splitlines()
    east = [line for line in lines if "East" in line or "West" in line]
    path.write_text("\n".join([header, *east]) + "\n", "utf-8")
    found = evaluated(project, "--data", path, "--by", "district")
    assert found["samples"] == len(east)
    metrics = found["outputs"]["price"]["metrics"]
    assert metrics["mae"] < 25, "East is not taken for North"
    assert found["outputs"]["kind"]["metrics"]["accuracy"] > 0.8
    groups = sections(found, "price")["groups"]["groups"]
    assert {each["group"] for each in groups} == {"East", "West"}
    path.write_text(f"{header}\n50,East,0,a,castle,300\n", "utf-8")
    done = run("evaluate", project, "--data", path)
    assert done.status == 1 and "castle" in done.err


def test_the_worst_rows_say_what_entered_the_model(project: Path) -> None:
    found = evaluated(project)
    for row in (
        sections(found, "price")["worst"]["rows"][0],
        sections(found, "kind")["mistakes"][0],
    ):
        assert list(row["values"]) == ["size", "district", "noise"]
        assert row["values"]["district"] in ("West", "North", "East")
        assert 20 <= float(row["values"]["size"]) <= 100 and row["thumbnails"] == {}
    mae, r2, within, _largest = sections(found, "price")["metrics"]["metrics"]
    assert mae["low"] < mae["value"] < mae["high"] and r2["low"] < r2["high"]
    assert within["samples"] == found["samples"]


def test_what_was_computed_is_kept_with_the_run(project: Path) -> None:
    (run,) = RunStore(project).all()
    importance = evaluated(project, "--importance")
    evaluated(project, "--dependence", "size", "--by", "agent")
    kept = {each.subject: each for each in kept_column_reports(run)}
    subject = ColumnSubject("test", "importance")
    wanted = {name: sections(importance, name)["importance"] for name in OUTPUTS}
    assert kept[subject].sections == wanted
    assert kept[subject].fingerprint == importance["fingerprint"]
    assert set(kept[ColumnSubject("test", "dependence", "size")].sections) == OUTPUTS
    groups = kept[ColumnSubject("test", "groups", "agent")].groups
    assert {"mae", "rmse"} <= set(groups["price"])
    assert not kept_column_reports(run, "another fingerprint")
    count = len(kept)
    evaluated(project, "--importance")
    assert len(kept_column_reports(run)) == count, "it takes the place of the old one"
    path = run.folder / COLUMN_REPORTS
    path.write_text('{"reports": [{"kind": "beauty"}, 3]}', "utf-8")
    assert kept_column_reports(run) == ()


def test_rows_of_the_training_split_are_counted(
    run: Run, project: Path, tmp_path: Path
) -> None:
    path = project.parent / "flats.csv"
    header, *lines = path.read_text("utf-8").splitlines()
    other = tmp_path / "other.csv"
    new = write_flats(tmp_path / "new.csv", 20, seed=9).read_text("utf-8")
    # In another order, and with a column that the model does not use.
    other.write_text("\n".join([header, *lines[::-1], *new.splitlines()[1:]]), "utf-8")
    done = run("evaluate", project, "--data", other, "--json")
    found = done.json["training_overlap"]
    training = json.loads((next((project / "runs").iterdir()) / "run.json").read_text())
    assert len(found["same"]) == training["data"]["splits"]["train"]
    assert found["compared"] == len(lines) + 20
    assert "rows have the same values as rows of the training split" in done.err
    mine, theirs = found["same"][0]
    assert lines[::-1][int(mine) - 1] == lines[int(theirs) - 1]
    done = run("evaluate", project, "--data", tmp_path / "new.csv", "--json")
    assert done.json["training_overlap"]["same"] == [] and "split" not in done.err


def test_a_threshold_is_kept_for_predictions(
    run: Run, project: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(project.parent, tmp_path / "flats")) / project.name
    before = evaluated(copy)["outputs"]["kind"]
    section = before["sections"]["threshold"]
    assert (section["value"], section["positive"]) == (0.5, "house")
    found = evaluated(copy, "--threshold", "kind=0.01")["outputs"]["kind"]
    (_no, wrong), (missed, right) = found["sections"]["confusion_matrix"]
    assert found["sections"]["threshold"]["value"] == 0.01
    assert section["counts"][0] == [_no, wrong, missed, right], "as it was foretold"
    recall = before["sections"]["per_class"]["house"]["recall"]
    assert found["sections"]["per_class"]["house"]["recall"] >= recall
    report = json.loads(next(copy.glob("runs/*/report.json")).read_text("utf-8"))
    kept = report["outputs"]["kind"]["sections"]["threshold"]["value"]
    assert kept == 0.01, "the next evaluation has it, too"
    table = copy.parent / "flats.csv"
    for each in run("predict", copy, table, "--json").json["predictions"]:
        answer = each["outputs"]["kind"]
        expected = "house" if answer["scores"]["house"] >= 0.01 else "flat"
        assert answer["label"] == expected
        assert answer["score"] == answer["scores"][expected]
    assert "“house” is predicted from" in run("evaluate", copy).out
    again = evaluated(copy, "--threshold", "kind=default")["outputs"]["kind"]
    assert again == before
    for text, word in (
        ("0.3", "kind=0.3"), ("kind=2", "0 and 1"), ("price=0.3", "Two classes"),
        ("mood=0.3", "price, kind"), ("kind=much", "not a number"),
    ):  # fmt: skip
        done = run("evaluate", copy, "--threshold", text)
        assert done.status == 1 and word in done.err, text
    assert evaluated(copy)["outputs"]["kind"] == before
