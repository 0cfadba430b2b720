"""Display names of splits, sources and datasets. No Qt."""

from __future__ import annotations

from pathlib import Path

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.i18n import _, marked, ngettext
from dlstudio.workers.dataset import EXCLUDED, Dataset
from dlstudio.workers.table_dataset import TableSnapshot

SPLIT_NAMES = (marked("Training"), marked("Validation"), marked("Test"))
SHORT_SPLIT_NAMES = ("", marked("val"), marked("test"))


def split_name(split: int) -> str:
    """The displayed name of a split."""
    return _("Excluded") if split == EXCLUDED else _(SPLIT_NAMES[split])


def source_title(source: Spec, catalog: Catalog) -> str:
    """The displayed name of a source: a folder, a file, or a dataset."""
    path = source.params.get("path")
    if isinstance(path, str) and path:
        return Path(path).name or path
    name = source.params.get("name")
    if isinstance(name, str) and name:
        return name
    description = catalog.get(source.kind)
    return source.kind if description is None else title_of(description)


def title_of(description: Description) -> str:
    """The displayed name of a source or task in lists."""
    return _(description.title) if description.title else description.name


def count_text(count: int) -> str:
    """ "1,797 images"."""
    return ngettext("{count} image", "{count} images", count).format(count=f"{count:,}")


def dataset_summary(
    dataset: Dataset,
    catalog: Catalog,
    excluded: int = 0,
    head: str = "",
    classes: int | None = None,
) -> str:
    """A dataset in one line: number of images, classes, labels and size.

    Args:
        dataset: The dataset; it may still be incomplete.
        catalog: Describes the tasks.
        excluded: Number of excluded images.
        head: Kind of the head that the images are for; some need no labels.
        classes: Number of classes with those given by hand; None for the source's.
    """
    found = catalog.get(head)
    unused = found is not None and bool(found.extra.get("of_input"))
    labels = "multi" if dataset.has_several_labels else "single"
    tasks = [e for e in catalog.family("heads") if e.extra.get("labels") == labels]
    classes = len(dataset.classes) if classes is None else classes
    known = ngettext("{count} class", "{count} classes", classes)
    parts = [count_text(len(dataset))]
    if not classes:
        parts.append(_("without classes"))
    else:
        parts.append(known.format(count=classes))
        parts += [title_of(each).lower() for each in tasks[:1] if not unused]
        parts += [_("labels not used")] if unused else []
    parts.append(image_size_text(dataset))
    if dataset.has_splits:
        parts.append(_("with predefined splits"))
    if excluded:
        parts.append(_("{count} excluded").format(count=f"{excluded:,}"))
    return " · ".join(parts)


def rows_text(count: int) -> str:
    """ "1,204 rows"."""
    return ngettext("{count} row", "{count} rows", count).format(count=f"{count:,}")


def table_summary(snapshot: TableSnapshot, project: Project) -> str:
    """A table in one line: number of rows and columns, and what predicts what.

    Args:
        snapshot: The table with its recipe applied.
        project: Says what is predicted.
    """
    columns = len(snapshot.content.columns)
    parts = [
        rows_text(len(snapshot.dataset)),
        ngettext("{count} column", "{count} columns", columns).format(count=columns),
    ]
    used = {each.name: each.role for each in snapshot.content.columns}
    targets = [name for name, role in used.items() if role == "target"]
    inputs = [name for name, role in used.items() if role == "input"]
    if targets and inputs:
        text = _("predicts {targets} from {inputs}").format(
            targets=", ".join(targets), inputs=", ".join(inputs)
        )
        parts.append(text)
    excluded = len(project.data.leave_out)
    if excluded:
        parts.append(_("{count} excluded").format(count=f"{excluded:,}"))
    return " · ".join(parts)


def image_size_text(dataset: Dataset) -> str:
    """ "28 × 28, grey" or "about 500 × 375, colour"."""
    colour = _("grayscale") if dataset.channels == 1 else _("color")
    size = f"{dataset.width} × {dataset.height}"
    text = _("about {size}, {colour}") if dataset.varying else "{size}, {colour}"
    return text.format(size=size, colour=colour)
