"""Texts of a large table: in a file, and with the findings of those in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from small_images import CATALOG

from dlstudio.data.columns import Categories, Texts
from dlstudio.data.features import column_json, text_languages
from dlstudio.data.features.cell_text import cell_texts
from dlstudio.data.features.feature_choice import choose_features
from dlstudio.data.features.inferred_table import InferredTable
from dlstudio.data.features.stored_texts import StoredTexts, text_digest
from dlstudio.data.features.text_findings import text_findings
from dlstudio.data.guess_source import guess_source
from dlstudio.data.open_source import open_source
from dlstudio.data.samples import Samples
from dlstudio.data.table_rows import read_feature
from dlstudio.data.table_scan import TableScan, scan_table, scan_used_table
from dlstudio.data.tables import cell_store
from dlstudio.data.tables.cell_store import StoredCells
from dlstudio.document.bindings import OutputBinding
from dlstudio.document.plan import DataRecipe
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, freeze_map

Both = tuple[Samples, Samples]
WORDS = ["hill", "house", "summer", "painted", "again", "the", "church", "was", "mill"]


def write(folder: Path) -> Path:
    """Texts with copies, contradictions, blanks, and wrongly read characters."""
    draw, lines = np.random.default_rng(5), ["text,price,opinion"]
    for row in range(500):
        text = " ".join(draw.choice(WORDS, 9).tolist())
        if row % 5 == 0:
            text = f"第{row}家店的外卖很好吃，送得也快，下次我们还会再点的。"
        if row % 50 == 7:
            text = "The same words of praise are sent again and again by somebody."
        if row in (17, 167):
            text = "Another kind letter of a church that was painted in the summer."
        if row % 100 == 11:
            text = "  It\ufffds broken in the middle of the bridge and the mill   "
        if row % 90 == 13:
            text = ""
        lines.append(f"{text},{row * 37 % 101}.5,{('good', 'bad')[row % 3 == 0]}")
    path = folder / "reviews.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def opened(path: Path) -> Samples:
    return open_source(guess_source(path, CATALOG), CATALOG, path.parent)


def put_into_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlstudio.data.tables.delimited.HELD_BYTES", 0)
    monkeypatch.setattr("dlstudio.data.tables.delimited.PIECE", 240)
    monkeypatch.setattr(cell_store, "MANY_ROWS", 150)


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Both:
    path = write(tmp_path)
    for place in ("tables.thinned_rows", "features.leaks"):
        monkeypatch.setattr(f"dlstudio.data.{place}.LOOK", 30)
    monkeypatch.setattr(text_languages, "SAMPLE", 100)
    monkeypatch.setattr(column_json, "LOOKED_AT", 100)
    plain = opened(path)
    put_into_files(monkeypatch)
    return plain, opened(path)


@pytest.fixture
def never_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """No column of a table in a file may be in memory as a whole."""

    def refused(of: object) -> None:
        raise AssertionError(f"all of {of} is read")

    monkeypatch.setattr(StoredTexts, "values", property(refused))
    monkeypatch.setattr(StoredCells, "values", property(refused))


@pytest.mark.usefixtures("never_whole")
def test_a_scan_never_has_all_texts_in_memory(both: Both) -> None:
    plain, stored = both
    assert isinstance(stored.columns["text"], StoredCells)
    found = scan_table(stored, CATALOG, "opinion").to_json()
    kinds = {each["kind"] for each in found["findings"]}
    wanted = {
        "damaged-texts",
        "duplicate-texts",
        "conflicting-texts",
        "mixed-languages",
    }
    assert kinds >= wanted and found == scan_table(plain, CATALOG, "opinion").to_json()


CHANGED = FrozenMap(
    {
        "1": freeze_map({"text": "Sent \ufffd again", "opinion": "bad"}),
        "18": freeze_map({"text": ""}),
        "500": freeze_map({"text": " new words "}),
        "12": freeze_map({"text": "A church is painted"}),
    }
)


def project_of(scan: TableScan) -> Project:
    choice = choose_features(scan.table.cells, scan.table.columns, CATALOG, ["opinion"])
    recipe = DataRecipe(
        features=choice.features, leave_out=("3", "8", "450"), changed=CHANGED
    )
    return Project(data=recipe, outputs=(OutputBinding("opinion"),))


@pytest.mark.usefixtures("never_whole")
def test_nor_has_a_scan_of_the_used_rows(both: Both) -> None:
    plain, stored = (scan_table(each, CATALOG, "opinion") for each in both)
    project = project_of(plain)
    kinds, found = set(), []
    for samples in both:
        findings = scan_used_table(samples, project, CATALOG).findings
        found.append([each.to_json() for each in findings])
        kinds |= {each.kind for each in findings}
    assert found[0] == found[1] and len(stored.table) == 500
    assert kinds >= {"duplicate-across-splits", "damaged-texts"}


def test_texts_in_a_file_are_those_in_memory(both: Both) -> None:
    scans = (scan_table(each, CATALOG, "opinion") for each in both)
    plain, stored = (each.table.values("text") for each in scans)
    assert isinstance(plain, Texts) and isinstance(stored, StoredTexts)
    assert len(list(stored.pieces())) > 3 and len(stored) == len(plain) == 500
    some, every = np.array([499, 3, 3, 250]), np.arange(0, 500, 2)
    shuffled = np.random.default_rng(0).permutation(500)
    for rows in (some, every, shuffled, some[:0]):
        own, of_file = plain.take(rows), stored.take(rows)
        assert of_file.values.equals(own.values)
        assert (of_file.missing() == own.missing()).all()
        digest, others = text_digest(own), text_digest(of_file)
        assert others.lengths().tolist() == digest.lengths().tolist()
        assert others.hashes().tolist() == digest.hashes().tolist()
        assert others.damaged.tolist() == digest.damaged.tolist()
    assert "StoredTexts(StoredCells('text'" in repr(stored)


@pytest.mark.usefixtures("never_whole")
def test_corrected_cells_stay_in_the_file(both: Both) -> None:
    plain, stored = (
        read_feature(each, project_of(scan).data, "text", CATALOG)
        for each, scan in ((e, scan_table(e, CATALOG, "opinion")) for e in both)
    )
    own, of_file = plain.column, stored.column
    assert isinstance(own, Texts) and isinstance(of_file, StoredTexts)
    assert pl.concat(of_file.pieces()).equals(own.values)
    assert own.values[0] == "Sent \ufffd again" and own.values[499] == "new words"
    places = np.array([17, 0, 499, 12])
    assert of_file.take(places).values.equals(own.values.gather(places))
    for step in (5, 16):
        some = cell_texts(of_file.cells.every(step))
        assert some.equals(own.values.gather_every(step))
    digest, others = text_digest(own), text_digest(of_file)
    assert others.lengths().tolist() == digest.lengths().tolist()
    assert others.hashes().tolist() == digest.hashes().tolist()
    assert others.damaged.tolist() == digest.damaged.tolist() and digest.damaged[0] == 0


def test_all_texts_are_digested_once(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    column = scan_table(both[1], CATALOG, "opinion").table.values("text")
    assert isinstance(column, StoredTexts)
    monkeypatch.setattr(StoredTexts, "pieces", None)
    again = StoredTexts(column.cells)
    assert (
        text_digest(again).lengths().tolist() == text_digest(column).lengths().tolist()
    )


def test_a_finding_says_how_many_texts_were_looked_at(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    for samples in both:
        assert languages_of(samples).startswith("Of 100 texts looked at: ")
    monkeypatch.setattr(text_languages, "SAMPLE", 500)
    assert "looked at" not in languages_of(both[0])


def languages_of(samples: Samples) -> str:
    found = scan_table(samples, CATALOG, "opinion").findings
    return next(each.message for each in found if each.kind == "mixed-languages")


def test_a_missing_class_is_no_other_class(both: Both) -> None:
    table = scan_table(both[0], CATALOG, "opinion").table
    target = table.values("opinion")
    assert isinstance(target, Categories)
    assert "conflicting-texts" in kinds_of(table, lambda codes: codes)
    none = kinds_of(table, lambda codes: np.where(codes == 1, -1, codes))
    assert "conflicting-texts" not in none and "duplicate-texts" in none


def kinds_of(
    table: InferredTable, change: Callable[[np.ndarray], np.ndarray]
) -> set[str]:
    column = table.columns["opinion"]
    parsed, target = column.parsed, table.values("opinion")
    assert parsed is not None and isinstance(target, Categories)
    codes = change(target.codes).astype(np.int32)
    changed = replace(parsed, column=replace(target, codes=codes))
    columns = {**table.columns, "opinion": replace(column, parsed=changed)}
    return {
        each.kind for each in text_findings(replace(table, columns=columns), "text")
    }
