"""A project for the user's own data: labeled samples, or the rows of a table.

None of it needs TensorFlow.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.catalog.features.continuous_text import CONTINUOUS_TEXT
from dlstudio.catalog.store import Catalog
from dlstudio.document.plan import DataRecipe
from dlstudio.document.project import IMAGE_TYPE, TABLE_SOURCE, Project
from dlstudio.document.values import Spec
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.workers.jobs import JobContext

if TYPE_CHECKING:
    from dlstudio.data.samples import Samples

TABLES = "tables"
"""Category of the templates for tables."""
LABEL_LIST = "dlstudio.sources.csv"


def project_of_data(
    job_context: JobContext, catalog: Catalog, template: str, folder: Path, source: Spec
) -> Project:
    """Create a project, sized to the data; the folder is only read.

    A table in which nothing to predict can be found gives a project without a model:
    the target is chosen in the Data room.

    Args:
        job_context: Context of the job.
        catalog: Describes templates, sources and feature types.
        template: Kind of the template; "" for the one that fits the data.
        folder: Of the project, which is named after it.
        source: As the project stores it.

    Raises:
        UserError: The data cannot be read, or does not fit the template.
        Cancelled: The job was cancelled.
    """
    from dlstudio.data.open_source import open_source
    from dlstudio.data.row_ids import RowIds

    of_table = bool(template) and catalog[template].category == TABLES
    if of_table and source.kind == LABEL_LIST:  # its files are a column among others
        source = Spec(TABLE_SOURCE).with_param("path", source.params["path"])
    samples = open_source(source, catalog, folder)
    is_table = isinstance(samples.ids, RowIds)
    if is_table and template and catalog[template].extra.get("reconstructs"):
        source = _files_of_table(source, samples, catalog) or source
        samples = open_source(source, catalog, folder)
        is_table = isinstance(samples.ids, RowIds)
    if template and is_table and not of_table:
        raise _not_for_tables(template, samples, catalog)
    make = _of_table if is_table else _of_samples
    return make(
        job_context, catalog, template, Project(name=folder.name), source, samples
    )


def _files_of_table(source: Spec, samples: Samples, catalog: Catalog) -> Spec | None:
    """A table read as a list of the files that it names; None if it names none."""
    from dlstudio.data.image_listing import as_image_listing, image_columns

    columns = image_columns(samples, catalog)
    return as_image_listing(source, columns[0]) if columns else None


def _of_samples(
    _context: JobContext,
    catalog: Catalog,
    template: str,
    empty: Project,
    source: Spec,
    samples: Samples,
) -> Project:
    from dlstudio.engine.templates import make_project
    from dlstudio.engine.templates.context import context_of
    from dlstudio.engine.templates.default_template import (
        check_fitting,
        default_template,
    )

    context = context_of(empty.name, source, samples)
    if template:
        check_fitting(catalog[template], context, catalog, titled=True)
    return make_project(catalog[template or default_template(context)], context)


def _of_table(
    context: JobContext,
    catalog: Catalog,
    template: str,
    empty: Project,
    source: Spec,
    samples: Samples,
) -> Project:
    from dlstudio.workers.table_jobs import fit_table_model, table_dataset
    from dlstudio.workers.targetless_project import without_target

    project = replace(empty, data=DataRecipe(source))
    if template and not catalog[template].extra.get("predicts", True):
        return without_target(context, catalog, template, project, samples)
    table = table_dataset(context, catalog, source, samples)
    if table.choice is None:
        return project
    return fit_table_model(context, catalog, table, project, template)


def _not_for_tables(template: str, samples: Samples, catalog: Catalog) -> UserError:
    """The data is a table and the template is not."""
    kinds = _kinds(samples, catalog)
    columns = kinds if CONTINUOUS_TEXT.kind in kinds else {"", *kinds}
    fitting = [
        _("“{name}”").format(name=_(each.title))
        for each in catalog.family("templates")
        if each.extra.get("needs_data")
        and (
            each.category == TABLES
            or (IMAGE_TYPE in kinds and bool(each.extra.get("reconstructs")))
        )
        and each.extra.get("column", "") in columns
    ]
    title = _(catalog[template].title)
    return UserError(
        _("The template {name} does not fit this data.").format(name=title),
        _("Use one of: {names}.").format(names=_(", ").join(fitting)),
    )


def _kinds(samples: Samples, catalog: Catalog) -> set[str]:
    """The kinds of the columns of a table."""
    from dlstudio.data.columns import Cells
    from dlstudio.data.features.inference import infer_columns

    cells = {n: c for n, c in samples.columns.items() if isinstance(c, Cells)}
    return {each.kind for each in infer_columns(cells, catalog).values()}
