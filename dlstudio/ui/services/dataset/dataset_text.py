"""What parts, sources and tasks are called, beside findings. No Qt."""

from __future__ import annotations

from pathlib import Path

from dlstudio.document.values import Spec
from dlstudio.i18n import _, marked, ngettext
from dlstudio.workers.dataset import EXCLUDED, Dataset

SPLIT_NAMES = (marked("Training"), marked("Validation"), marked("Test"))
SHORT_SPLIT_NAMES = ("", marked("val"), marked("test"))
SOURCE_NAMES = {
    "dlstudio.sources.folder": marked("Folder per class"),
    "dlstudio.sources.csv": marked("CSV table of files and labels"),
    "dlstudio.sources.idx": marked("IDX files (MNIST format)"),
    "dlstudio.sources.arrays": marked("NumPy arrays"),
    "dlstudio.sources.digits": marked("Handwritten digits"),
    "dlstudio.sources.keras_set": marked("Keras dataset"),
}
TASK_NAMES = {
    "single": marked("Single-label classification"),
    "multi": marked("Multi-label classification"),
}


def split_name(split: int) -> str:
    """What a part is called."""
    return _("Excluded") if split == EXCLUDED else _(SPLIT_NAMES[split])


def source_title(source: Spec) -> str:
    """The name of what the images come from."""
    path = source.params.get("path")
    if isinstance(path, str) and path:
        return Path(path).name or path
    name = source.params.get("name")
    if isinstance(name, str) and name:
        return name
    return _(SOURCE_NAMES.get(source.kind, source.kind))


def count_text(count: int) -> str:
    """ "1,797 pictures"."""
    return ngettext("{count} image", "{count} images", count).format(count=f"{count:,}")


def dataset_summary(dataset: Dataset, excluded: int = 0) -> str:
    """The dataset in one line: number, classes, labels, size."""
    labels = "multi" if dataset.multi_label else "single"
    classes = len(dataset.classes)
    parts = [
        count_text(len(dataset)),
        ngettext("{count} class", "{count} classes", classes).format(count=classes),
        _(TASK_NAMES[labels]).lower(),
        image_size_text(dataset),
    ]
    if dataset.has_splits:
        parts.append(_("with predefined splits"))
    if excluded:
        parts.append(_("{count} excluded").format(count=f"{excluded:,}"))
    return " · ".join(parts)


def image_size_text(dataset: Dataset) -> str:
    """ "28 × 28, grey" or "about 500 × 375, colour"."""
    colour = _("grayscale") if dataset.channels == 1 else _("color")
    size = f"{dataset.width} × {dataset.height}"
    text = _("about {size}, {colour}") if dataset.varying else "{size}, {colour}"
    return text.format(size=size, colour=colour)
