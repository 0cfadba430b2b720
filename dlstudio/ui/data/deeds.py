"""Doing things to samples: each one named step of the history."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.catalog.findings import finding_kind
from dlstudio.document.edits import Edit, CompositeEdit
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.data import edits
from dlstudio.ui.data.desk import DataDesk
from dlstudio.ui.data.words import count_text, part_word
from dlstudio.ui.studio import Studio
from dlstudio.workers.dataset import PARTS, DatasetFinding, SourceChange


class Deeds:
    """What the gallery and the findings let one do; the files stay as they are."""

    def __init__(self, studio: Studio, desk: DataDesk) -> None:
        self._studio = studio
        self._desk = desk

    def leave_out(self, ids: Sequence[str]) -> None:
        """Use samples no more."""
        text = _("Leave out {pictures}").format(pictures=_named(ids))
        self.do(edits.leave_out(self._desk.recipe, ids), text)

    def take_in(self, ids: Sequence[str]) -> None:
        """Use samples again."""
        text = _("Take in {pictures}").format(pictures=_named(ids))
        self.do(edits.take_in(self._desk.recipe, ids), text)

    def toggle_out(self, ids: Sequence[str]) -> None:
        """Leave samples out, or take them in if all of them are out."""
        out = frozenset(self._desk.recipe.leave_out)
        if ids and out.issuperset(ids):
            self.take_in(ids)
        elif ids:
            self.leave_out([id for id in ids if id not in out])

    def relabel(self, ids: Sequence[str], label: str) -> None:
        """Give samples another label; several are parted by "|"."""
        dataset = self._desk.dataset
        if dataset is None or not label.strip() or not ids:
            return
        text = _("Label {pictures} as {label}").format(
            pictures=_named(ids), label=label
        )
        self.do(edits.relabel(self._desk.recipe, ids, label.strip(), dataset), text)

    def move(self, ids: Sequence[str], part: int) -> None:
        """Put samples into a part; -1 lets the split decide again."""
        name = PARTS[part] if part >= 0 else ""
        where = part_word(part) if part >= 0 else _("where the split says")
        text = _("Move {pictures} to: {part}").format(pictures=_named(ids), part=where)
        self.do(edits.move(self._desk.recipe, ids, name), text)

    def check(self, found: Sequence[DatasetFinding]) -> None:
        """Mark findings as checked."""
        if not found:
            return
        kinds = dict.fromkeys(_(finding_kind(each.kind).title) for each in found)
        text = _("Mark as checked: {findings}").format(findings=", ".join(kinds))
        self.do(edits.check(self._desk.recipe, found), text)

    def answer(self, answer: SourceChange) -> None:
        """Answer a question about the source; another folder is opened first."""
        source = self._desk.recipe.source
        path = answer.params.get("path")
        if isinstance(path, str):
            self._desk.drop([self._desk.base / path])
            return
        self.do(edits.read_as(source, answer), answer.label)

    def check_samples(self, ids: Sequence[str]) -> None:
        """Mark every finding about samples as checked."""
        wanted = frozenset(ids)
        shown = self._desk.shown
        every = shown.findings.values() if shown is not None else ()
        self.check([each for some in every for each in some if each.path in wanted])

    def uncheck_all(self) -> None:
        """Show all findings again."""
        self.do(
            edits.uncheck(self._desk.recipe, self._desk.recipe.checked),
            _("Show checked findings again"),
        )

    def do_all(self, several: Sequence[Edit], name: str) -> None:
        """Several edits as one step."""
        self.do(CompositeEdit(tuple(several), name), name)

    def do(self, edit: Edit, name: str) -> None:
        """Apply an edit; one that does not fit is told."""
        try:
            self._studio.session.do(edit, name)
        except UserError as error:
            self._studio.notices.error(error)


def _named(ids: Sequence[str]) -> str:
    """One by its name, several by their number."""
    return ids[0].rpartition("/")[2] if len(ids) == 1 else count_text(len(ids))
