"""What parts, sources, tasks and findings are called. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dlstudio.document.values import Spec
from dlstudio.i18n import _, marked, ngettext
from dlstudio.workers.dataset import OUT, DataSet

PART_WORDS = (marked("Training"), marked("Validation"), marked("Test"))
SHORT_PARTS = ("", marked("val"), marked("test"))
SOURCES = {
    "dlstudio.sources.folder": marked("A folder for each class"),
    "dlstudio.sources.csv": marked("A table of files and labels"),
    "dlstudio.sources.idx": marked("IDX files, as MNIST's"),
    "dlstudio.sources.arrays": marked("NumPy arrays"),
    "dlstudio.sources.digits": marked("Handwritten digits"),
    "dlstudio.sources.keras_set": marked("One of Keras' sets"),
}
TASKS = {"single": marked("One class each"), "multi": marked("Any number of labels")}


@dataclass(frozen=True)
class Kind:
    """What a kind of finding is called, and what it means.

    Attributes:
        tone: "bad", "warning" or "plain".
        text: What it does to a training, and what to do about it.
    """

    title: str
    tone: str
    text: str


_CANNOT = marked("It cannot be used: leave it out, or put a good file in its place.")
KINDS = {
    "zero-byte": Kind(marked("Empty files"), "bad", _CANNOT),
    "not-an-image": Kind(marked("Not a picture"), "bad", _CANNOT),
    "too-large": Kind(marked("Far too large"), "bad", _CANNOT),
    "truncated": Kind(marked("Cut off"), "bad", _CANNOT),
    "unreadable": Kind(marked("Cannot be read"), "bad", _CANNOT),
    "missing-file": Kind(
        marked("Missing files"), "bad", marked("The source names files that are gone.")
    ),
    "conflicting-labels": Kind(
        marked("One picture, two labels"),
        "bad",
        marked("One of the labels is wrong: relabel or leave out one of them."),
    ),
    "duplicate-across-splits": Kind(
        marked("Copies in training and test"),
        "bad",
        marked("Results look better than they are: move or leave out the copies."),
    ),
    "one-class": Kind(
        marked("One class only"), "bad", marked("Add pictures of something else.")
    ),
    "duplicate": Kind(
        marked("Copies"),
        "warning",
        marked("A copy counts twice in training; leaving it out loses nothing."),
    ),
    "near-duplicate": Kind(
        marked("Almost the same"),
        "warning",
        marked("Pictures of one scene belong into one part, or one of them suffices."),
    ),
    "few-samples": Kind(
        marked("Few pictures"), "warning", marked("Add pictures of these classes.")
    ),
    "imbalance": Kind(
        marked("Uneven classes"),
        "warning",
        marked("Balanced class weights, in the plan, make up for it."),
    ),
    "class-not-in-split": Kind(
        marked("Class missing in a part"),
        "warning",
        marked("Nothing can be said of a class that is not tested."),
    ),
    "empty-folder": Kind(
        marked("Empty folders"), "plain", marked("They make no class.")
    ),
    "no-class": Kind(
        marked("Pictures outside of classes"),
        "plain",
        marked("Put them into the folder of a class, or leave them where they are."),
    ),
    "not-in-export": Kind(
        marked("Formats that exports cannot decode"),
        "plain",
        marked(
            "Good for training here; save such files as PNG for the exported model."
        ),
    ),
}
ORDER = tuple(KINDS)


def kind_of(name: str) -> Kind:
    """What a kind of finding is called; of one that is not known, its own name."""
    return KINDS.get(name, Kind(name.replace("-", " "), "plain", ""))


def part_word(part: int) -> str:
    """What a part is called."""
    return _("Left out") if part == OUT else _(PART_WORDS[part])


def source_title(source: Spec) -> str:
    """The name of what the pictures come from."""
    path = source.params.get("path")
    if isinstance(path, str) and path:
        return Path(path).name or path
    name = source.params.get("name")
    if isinstance(name, str) and name:
        return name
    return _(SOURCES.get(source.kind, source.kind))


def count_text(count: int) -> str:
    """ "1,797 pictures"."""
    return ngettext("{count} picture", "{count} pictures", count).format(
        count=f"{count:,}"
    )


def set_text(dataset: DataSet, left_out: int = 0) -> str:
    """The data set in one line: number, classes, labels, size."""
    labels = "multi" if dataset.multi_label else "single"
    classes = len(dataset.classes)
    parts = [
        count_text(len(dataset)),
        ngettext("{count} class", "{count} classes", classes).format(count=classes),
        _(TASKS[labels]).lower(),
        size_words(dataset),
    ]
    if dataset.has_splits:
        parts.append(_("with training and test folders"))
    if left_out:
        parts.append(_("{count} left out").format(count=f"{left_out:,}"))
    return " · ".join(parts)


def size_words(dataset: DataSet) -> str:
    """ "28 × 28, grey" or "about 500 × 375, colour"."""
    colour = _("grey") if dataset.channels == 1 else _("colour")
    size = f"{dataset.width} × {dataset.height}"
    text = _("about {size}, {colour}") if dataset.varying else "{size}, {colour}"
    return text.format(size=size, colour=colour)
