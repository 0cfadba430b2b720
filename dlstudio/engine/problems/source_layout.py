"""Checks how folders and tables of the data are read."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.data.findings import Finding, SourceFix
from dlstudio.data.held_out import held_out_notes
from dlstudio.data.samples import TEST
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.project import SetData
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.values import Spec
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.i18n import _

QUESTIONS = (
    *("other-task", "folder-layout", "left-out-folder"),
    *("table-encoding", "combined-labels", "similar-classes", "numeric-labels"),
    *("other-columns", "unknown-split", "blank-split", "ragged-rows"),
    *("doubtful-folder", "narrow-values"),
)
"""Kinds of source findings that can make a training useless."""
OF_CLASSES = ("other-task", "combined-labels", "similar-classes", "numeric-labels")
"""Those that do not matter where no classes are predicted."""


def folders(context: CheckContext) -> Iterator[Problem]:
    """Notes from reading the source that matter before training."""
    dataset, source = context.dataset, context.project.data.source
    if dataset is None or dataset.source != source:
        return  # the notes belong to another source or other parameters
    checked = context.project.data.checked
    head_type = context.head_type
    without = OF_CLASSES if head_type and not head_type.has_classes else ()
    for each in dataset.notes:
        if each.kind in without:
            continue
        if each.kind in QUESTIONS and f"{each.kind} {each.path}" not in checked:
            answers = [fix for fix in each.fixes if isinstance(fix, SourceFix)]
            fixes = [_fix(source, fix) for fix in answers]
            yield context.problem("warning", each.kind, _message(each), fixes=fixes)


def held_out(context: CheckContext) -> Iterator[Problem]:
    """A missing test split that is taken from the training samples."""
    dataset, split = context.dataset, context.project.data.split
    if dataset is None:
        return
    notes = held_out_notes(dataset.given, split, {TEST: dataset.test or 0})
    if TEST not in notes:
        return
    keep = Fix.set_data(_("Use all of them for training"), "split.test", 0.0)
    yield context.problem("hint", "test-from-training", notes[TEST], fixes=[keep])


def _message(found: Finding) -> str:
    named = found.path not in ("", ".") and found.path not in found.message
    return f"{found.path}: {found.message}" if named else found.message


def _fix(source: Spec, answer: SourceFix) -> Fix:
    """A fix that answers a question about folders."""
    changed = Spec(source.kind, source.params.merge(answer.params))
    edits: list[Edit] = [SetData("source", changed)]
    if answer.splits is not None:
        mode = "folders" if answer.splits else "random"
        edits.append(SetData("split.mode", mode))
    return Fix(answer.label, tuple(edits))


SOURCE_LAYOUT = (folders, held_out)
