"""Edits of samples, each a named step in the undo history."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.catalog.findings import finding_kind
from dlstudio.document.edits.base import CompositeEdit, Edit
from dlstudio.document.values import Params, Spec
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.data import recipe_edits
from dlstudio.ui.services.dataset.dataset_controller import DatasetController
from dlstudio.ui.services.dataset.dataset_text import count_text, split_name
from dlstudio.ui.studio import Studio
from dlstudio.workers.dataset import SPLITS, DatasetFinding, SourceChange


class DatasetActions:
    """Actions of gallery and findings; the files themselves are never modified."""

    def __init__(self, studio: Studio, controller: DatasetController) -> None:
        self._studio = studio
        self._controller = controller

    def exclude(self, ids: Sequence[str]) -> None:
        """Exclude samples from the dataset."""
        text = _("Exclude {images}").format(images=_named(ids))
        self.do(recipe_edits.exclude(self._controller.recipe, ids), text)

    def include(self, ids: Sequence[str]) -> None:
        """Include samples again."""
        text = _("Include {images}").format(images=_named(ids))
        self.do(recipe_edits.include(self._controller.recipe, ids), text)

    def toggle_excluded(self, ids: Sequence[str]) -> None:
        """Exclude samples, or include them if all of them are excluded."""
        out = frozenset(self._controller.recipe.leave_out)
        if ids and out.issuperset(ids):
            self.include(ids)
        elif ids:
            self.exclude([id for id in ids if id not in out])

    def relabel(self, ids: Sequence[str], label: str) -> None:
        """Relabel samples; several labels are separated by "|"."""
        dataset = self._controller.dataset
        if dataset is None or not label.strip() or not ids:
            return
        text = _("Label {images} as {label}").format(images=_named(ids), label=label)
        self.do(
            recipe_edits.relabel(ids, label.strip(), dataset),
            text,
        )

    def move(self, ids: Sequence[str], part: int) -> None:
        """Move samples to a split; -1 assigns them automatically again."""
        name = SPLITS[part] if part >= 0 else ""
        where = split_name(part) if part >= 0 else _("automatic split")
        text = _("Move {images} to: {split}").format(images=_named(ids), split=where)
        self.do(recipe_edits.move(self._controller.recipe, ids, name), text)

    def check(self, found: Sequence[DatasetFinding]) -> None:
        """Mark findings as checked."""
        if not found:
            return
        kinds = dict.fromkeys(_(finding_kind(each.kind).title) for each in found)
        text = _("Mark as reviewed: {findings}").format(findings=", ".join(kinds))
        self.do(recipe_edits.check(self._controller.recipe, found), text)

    def fix(self, fix: SourceChange) -> None:
        """Apply a fix to the source; a change of folder opens that folder first."""
        source = self._controller.recipe.source
        path = fix.params.get("path")
        if isinstance(path, str):
            self._controller.drop([self._controller.base / path])
            return
        self.do(recipe_edits.change_source(source, fix), fix.label)

    def reopen(self, params: Params) -> None:
        """Open the same data with other parameters of its source, and use it so."""
        source = self._controller.recipe.source
        self._controller.open_other(Spec(source.kind, source.params.merge(params)))

    def check_samples(self, ids: Sequence[str]) -> None:
        """Mark all findings about samples as checked."""
        wanted = frozenset(ids)
        view = self._controller.view
        every = view.findings.values() if view is not None else ()
        self.check([each for some in every for each in some if each.path in wanted])

    def uncheck_all(self) -> None:
        """Show all checked findings again."""
        self.do(
            recipe_edits.uncheck(
                self._controller.recipe, self._controller.recipe.checked
            ),
            _("Show reviewed findings"),
        )

    def do_all(self, several: Sequence[Edit], name: str) -> None:
        """Apply several edits as one undoable step."""
        self.do(CompositeEdit(tuple(several), name), name)

    def report(self, error: UserError) -> None:
        """Report an edit that cannot be made as a notice."""
        self._studio.notices.error(error)

    def do(self, edit: Edit, name: str) -> None:
        """Apply an edit; an invalid one is reported as a notice."""
        try:
            self._studio.session.do(edit, name)
        except UserError as error:
            self._studio.notices.error(error)


def _named(ids: Sequence[str]) -> str:
    """A single sample by name, several by their count."""
    return ids[0].rpartition("/")[2] if len(ids) == 1 else count_text(len(ids))
