"""The groups of a run's samples by a column of its data, used by the model or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.data.groups import grouping_columns, groups_of, sample_groups
from dlstudio.data.open_source import open_source
from dlstudio.document.values import Spec
from dlstudio.engine.runs.store import Run


def run_groups(
    run: Run,
    folder: Path,
    catalog: Catalog,
    column: str,
    ids: Sequence[str],
    source: Spec | None = None,
) -> list[str]:
    """The group of each of some samples; "" where it has no value.

    Args:
        run: Of the model that is evaluated.
        folder: The project's folder.
        catalog: Describes feature types and sources.
        column: Name of a feature or of a column.
        ids: Names of the samples.
        source: Other data; None for the run's own.

    Raises:
        UserError: The data cannot be read, or has no such column.
    """
    recipe = run.project().data
    if source is not None:
        recipe = replace(recipe, source=source, changed=type(recipe.changed)())
    samples = open_source(recipe.source, catalog, folder)
    groups = sample_groups(samples, recipe, catalog, column)
    return groups_of(samples, groups, ids)


def group_columns(run: Run, folder: Path, catalog: Catalog) -> tuple[str, ...]:
    """Columns of a run's data by which it is useful to group its results.

    Args:
        run: The run.
        folder: The project's folder.
        catalog: Describes the sources and the feature types.

    Raises:
        UserError: The data cannot be read.
    """
    recipe = run.project().data
    samples = open_source(recipe.source, catalog, folder)
    return grouping_columns(samples, recipe, catalog)
