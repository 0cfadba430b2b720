"""`set`: settings of a project, listed, changed and refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_images import class_folders

from dlstudio.document.plan import LABEL
from dlstudio.document.storage import load_project
from tests.cli.conftest import Run


@pytest.fixture
def project(run: Run, tmp_path: Path) -> Path:
    """A project of the digits."""
    folder = tmp_path / "digits"
    assert run("new", folder, "--template", "digits-cnn").status == 0
    return folder


def test_all_settings_are_listed(run: Run, project: Path) -> None:
    found = run("set", project, "--json").json
    assert found["plan.optimizer"] == "Adam" and found["data.source"] == "digits"
    assert "plan.optimizer.beta_1" in found and "data.split.seed" in found
    assert "plan.optimizer.beta_1" in run("set", project).out


def test_what_is_listed_can_be_set(run: Run, project: Path) -> None:
    found = run("set", project, "--json").json
    before = (project / "project.json").read_bytes()
    settings = [
        f"{key}={value}"
        for key, value in found.items()
        if "." in key and not key.endswith((".name", "_loss", "class_weight"))
        if key not in ("data.source", "data.relabel", "data.changed", "data.moved")
        if value not in ("", "null")
    ]
    assert len(settings) > 20
    done = run("set", project, *settings)
    assert done.status == 0, done.err
    run("set", project, "plan.epochs=3")
    assert (project / "project.json").read_bytes() != before


def test_changes_are_saved_and_printed(run: Run, project: Path) -> None:
    done = run(
        *("set", project, "plan.batch_size=64", "split.test=0.2", "name=Numbers"),
        *("layers.conv_1.filters=6", "plan.early_stopping=false"),
    )
    assert done.status == 0, done.err
    assert "data.split.test: 0.15 → 0.2" in done.out
    assert "layers.conv_1.filters: " in done.out and "→ 6" in done.out
    made = load_project(project)
    assert (made.plan.batch_size, made.data.split.test) == (64, 0.2)
    assert made.name == "Numbers" and made.plan.early_stopping is None
    assert made.model.nodes["conv_1"].params["filters"] == 6
    reported = run("set", project, "plan.seed=9", "--json").json["changed"]
    assert reported["plan.seed"] == {"before": "0", "after": "9"}
    assert "Nothing changed" in run("set", project, "plan.seed=9").out


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("plan.bach_size=3", ["bach_size", "batch_size"]),
        ("plan.batch_size=0", ["batch_size"]),
        ("plan.optimizer=Adamm", ["Adamm", "Adam"]),
        ("plan.optimizer.rate=1", ["rate", "learning_rate"]),
        ("plan.optimizer.learning_rate=fast", ["learning_rate"]),
        ("plan.class_weights=some", ["balanced"]),
        ("data.split.mode=odd", ["random", "folders"]),
        ("data.split.test=1.5", ["less than 1"]),
        ("data.source.separator=,", ["digits", "separator"]),
        ("data.source=nowhere", ["nowhere", "does not exist"]),
        ("layers.conv_9.filters=3", ["conv_9", "conv_1"]),
        ("layers.conv_1.filtres=3", ["filtres", "filters"]),
        ("layers.conv_1.filters=-3", ["filters"]),
        ("task=guess", ["guess"]),
        ("size=3", ["size", "plan."]),
        ("plan.seed", ["key=value"]),
    ],
)
def test_what_does_not_fit_is_refused(
    run: Run, project: Path, setting: str, words: list[str]
) -> None:
    before = (project / "project.json").read_bytes()
    done = run("set", project, "plan.epochs=3", setting)
    assert done.status == 1
    assert all(word in done.err for word in words), done.err
    assert (project / "project.json").read_bytes() == before


def test_other_data_begins_anew(run: Run, project: Path, tmp_path: Path) -> None:
    pets = class_folders(tmp_path / "pets", count=12)
    run("set", project, "data.leave_out=digits/1,digits/2")
    run("set", project, "data.leave_out+=a, b.png", "data.leave_out-=a, b.png")
    run("set", project, "data.relabel.digits/1.png=7", "data.moved.digits/3=test")
    assert load_project(project).data.changed_values(LABEL)["digits/1.png"] == "7"
    assert load_project(project).data.moved["digits/3"] == "test"
    run("set", project, "data.relabel.digits/1.png=")
    assert not load_project(project).data.changed_values(LABEL)
    assert load_project(project).data.leave_out == ("digits/1", "digits/2")
    done = run("set", project, f"data.source={pets}")
    assert done.status == 0, done.err
    data = load_project(project).data
    assert data.source.params["path"] == "../pets" and not data.leave_out
    assert run("set", project, "source.classes=cat,dog").status == 0
    assert load_project(project).data.source.params["classes"] == ("cat", "dog")


@pytest.fixture
def shop(run: Run, tmp_path: Path) -> Path:
    """A project of a small table."""
    lines = [
        f"{n % 20}.5,{'Oslo' if n % 3 else 'Rome'},{n // 7 % 2}" for n in range(60)
    ]
    path = tmp_path / "shop.csv"
    path.write_text("\n".join(["age,city,bought", *lines]))
    folder = tmp_path / "shop"
    made = run("new", folder, "--data", path, "--target", "bought")
    assert made.status == 0, made.err
    return folder


@pytest.mark.parametrize(
    ("settings", "message", "hint"),
    [
        (["data.features.agee=number"], "no column called “agee”", "mean age?"),
        (["data.features.Zip=number"], "no column called “Zip”", "age, city, bought"),
        (["data.features.city.column=ciyt"], "column called “ciyt”", "mean city?"),
        (["data.features.agee.missing=mean"], "no feature called “agee”", "mean age?"),
        (["data.features.Zip="], "no feature called “Zip”", "age, city, bought"),
    ],
)
def test_columns_that_do_not_exist_are_refused(
    run: Run, shop: Path, settings: list[str], message: str, hint: str
) -> None:
    before = (shop / "project.json").read_bytes()
    done = run("set", shop, *settings)
    assert done.status == 1 and message in done.err and hint in done.err
    assert (shop / "project.json").read_bytes() == before


def test_a_feature_may_be_called_otherwise_than_its_column(
    run: Run, shop: Path
) -> None:
    keys = "data.features.years=number", "data.features.years.column=age"
    done = run("set", shop, *keys)
    assert done.status == 0, done.err
    assert load_project(shop).data.features["years"].column == "age"
