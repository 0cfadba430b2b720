"""Jobs on an open table: what its columns are, and what a recipe makes of them.

They import `dlstudio.data` on the worker thread; none of it needs TensorFlow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.document.column_statistics import ColumnStatistics
from dlstudio.document.feature import Feature
from dlstudio.document.project import Project
from dlstudio.workers.cell_rows import CellRows
from dlstudio.workers.dataset import Mask
from dlstudio.workers.jobs import Cancelled, JobContext
from dlstudio.workers.table import Role, TableColumn

if TYPE_CHECKING:
    from dlstudio.data.columns import Cells, Column
    from dlstudio.data.features.base import ParsedColumn
    from dlstudio.data.features.inference import InferredColumn
    from dlstudio.data.samples import Samples

Inferred = Mapping[str, "InferredColumn"]


@dataclass(frozen=True, eq=False)
class TableContent:
    """A table as the window shows it.

    Attributes:
        columns: What each column is, in the order of the rows' texts.
        rows: The cells, with the user's corrections.
    """

    columns: tuple[TableColumn, ...]
    rows: CellRows


def infer_table(context: JobContext, catalog: Catalog, samples: Samples) -> Inferred:
    """What the columns of a table are, from its cells alone; once for each source.

    Args:
        context: Context of the job.
        catalog: Describes the feature types.
        samples: Of a table.

    Raises:
        Cancelled: The job was cancelled.
    """
    from dlstudio.data.features.inference import infer_columns
    from dlstudio.data.parallel import Stopped

    try:
        return infer_columns(_cells(samples), catalog, context.should_stop)
    except Stopped:
        raise Cancelled from None


def table_content(
    context: JobContext,
    catalog: Catalog,
    samples: Samples,
    inferred: Inferred,
    project: Project,
    splits: npt.NDArray[np.uint8] | None = None,
) -> TableContent:
    """What a project's recipe makes of a table.

    Args:
        context: Context of the job.
        catalog: Describes the feature types.
        samples: Of a table.
        inferred: From `infer_table`.
        project: Says which features are used, and what was corrected.
        splits: Index into `SPLITS` or `EXCLUDED` of each row, uint8 (n,).

    Raises:
        Cancelled: The job was cancelled.
        UserError: A feature has an unknown type.
    """
    from dlstudio.data.features.base import load_feature_type

    cells = _cells(samples)
    used = _used(project, samples)
    columns: list[TableColumn] = []
    missing: dict[str, Mask] = {}
    unreadable: dict[str, Mask] = {}
    for name, each in cells.items():
        if context.should_stop():
            raise Cancelled
        guess = inferred[name]
        if name not in used:
            columns.append(_ignored(name, each, guess))
            continue
        title, feature = used[name]
        parsed = _parsed(catalog, samples, project, title, guess)
        missing[title] = parsed.column.missing()
        unreadable[title] = parsed.unreadable
        statistics = load_feature_type(catalog[feature.kind]).statistics(parsed.column)
        columns.append(
            TableColumn(
                title,
                feature.kind,
                _certainty(feature, guess, parsed),
                alternatives=_alternatives(guess, feature.kind),
                statistics=statistics,
                unreadable=int(parsed.unreadable.sum()),
                role=_role(project, title),
                params=feature.params,
                names=_names(parsed.column),
            )
        )
    texts = zip(columns, cells.values(), strict=True)
    rows = CellRows(
        samples.ids,
        {column.name: each for column, each in texts},
        splits,
        project.data.changed,
        missing,
        unreadable,
    )
    return TableContent(tuple(columns), rows)


def _cells(samples: Samples) -> dict[str, Cells]:
    from dlstudio.data.columns import Cells

    return {
        name: each for name, each in samples.columns.items() if isinstance(each, Cells)
    }


def _used(project: Project, samples: Samples) -> dict[str, tuple[str, Feature]]:
    """Column → the feature that it becomes, with its name."""
    found = {}
    for name, feature in project.data.features.items():
        column = feature.column or name
        if column in samples.columns:
            found[column] = (name, feature)
    return found


def _parsed(
    catalog: Catalog,
    samples: Samples,
    project: Project,
    name: str,
    inferred: InferredColumn,
) -> ParsedColumn:
    """A feature of all rows; what was parsed already is not parsed again."""
    from dlstudio.data.table_rows import read_feature

    feature = project.data.features[name]
    same = (feature.kind, feature.params) == (inferred.kind, inferred.params)
    if same and inferred.parsed and not project.data.changed_values(name):
        return inferred.parsed
    return read_feature(samples, project.data, name, catalog)


def _certainty(
    feature: Feature, inferred: InferredColumn, parsed: ParsedColumn
) -> float:
    if feature.kind == inferred.kind:
        return inferred.certainty
    known = dict(inferred.alternatives).get(feature.kind)
    if known is not None:
        return known
    present = int((~parsed.column.missing()).sum())
    return present / max(1, present + int(parsed.unreadable.sum()))


def _alternatives(inferred: InferredColumn, kind: str) -> tuple[tuple[str, float], ...]:
    """What else a column may be, if it is of a kind."""
    found = dict(inferred.alternatives)
    if inferred.kind:
        found[inferred.kind] = inferred.certainty
    found.pop(kind, None)
    return tuple(sorted(found.items(), key=lambda pair: -pair[1]))


def _ignored(name: str, cells: Cells, inferred: InferredColumn) -> TableColumn:
    """A column that is not used: because of its cells, or as the user wants it."""
    values = cells.values
    missing = values.null_count()
    distinct = values.n_unique() - bool(missing)
    own = not inferred.kind
    return TableColumn(
        name,
        certainty=inferred.certainty if own else 1.0,
        reason=inferred.reason if own else "",
        alternatives=_alternatives(inferred, ""),
        statistics=ColumnStatistics(len(values), missing, distinct),
    )


def _role(project: Project, feature: str) -> Role:
    if any(each.feature == feature for each in project.outputs):
        return "target"
    used = any(each.feature == feature for each in project.inputs)
    return "input" if used else ""


def _names(column: Column) -> tuple[str, ...]:
    from dlstudio.data.columns import Categories, CategorySets

    return column.names if isinstance(column, (Categories, CategorySets)) else ()
