"""A table as a project uses it: its types, corrections and exclusions applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Cells, Indices
from dlstudio.data.features.column_findings import column_findings
from dlstudio.data.features.inference import InferredColumn
from dlstudio.data.features.inferred_table import InferredTable
from dlstudio.data.features.text_overlap import texts_across_splits
from dlstudio.data.findings import Finding, RecipeFix
from dlstudio.data.row_ids import RowIds
from dlstudio.data.row_split import split_rows
from dlstudio.data.samples import Samples
from dlstudio.data.table_rows import read_feature
from dlstudio.document.project import Project
from dlstudio.errors import UserError


@dataclass(frozen=True, eq=False, slots=True)
class UsedTable:
    """The rows of a table that are not excluded.

    Attributes:
        table: Their columns as the project reads them.
        kept: Their places among all rows, int64 (n,).
        names: What the features are called that read columns, by column.
        notes: What was found while the table was read.
        splits: Places of the rows of each split among those of the table; empty where
            they cannot be split.
    """

    table: InferredTable
    kept: Indices
    names: Mapping[str, str]
    notes: tuple[Finding, ...]
    splits: Mapping[str, Indices]

    def findings(self) -> tuple[Finding, ...]:
        """What is found about them, by feature, with places among all rows."""
        if not len(self.kept):
            return self.notes
        across = texts_across_splits(self.table, self.splits)
        found = (*column_findings(self.table), *across)
        return (*self.notes, *map(self._placed, found))

    def _placed(self, found: Finding) -> Finding:
        fixes = tuple(
            replace(
                fix,
                column=self.names.get(fix.column, fix.column),
                exclude=tuple(self.kept[list(fix.exclude)].tolist()),
            )
            if isinstance(fix, RecipeFix)
            else fix
            for fix in found.fixes
        )
        path = self.names.get(found.path, found.path)
        rows = tuple(self.kept[list(found.rows)].tolist())
        return replace(found, path=path, fixes=fixes, rows=rows)


def table_as_used(
    samples: Samples,
    inferred: Mapping[str, InferredColumn],
    project: Project,
    catalog: Catalog,
) -> UsedTable:
    """The rows and columns of a table as a project uses them.

    Args:
        samples: Of the table.
        inferred: What its columns are by themselves.
        project: Its types, corrections and exclusions.
        catalog: Describes the feature types.
    """
    assert isinstance(samples.ids, RowIds)
    every = {n: each for n, each in samples.columns.items() if isinstance(each, Cells)}
    used = np.ones(len(samples), bool)
    used[samples.ids.places(project.data.leave_out)] = False
    kept = np.flatnonzero(used).astype(np.int64)
    owners = dict(_columns(project))
    names = {column: name for name, column in owners.items()}
    columns = {
        name: _column(samples, inferred[name], names.get(name), project, catalog)
        for name in every
    }
    if len(kept) < len(samples):
        every = {name: each.take(kept) for name, each in every.items()}
        columns = {name: _taken(each, kept) for name, each in columns.items()}
    target = owners.get(project.output.feature, "")
    numbers = samples.ids.numbers[kept]
    table = InferredTable(
        every, columns, target if target in columns else "", catalog, numbers
    )
    splits = _splits(samples, kept, table, project)
    return UsedTable(table, kept, names, samples.notes, splits)


def _splits(
    samples: Samples, kept: Indices, table: InferredTable, project: Project
) -> Mapping[str, Indices]:
    """Places of the used rows of each split; empty if none is left for training."""
    assert isinstance(samples.ids, RowIds)
    recipe, target = project.data, table.values(table.target)
    given = samples.splits[kept]
    try:
        return split_rows(
            RowIds(samples.ids.numbers[kept]), given, recipe.split, target, recipe.moved
        )
    except UserError:  # the problems of the project say so
        return {}


def _columns(project: Project) -> Iterator[tuple[str, str]]:
    """Names of features, each with the column that it reads."""
    for name, feature in project.data.features.items():
        yield name, feature.column or name


def _taken(column: InferredColumn, kept: Indices) -> InferredColumn:
    if column.parsed is None:
        return column
    return replace(column, parsed=column.parsed.take(kept))


def _column(
    samples: Samples,
    inferred: InferredColumn,
    name: str | None,
    project: Project,
    catalog: Catalog,
) -> InferredColumn:
    """A column of all rows as a project reads it.

    Args:
        samples: Of the table.
        inferred: What the column is by itself.
        name: Of the feature that reads it; None for none.
        project: With the feature.
        catalog: Describes its type.
    """
    if name is None:  # ignored, by the user if there is no other reason
        own = ((inferred.kind, inferred.certainty),) if inferred.kind else ()
        others = (*own, *inferred.alternatives)
        return replace(inferred, kind="", parsed=None, alternatives=others)
    feature = project.data.features[name]
    parsed = inferred.parsed
    same = (feature.kind, feature.params) == (inferred.kind, inferred.params)
    if not same or parsed is None or project.data.changed_values(name):
        parsed = read_feature(samples, project.data, name, catalog)
    certain = dict(inferred.alternatives)
    if inferred.kind:
        certain[inferred.kind] = inferred.certainty
    certainty = certain.pop(feature.kind, 1.0)
    return replace(
        inferred,
        kind=feature.kind,
        certainty=certainty,
        reason="",
        params=feature.params,
        alternatives=tuple(sorted(certain.items(), key=lambda pair: -pair[1])),
        parsed=parsed,
    )
