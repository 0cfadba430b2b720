"""Jobs on files, which need neither a window nor TensorFlow."""

from __future__ import annotations

import math
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("PySide6")

from photo_tables import photo_table
from small_images import encoded, photo, write

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import TABLE_SOURCE, Project
from dlstudio.document.storage import load_project, save_project
from dlstudio.errors import UserError
from dlstudio.workers.jobs import Cancelled
from dlstudio.workers.project_files import (
    free_folder,
    new_project,
    recent_projects,
    template_graphs,
)


class FakeContext:
    """A stand-in for `ReportingContext`."""

    def __init__(self, stop: bool = False) -> None:
        self._stop = stop

    def should_stop(self) -> bool:
        return self._stop

    def report(self, event: object) -> None:
        """Ignore the event."""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


DIGITS = "dlstudio.templates.digits-cnn"


def test_new_project_is_on_disk(catalog: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "digits"
    project = new_project(FakeContext(), catalog, DIGITS, folder)
    assert load_project(folder) == project
    assert project.name == "digits"


def test_nothing_is_overwritten(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="not empty"):
        new_project(FakeContext(), catalog, DIGITS, tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_cancelled_project_leaves_nothing(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        new_project(FakeContext(stop=True), catalog, DIGITS, tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_every_template_gives_a_graph(catalog: Catalog) -> None:
    graphs = template_graphs(FakeContext(), catalog)
    assert set(graphs) == {each.kind for each in catalog.family("templates")}
    without = "dlstudio.templates.word-vectors"  # it trains no layers
    assert not graphs.pop(without).nodes
    assert all(graph.inputs and graph.edges for graph in graphs.values())


def test_recent_projects_never_fail(tmp_path: Path) -> None:
    save_project(Project(name="Good"), tmp_path / "good")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "project.json").write_text("[")
    folders = [str(tmp_path / name) for name in ("good", "bad", "gone")]
    good, bad, gone = recent_projects(FakeContext(), folders)
    assert (good.name, good.runs, good.error) == ("Good", 0, "")
    assert math.isnan(good.best)
    assert "damaged" in bad.error
    assert gone.error


def test_free_folder_counts_on(tmp_path: Path) -> None:
    for name in ("digits", "digits 2", "digits 3"):
        assert free_folder(tmp_path, "digits") == tmp_path / name
        (tmp_path / name).mkdir()


def test_no_tensorflow_is_needed() -> None:
    import subprocess

    code = (
        "import sys, dlstudio.workers.project_files as f\n"
        "from dlstudio.catalog.store import Catalog\n"
        "class Ask:\n"
        "    def should_stop(self): return False\n"
        "f.template_graphs(Ask(), Catalog.load(), 'images')\n"
        "assert 'polars' not in sys.modules\n"
        "f.template_graphs(Ask(), Catalog.load())\n"
        "f.recent_projects(Ask(), ['nowhere'])\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_only_dataset_in_an_archive_is_used(
    catalog: Catalog, tmp_path: Path
) -> None:
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("docs/notes.txt", "words")
        for name in ("cat", "dog"):
            packed.writestr(f"sets/pets/{name}/0.png", encoded(photo()))
    made = new_project(
        FakeContext(),
        catalog,
        "dlstudio.templates.image-cnn",
        tmp_path / "new",
        [archive],
    )
    assert made.data.source.params["path"] == "data/all/sets"


def small_table(folder: Path) -> Path:
    lines = ["area,district,price"]
    for row in range(60):
        area = 40 + row * 7 % 31
        district = ("North", "Harbour")[row // 3 % 2]
        lines.append(f"{area},{district},{row * 977 % 83}")
    path = folder / "flats.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.mark.parametrize("template", ["", "dlstudio.templates.table-wide-deep"])
def test_a_table_gives_a_project_that_fits_its_columns(
    catalog: Catalog, tmp_path: Path, template: str
) -> None:
    table = small_table(tmp_path)
    made = new_project(FakeContext(), catalog, template, tmp_path / "new", [table])
    assert [each.feature for each in made.outputs] == ["price"]
    assert {each.feature for each in made.inputs} == {"area", "district"}
    assert load_project(tmp_path / "new") == made and made.name == "new"


def test_a_table_with_nothing_to_predict_begins_without_a_model(
    catalog: Catalog, tmp_path: Path
) -> None:
    table = tmp_path / "ids.csv"
    table.write_text("id\n" + "\n".join(f"H-{n:05}" for n in range(40)), "utf-8")
    made = new_project(FakeContext(), catalog, "", tmp_path / "new", [table])
    assert not made.model.nodes and made.data.source.kind == TABLE_SOURCE


@pytest.mark.parametrize(
    ("template", "fitting"),
    [
        ("dlstudio.templates.image-cnn", "Dense layers for a table"),
        ("dlstudio.templates.table-mlp", "Convolutional network"),
    ],
)
def test_a_template_for_other_data_is_refused_with_those_that_fit(
    catalog: Catalog, tmp_path: Path, template: str, fitting: str
) -> None:
    data = small_table(tmp_path)
    if template.endswith("table-mlp"):
        data = tmp_path / "pets"
        for name in ("cat", "dog"):
            write(data / name / "0.png", encoded(photo()))
    with pytest.raises(UserError, match="does not fit this data") as caught:
        new_project(FakeContext(), catalog, template, tmp_path / "new", [data])
    assert fitting in caught.value.hint
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("template", ["image-cnn", "table-mlp"])
def test_only_templates_for_running_text_are_offered_for_it(
    catalog: Catalog, tmp_path: Path, template: str
) -> None:
    text = tmp_path / "tale.txt"
    lines = [
        f"It was warm{' and dry' * (day % 4)}. Then rain fell." for day in range(400)
    ]
    text.write_text("\n".join(lines), "utf-8")
    kind = f"dlstudio.templates.{template}"
    with pytest.raises(UserError, match="does not fit this data") as caught:
        new_project(FakeContext(), catalog, kind, tmp_path / "new", [text])
    assert caught.value.hint.count("that writes text") == 2
    assert caught.value.hint.count("“") == 2


def test_without_a_template_the_data_chooses_one(
    catalog: Catalog, tmp_path: Path
) -> None:
    for number in range(3):
        write(tmp_path / "loose" / f"{number}.png", encoded(photo(number)))
    data = [tmp_path / "loose"]
    loose = new_project(FakeContext(), catalog, "", tmp_path / "a", data)
    assert loose.head == "dlstudio.heads.reconstruction"
    with pytest.raises(UserError, match="needs classes"):
        kind = "dlstudio.templates.image-cnn"
        new_project(FakeContext(), catalog, kind, tmp_path / "c", data)
    assert not (tmp_path / "c").exists()


def test_an_autoencoder_takes_the_images_that_a_table_names(
    catalog: Catalog, tmp_path: Path
) -> None:
    kind = "dlstudio.templates.image-vae"
    table = photo_table(tmp_path, 12)
    made = new_project(FakeContext(), catalog, kind, tmp_path / "a", [table])
    assert made.data.source.params["file_column"] == "photo"
    with pytest.raises(UserError, match="does not fit") as caught:
        flats = small_table(tmp_path)
        new_project(FakeContext(), catalog, kind, tmp_path / "b", [flats])
    assert "Images" not in caught.value.hint


def test_a_template_without_target_takes_a_table_of_texts_alone(
    catalog: Catalog, tmp_path: Path
) -> None:
    table = tmp_path / "texts.csv"
    lines = [f"a cat number {number} sat on the mat" for number in range(30)]
    table.write_text("\n".join(["remark", *lines]) + "\n", encoding="utf-8")
    kind = "dlstudio.templates.word-vectors"
    made = new_project(FakeContext(), catalog, kind, tmp_path / "new", [table])
    assert [each.feature for each in made.inputs] == ["remark"]
    assert made.plan.method.kind == "dlstudio.methods.word2vec"
    assert load_project(tmp_path / "new") == made
