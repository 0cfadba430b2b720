"""Kinds of findings about data: what each is called, what it means, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.i18n import marked


@dataclass(frozen=True)
class FindingKind:
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
    "zero-byte": FindingKind(marked("Empty files"), "bad", _CANNOT),
    "not-an-image": FindingKind(marked("Not a picture"), "bad", _CANNOT),
    "too-large": FindingKind(marked("Far too large"), "bad", _CANNOT),
    "truncated": FindingKind(marked("Cut off"), "bad", _CANNOT),
    "unreadable": FindingKind(marked("Cannot be read"), "bad", _CANNOT),
    "heic": FindingKind(
        marked("HEIC images"),
        "bad",
        marked("Install the extra, or save these images as JPEG or PNG."),
    ),
    "missing-file": FindingKind(
        marked("Missing files"), "bad", marked("The source names files that are gone.")
    ),
    "other-task": FindingKind(
        marked("Not data for classification"),
        "bad",
        marked("A model that tells these folders apart would learn nothing useful."),
    ),
    "folder-layout": FindingKind(
        marked("Which folders are the classes?"),
        "warning",
        marked("Say how the folders are meant; this can be changed at any time."),
    ),
    "left-out-folder": FindingKind(
        marked("Folders that are not used"),
        "warning",
        marked("Their images are used neither for training nor for evaluation."),
    ),
    "narrow-values": FindingKind(
        marked("Images that would be nearly flat"),
        "bad",
        marked(
            "Training, prediction and exports read images as 8 bits. Say which of "
            "their values become black and white."
        ),
    ),
    "conflicting-labels": FindingKind(
        marked("One picture, two labels"),
        "bad",
        marked("One of the labels is wrong: relabel or leave out one of them."),
    ),
    "duplicate-across-splits": FindingKind(
        marked("Copies in training and test"),
        "bad",
        marked("Results look better than they are: move or leave out the copies."),
    ),
    "one-class": FindingKind(
        marked("One class only"), "bad", marked("Add pictures of something else.")
    ),
    "table-encoding": FindingKind(
        marked("Text encoding guessed"),
        "warning",
        marked("The table does not say how its text is encoded."),
    ),
    "combined-labels": FindingKind(
        marked("Several labels in one cell"),
        "warning",
        marked("Each combination of labels is a class of its own now."),
    ),
    "similar-classes": FindingKind(
        marked("Classes that differ only in case"),
        "warning",
        marked("They are probably one class, written in several ways."),
    ),
    "numeric-labels": FindingKind(
        marked("Labels that look like numbers"),
        "warning",
        marked("A classifier learns names, not amounts."),
    ),
    "other-columns": FindingKind(
        marked("More columns of 0 and 1"),
        "warning",
        marked("Only the column that is named after labels is used."),
    ),
    "unknown-split": FindingKind(
        marked("Unknown splits"),
        "warning",
        marked("A split is called train, val or test."),
    ),
    "blank-split": FindingKind(
        marked("Rows without a split"),
        "warning",
        marked("They are used for training."),
    ),
    "ragged-rows": FindingKind(
        marked("Rows with too many cells"),
        "warning",
        marked("Only as many cells as there are columns are read."),
    ),
    "doubtful-folder": FindingKind(
        marked("More than one folder of files"),
        "warning",
        marked("Several folders have the files that the table names."),
    ),
    "doubtful-file": FindingKind(
        marked("Names of more than one file"),
        "warning",
        marked("Write the whole file name, with its ending, into the table."),
    ),
    "duplicate": FindingKind(
        marked("Copies"),
        "warning",
        marked("A copy counts twice in training; leaving it out loses nothing."),
    ),
    "near-duplicate": FindingKind(
        marked("Almost the same"),
        "warning",
        marked("Pictures of one scene belong into one part, or one of them suffices."),
    ),
    "flat-image": FindingKind(
        marked("Images of one color"),
        "warning",
        marked("There is nothing to learn from them. Exclude them; the files stay."),
    ),
    "placeholder": FindingKind(
        marked("Placeholders"),
        "warning",
        marked(
            "The same image stands for several classes, as “image not found” does. "
            "Exclude them; the files stay."
        ),
    ),
    "unlike-others": FindingKind(
        marked("Images unlike all others"),
        "warning",
        marked("They may be none of their class. Exclude them if so; the files stay."),
    ),
    "few-samples": FindingKind(
        marked("Few pictures"), "warning", marked("Add pictures of these classes.")
    ),
    "imbalance": FindingKind(
        marked("Uneven classes"),
        "warning",
        marked("Balanced class weights, in the plan, make up for it."),
    ),
    "class-not-in-split": FindingKind(
        marked("Class missing in a part"),
        "warning",
        marked("Nothing can be said of a class that is not tested."),
    ),
    "mirrored-classes": FindingKind(
        marked("Classes that are mirror images"),
        "plain",
        marked("Do not mirror these images in training: they would be mislabeled."),
    ),
    "split-folders": FindingKind(
        marked("Folders read as splits"),
        "plain",
        marked("Their names are not train, val or test, but mean the same."),
    ),
    "empty-folder": FindingKind(
        marked("Empty folders"), "plain", marked("They make no class.")
    ),
    "no-class": FindingKind(
        marked("Pictures outside of classes"),
        "plain",
        marked("Put them into the folder of a class, or leave them where they are."),
    ),
    "not-in-export": FindingKind(
        marked("Formats that exports cannot decode"),
        "plain",
        marked(
            "Good for training here; save such files as PNG for the exported model."
        ),
    ),
}
ORDER = tuple(KINDS)
EXCLUDED = ("flat-image", "placeholder", "unlike-others")
"""Kinds whose fix is to exclude the images they are about."""


def finding_kind(name: str) -> FindingKind:
    """What a kind of finding is called; of one that is not known, its own name."""
    return KINDS.get(name, FindingKind(name.replace("-", " "), "plain", ""))
