"""The language is switched in a full window: no text stays in the previous one."""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from digits_world import World, digit_files, trained_folder, world
from PySide6.QtWidgets import QTabBar
from rooms import until
from visible_text import visible_texts

from dlstudio.document.edits.nodes import RemoveNodes
from dlstudio.document.edits.project import SetPlan
from dlstudio.i18n import DOMAIN, locale_folder
from dlstudio.ui.shell.rooms import ROOMS
from dlstudio.ui.train.plot import Plot

__all__ = ("digit_files", "trained_folder", "world")

SHORTEST = 8
"""Minimum number of literal letters for a message with placeholders to be matched."""
LETTERS = re.compile(r"[A-Za-z]")


class English:
    """The English messages that differ in Chinese."""

    def __init__(self) -> None:
        found = gettext.translation(DOMAIN, locale_folder(), languages=["zh_CN"])
        catalog: dict[Any, str] = found._catalog  # type: ignore[attr-defined]
        ids = [
            id[0] if isinstance(id, tuple) else id
            for id, text in catalog.items()
            if (id[0] if isinstance(id, tuple) else id) not in ("", text)
        ]
        self._whole = {id for id in ids if len(LETTERS.findall(id)) > 2}
        self._gaps = [_pattern(id) for id in ids if "{" in id]

    def of(self, text: str) -> bool:
        """Whether a text is one of them, possibly with filled placeholders."""
        if text in self._whole:
            return True
        return any(each is not None and each.fullmatch(text) for each in self._gaps)


def _pattern(id: str) -> re.Pattern[str] | None:
    parts = re.split(r"\{[^{}]*\}", id)
    if len(LETTERS.findall("".join(parts))) < SHORTEST:
        return None
    return re.compile(".+?".join(map(re.escape, parts)), re.DOTALL)


def texts_of(window: Any) -> Iterator[str]:
    """All displayed texts, including charts and tabs, line by line."""
    found = visible_texts(window)
    for plot in window.findChildren(Plot):
        if plot.isVisible():
            found += [plot.title, plot.legend.text(), *plot.mark_texts(), *plot.names()]
    for tabs in window.findChildren(QTabBar):
        if tabs.isVisible():
            found += [tabs.tabText(each) for each in range(tabs.count())]
            found += [tabs.tabToolTip(each) for each in range(tabs.count())]
    for menu in window.shell.menus.actions_by_id.values():
        found += [menu.text(), menu.toolTip()]
    for text in found:
        yield from (line.strip() for line in text.splitlines())


def settle(window: Any) -> None:
    """Wait until no query is pending."""
    core = window.core
    data = vars(core.services).get("dataset")
    until(lambda: not core.files.busy and not core.engine._texts.busy)
    until(lambda: data is None or not data.busy)

    def checked() -> bool:
        found = window.shell.engine_status.analysis
        return found is not None and found.revision == core.session.revision

    until(checked)
    until(
        lambda: core.engine._analysing is None and not core.engine._debounce.isActive()
    )


@pytest.mark.slow
def test_no_text_stays_in_the_previous_language(
    make_window: Callable[..., Any],
    world: World,
    digit_files: Callable[[int], list[Path]],
) -> None:
    window = make_window(ROOMS, with_catalog=world.catalog)
    shell, core = window.shell, window.core
    shell.engine_status.begin()
    shell.controller.open(world.folder)
    shell.go("train")
    room = shell.room()
    core.session.do(SetPlan("epochs", 5_000))
    room.train()
    until(lambda: len(room.view_state.history.losses) > 0)
    room.trainings.control.set_learning_rate(0.005)
    until(lambda: bool(room.loss.mark_texts()))
    room.trainings.stop()
    until(lambda: room.trainings.state == "idle")
    shell.go("evaluate")
    until(lambda: bool(shell.room().picker.run))
    shell.room().start()
    until(lambda: shell.room()._evaluation_job.found is not None)
    shell.go("predict")
    shell.room().predict(digit_files(2))
    until(lambda: len(shell.room().images.rows) == 2)
    core.session.do(RemoveNodes(("flatten",), join=True), "Remove flatten")
    settle(window)
    core.notices.info("Passing.")

    shell.set(language="zh_CN")
    assert all(bar.text != "Passing." for bar in shell.notices.bars)
    english, left = English(), {}
    for each in ROOMS:
        shell.go(each.key)
        picker = getattr(shell.room(), "picker", None)
        until(lambda picker=picker: picker is None or picker.known)
        settle(window)
        tabs = getattr(getattr(shell.room(), "bottom", None), "tabs", None)
        tabs = tabs or getattr(getattr(shell.room(), "panels", None), "tabs", None)
        found = set(texts_of(window))
        for tab in range(tabs.count() if tabs is not None else 0):
            tabs.setCurrentIndex(tab)
            found |= set(texts_of(window))
        left[each.key] = sorted(text for text in found if english.of(text))
    assert {key: texts for key, texts in left.items() if texts} == {}
