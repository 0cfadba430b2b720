"""A project for a table from which nothing is predicted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.workers.jobs import JobContext

if TYPE_CHECKING:
    from dlstudio.data.samples import Samples


def without_target(
    _context: JobContext,
    catalog: Catalog,
    template: str,
    project: Project,
    samples: Samples,
) -> Project:
    """Create a project from a template whose models have no target.

    Args:
        catalog: Describes templates and feature types.
        template: Kind of the template.
        project: Has name and source.
        samples: The rows of the table.

    Raises:
        UserError: The table lacks a column that the template needs.
    """
    from dlstudio.data.columns import Cells
    from dlstudio.data.features.feature_choice import choose_inputs
    from dlstudio.data.features.inference import infer_columns
    from dlstudio.data.samples import Samples
    from dlstudio.data.table_rows import read_feature
    from dlstudio.document.plan import DataRecipe
    from dlstudio.engine.templates import make_project
    from dlstudio.engine.templates.context import table_context

    cells = {n: c for n, c in samples.columns.items() if isinstance(c, Cells)}
    choice = choose_inputs(cells, infer_columns(cells, catalog), catalog, {})
    source = project.data.source
    recipe = DataRecipe(source, features=choice.features)
    columns = {
        name: read_feature(samples, recipe, name, catalog).column
        for name in choice.features
    }
    parsed = Samples(samples.ids, columns, samples.splits, samples.notes)
    context = table_context(project.name, source, parsed, choice.features, {}, catalog)
    return make_project(catalog[template], context)
