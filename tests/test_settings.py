"""Settings persist, and several windows that share the file lose nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.errors import UserError
from dlstudio.settings import FILE, RECENT, SettingsStore, merge

names = st.lists(st.sampled_from("abcdefgh"), unique=True).map(tuple)
tables = st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz"))


def test_what_two_windows_change_is_all_kept(tmp_path: Path) -> None:
    first, second = SettingsStore(tmp_path), SettingsStore(tmp_path)
    first.remember_project(tmp_path / "one")
    second.remember_project(tmp_path / "two")
    first.change(theme="dark")
    second.change(snap_to_grid=False)
    first.change(favourite_layers=("keras.layers.Dense",))
    second.change(favourite_layers=("keras.layers.Conv2D",))
    first.change(window={"place": "0 0 10 10"})
    second.change(window={"model": "panels=200"})
    third = SettingsStore(tmp_path).value
    assert third.recent_projects == (str(tmp_path / "two"), str(tmp_path / "one"))
    assert third.theme == "dark" and not third.snap_to_grid
    assert set(third.favourite_layers) == {"keras.layers.Dense", "keras.layers.Conv2D"}
    assert third.window == {"place": "0 0 10 10", "model": "panels=200"}


def test_a_window_keeps_its_own_colours_and_learns_of_new_projects(
    tmp_path: Path,
) -> None:
    first, second = SettingsStore(tmp_path), SettingsStore(tmp_path)
    first.change(theme="dark")
    first.remember_project(tmp_path / "one")
    second.change(snap_to_grid=False)
    assert second.value.theme == "system"
    assert second.value.recent_projects == (str(tmp_path / "one"),)
    second.change(recent_projects=())
    assert SettingsStore(tmp_path).value.recent_projects == ()
    assert SettingsStore(tmp_path).value.theme == "dark"


def test_the_newest_project_is_first_and_the_oldest_falls_off(tmp_path: Path) -> None:
    first, second = SettingsStore(tmp_path), SettingsStore(tmp_path)
    for number in range(RECENT):
        (first if number % 2 else second).remember_project(tmp_path / str(number))
    first.remember_project(tmp_path / "0")
    kept = SettingsStore(tmp_path).value.recent_projects
    assert [Path(each).name for each in kept] == [
        "0",
        *map(str, range(RECENT - 1, 0, -1)),
    ]


def test_settings_of_a_newer_program_stay(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"theme": "dark", "of_tomorrow": [1]}')
    SettingsStore(tmp_path).change(snap_to_grid=False)
    item = json.loads((tmp_path / FILE).read_text())
    assert item["of_tomorrow"] == [1] and item["theme"] == "dark"


@pytest.mark.parametrize("text", ["{", "[]", '{"theme": "pink"}', "\x00"])
def test_a_damaged_file_is_reported_and_backed_up(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    store = SettingsStore(tmp_path)
    assert "could not be read" in store.warning
    store.change(theme="dark")
    assert SettingsStore(tmp_path).value.theme == "dark"
    assert (tmp_path / "settings.damaged.json").read_text() == text


def test_a_value_that_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path)
    with pytest.raises(UserError, match="autosave_seconds"):
        store.change(autosave_seconds=1)
    assert store.value.autosave_seconds == 20 and not (tmp_path / FILE).exists()


@given(names, names, names)
def test_lists_keep_what_both_added_and_lose_what_either_removed(
    before: tuple[str, ...], mine: tuple[str, ...], theirs: tuple[str, ...]
) -> None:
    found = merge(before, mine, theirs)
    assert len(found) == len(set(found))
    assert set(mine) - set(before) <= set(found)
    assert set(theirs) - set(before) <= set(found)
    used = set(mine[:1]) if mine[:1] != before[:1] else set()
    assert not (set(before) - set(mine)) & set(found)
    assert not (set(before) - set(theirs) - used) & set(found)
    assert set(merge(before, mine, before)) == set(mine)
    assert merge(before, before, theirs) == theirs


@given(tables, tables, tables)
def test_tables_merge_by_name(
    before: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    found = merge(before, mine, theirs)
    assert merge(before, mine, before) == mine
    assert merge(before, before, theirs) == theirs
    for name, value in mine.items():
        if before.get(name) != value:
            assert found[name] == value
