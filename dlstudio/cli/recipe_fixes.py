"""Fixes of what a scan of a table finds: their ids, and applying them to a project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark
from dlstudio.labelled_text import labelled

if TYPE_CHECKING:
    from pathlib import Path

    from dlstudio.catalog.store import Catalog
    from dlstudio.cli.fixes import Applied
    from dlstudio.data.findings import Finding, RecipeFix, SourceFix
    from dlstudio.data.samples import Samples
    from dlstudio.document.project import Project
    from dlstudio.document.values import Params

SHOWN = 20
"""Ids that a message lists."""


def fix_ids(found: Finding) -> tuple[str, ...]:
    """The id of each fix of a finding, such as "missing-values:age:median"."""
    words = [_word(fix) for fix in found.fixes]
    place = f"{found.kind}:{found.path}" if found.path else found.kind
    return tuple(
        f"{place}:{word if words.count(word) == 1 else f'{word}-{number}'}"
        for number, word in enumerate(words, 1)
    )


def _word(fix: RecipeFix | SourceFix) -> str:
    """What a fix does, in a word that no language changes."""
    from dlstudio.data.findings import SourceFix

    if isinstance(fix, SourceFix):
        return "-".join(str(value) for value in fix.params.values()) or "source"
    if fix.kind is not None:
        return fix.kind.rpartition(".")[2] or "ignore"
    if "missing" in fix.params:
        return str(fix.params["missing"])
    return "clip" if fix.params else "exclude"


def apply_recipe_fixes(
    folder: Path, samples: Samples, catalog: Catalog, wanted: Sequence[str]
) -> Applied:
    """Apply fixes to a project and save it; nothing is saved if one fails.

    Args:
        folder: Of the project.
        samples: Of its table.
        catalog: Describes the feature types.
        wanted: Ids of fixes, or what they begin with: a kind of finding, perhaps with
            a column. Of each finding that is meant so, the first fix is applied.

    Raises:
        UserError: There is no such fix, or a window holds the project.
    """
    from dlstudio.cli.fixes import Applied
    from dlstudio.data.table_scan import scan_used_table
    from dlstudio.document.edit_lock import edited_project

    with edited_project(folder, mark("a command")) as (before, save):
        findings = scan_used_table(samples, before, catalog).findings
        chosen = [fix for each in wanted for fix in _chosen(findings, each.strip())]
        after = before
        labels = []
        for found, fix in chosen:
            after = _applied(after, fix, samples, catalog)
            labels.append(labelled(found.path, fix.label) if found.path else fix.label)
        if after != before:
            save(after)
    return Applied(before, after, tuple(labels))


def _chosen(
    findings: Sequence[Finding], wanted: str
) -> list[tuple[Finding, RecipeFix | SourceFix]]:
    every = [
        (id, found, fix)
        for found in findings
        for id, fix in zip(fix_ids(found), found.fixes, strict=True)
    ]
    exact = [(found, fix) for id, found, fix in every if id == wanted]
    if exact:
        return exact
    begun = list(_first_of(findings, wanted))
    if begun:
        return begun
    message = _("There is no fix {number}.").format(number=f"“{wanted}”")
    if not every:
        raise UserError(message, _("Nothing that was found in the table has a fix."))
    names = ", ".join(id for id, _found, _fix in every[:SHOWN])
    raise UserError(message, _("Use one of: {names}.").format(names=names))


def _first_of(
    findings: Sequence[Finding], wanted: str
) -> Iterator[tuple[Finding, RecipeFix | SourceFix]]:
    """The first fix of each finding of a kind, or of a kind and a column."""
    for found in findings:
        if found.fixes and wanted in (found.kind, f"{found.kind}:{found.path}"):
            yield found, found.fixes[0]


def _applied(
    project: Project, fix: RecipeFix | SourceFix, samples: Samples, catalog: Catalog
) -> Project:
    """A project with a fix applied, as the window's button does it."""
    import numpy as np

    from dlstudio.data.findings import SourceFix
    from dlstudio.data.row_ids import RowIds
    from dlstudio.document.column_edits import ignore_column, set_type, treat
    from dlstudio.document.source_edits import reread

    if isinstance(fix, SourceFix):
        return reread(project.data.source, fix.params, fix.splits).apply(project)
    if fix.kind == "":
        return ignore_column(project, fix.column).apply(project)
    if fix.kind is not None:
        params = _params(project, fix.column, fix.kind, samples, catalog)
        edit = set_type(project, fix.column, fix.kind, params, catalog)
        return edit.apply(project)
    ids = samples.ids
    assert isinstance(ids, RowIds)
    out = tuple(ids.take(np.array(fix.exclude, np.int64))) if fix.exclude else ()
    return treat(project, fix.column, fix.params, out).apply(project)


def _params(
    project: Project, name: str, kind: str, samples: Samples, catalog: Catalog
) -> Params:
    """The settings with which a type reads a column.

    Args:
        project: With the feature, unless the column is ignored.
        name: Of the feature or the column.
        kind: The type.
        samples: With the column.
        catalog: Describes the type.
    """
    from dlstudio.data.columns import Cells
    from dlstudio.data.features.base import load_feature_type
    from dlstudio.data.features.cell_text import sampled
    from dlstudio.document.values import freeze_map

    own = project.data.features.get(name)
    cells = samples.columns.get(own.column or name if own is not None else name)
    assert isinstance(cells, Cells)
    return freeze_map(load_feature_type(catalog[kind]).infer_params(sampled(cells)))
