"""Kinds of findings about data: the title, meaning and remedy of each."""

from __future__ import annotations

from dlstudio.catalog.finding_kind import FindingKind
from dlstudio.catalog.text_finding_kinds import TEXT_KINDS
from dlstudio.i18n import marked

_CANNOT = marked(
    "These files cannot be used. Exclude them, or replace them with valid files."
)
UNLABELED = "unlabeled"
_TONES = ("bad", "warning", "plain")
_MOST = {
    "zero-byte": FindingKind(marked("Empty files"), "bad", _CANNOT),
    "not-an-image": FindingKind(marked("Not images"), "bad", _CANNOT),
    "too-large": FindingKind(marked("Files too large"), "bad", _CANNOT),
    "truncated": FindingKind(marked("Truncated files"), "bad", _CANNOT),
    "unreadable": FindingKind(marked("Unreadable files"), "bad", _CANNOT),
    "heic": FindingKind(
        marked("HEIC images"),
        "bad",
        marked(
            "Install the optional HEIC support, or save these images as JPEG or PNG."
        ),
    ),
    "missing-file": FindingKind(
        marked("Missing files"),
        "bad",
        marked("The source lists files that no longer exist."),
    ),
    "other-task": FindingKind(
        marked("Not data for classification"),
        "bad",
        marked("A classifier trained on these folders would learn nothing useful."),
    ),
    "folder-layout": FindingKind(
        marked("Which folders are the classes?"),
        "warning",
        marked("Choose what the folders mean. You can change this at any time."),
    ),
    "left-out-folder": FindingKind(
        marked("Unused folders"),
        "warning",
        marked("Their files are used for neither training nor evaluation."),
    ),
    "narrow-values": FindingKind(
        marked("Images with too few gray levels"),
        "bad",
        marked(
            "Training, prediction and exported models read images as 8-bit. "
            "Choose which values become black and white."
        ),
    ),
    "conflicting-labels": FindingKind(
        marked("Conflicting labels"),
        "bad",
        marked(
            "At least one of the labels is wrong. Relabel or exclude one of the images."
        ),
    ),
    "leaking-column": FindingKind(
        marked("Columns that reveal the target"),
        "bad",
        marked(
            "If it is not known when the model is used, results look better than they "
            "are. Ignore such a column."
        ),
    ),
    "duplicate-across-splits": FindingKind(
        marked("Duplicates across splits"),
        "bad",
        marked(
            "Results look better than they are. Move the duplicates into one "
            "split, or exclude them."
        ),
    ),
    UNLABELED: FindingKind(
        marked("Images without classes"),
        "plain",
        marked(
            "An autoencoder learns from such images. For classification, put the "
            "images of each class into a separate subfolder, or label them."
        ),
    ),
    "one-class": FindingKind(
        marked("Only one class"),
        "bad",
        marked("Add data of at least one other class."),
    ),
    "table-encoding": FindingKind(
        marked("Text encoding guessed"),
        "warning",
        marked("The table does not declare its text encoding."),
    ),
    "combined-labels": FindingKind(
        marked("Multiple labels in one cell"),
        "warning",
        marked("Each combination of labels currently counts as a separate class."),
    ),
    "similar-classes": FindingKind(
        marked("Classes that differ only in case"),
        "warning",
        marked("They are probably the same class, spelled differently."),
    ),
    "numeric-labels": FindingKind(
        marked("Labels that look like numbers"),
        "warning",
        marked("A classifier learns names, not quantities."),
    ),
    "other-columns": FindingKind(
        marked("Other columns with 0 and 1"),
        "warning",
        marked("Only the column with a typical label name is used."),
    ),
    "unknown-split": FindingKind(
        marked("Unknown splits"),
        "warning",
        marked("A split must be train, val or test."),
    ),
    "blank-split": FindingKind(
        marked("Rows without a split"),
        "warning",
        marked("They are used for training."),
    ),
    "ragged-rows": FindingKind(
        marked("Rows with too many cells"),
        "warning",
        marked("Cells beyond the number of columns are ignored."),
    ),
    "short-rows": FindingKind(
        marked("Rows with too few cells"),
        "warning",
        marked("The missing cells are read as blank."),
    ),
    "table-header": FindingKind(
        marked("Is the first row a header?"),
        "warning",
        marked("The first row may name the columns, or be data. You can change this."),
    ),
    "repeated-header": FindingKind(
        marked("Repeated header rows"),
        "warning",
        marked("Tables that were appended to each other contain their header again."),
    ),
    "duplicate-columns": FindingKind(
        marked("Columns with the same name"),
        "warning",
        marked("Give each column a name of its own in the header of the table."),
    ),
    "unnamed-columns": FindingKind(
        marked("Columns without a name"),
        "plain",
        marked("They are named by their position."),
    ),
    "stray-quotes": FindingKind(
        marked("Quotation marks within cells"),
        "warning",
        marked(
            "Quotation marks must enclose a whole cell, and be doubled within it. "
            "Others are read as text."
        ),
    ),
    "damaged-characters": FindingKind(
        marked("Damaged characters"),
        "warning",
        marked("Some bytes are not text of the file's encoding and are replaced."),
    ),
    "null-characters": FindingKind(
        marked("NUL characters"),
        "warning",
        marked("Text does not contain them; they are removed."),
    ),
    "missing-marks": FindingKind(
        marked("Cells that mark a missing value"),
        "plain",
        marked(
            "“NaN”, “N/A” and “null” are read as missing values. “NA”, “-” and “?” "
            "are, too, where all else in the column is a number or a date."
        ),
    ),
    "nested-columns": FindingKind(
        marked("Columns with nested values"),
        "warning",
        marked("Columns of lists, objects or bytes are not read."),
    ),
    "error-cells": FindingKind(
        marked("Cells with errors"),
        "warning",
        marked("Fix the formulas in the spreadsheet, or leave these cells blank."),
    ),
    "other-sheets": FindingKind(
        marked("More than one sheet"),
        "warning",
        marked("One sheet of the spreadsheet is read. Choose which one."),
    ),
    "blank-rows": FindingKind(
        marked("Blank rows"), "plain", marked("Rows without a cell are skipped.")
    ),
    "lines-above-table": FindingKind(
        marked("Lines above the table"),
        "plain",
        marked("Titles and comments above the header are skipped."),
    ),
    "doubtful-folder": FindingKind(
        marked("More than one image folder"),
        "warning",
        marked("Several folders contain the files listed in the table."),
    ),
    "doubtful-file": FindingKind(
        marked("Ambiguous file names"),
        "warning",
        marked("Write the full file name, including its extension, in the table."),
    ),
    "duplicate": FindingKind(
        marked("Duplicates"),
        "warning",
        marked(
            "A duplicate counts twice in training. You lose nothing by excluding it."
        ),
    ),
    "near-duplicate": FindingKind(
        marked("Near-duplicates"),
        "warning",
        marked("Keep near-duplicates in one split, or keep only one."),
    ),
    "flat-image": FindingKind(
        marked("Images of a single color"),
        "warning",
        marked(
            "There is nothing to learn from these images. Exclude them; the files "
            "are kept."
        ),
    ),
    "placeholder": FindingKind(
        marked("Placeholders"),
        "warning",
        marked(
            "The same image appears in several classes, as an “image not "
            "found” placeholder does. Exclude these images; the files are kept."
        ),
    ),
    "unlike-others": FindingKind(
        marked("Outliers"),
        "warning",
        marked(
            "These images may not belong to their class. If so, exclude them; the "
            "files are kept."
        ),
    ),
    "few-samples": FindingKind(
        marked("Few images"), "warning", marked("Add more images of these classes.")
    ),
    "missing-values": FindingKind(
        marked("Missing values"),
        "warning",
        marked("Choose how they are filled, or drop their rows."),
    ),
    "unreadable-values": FindingKind(
        marked("Unreadable values"),
        "warning",
        marked("They count as missing. Correct them, or choose another type."),
    ),
    "duplicate-rows": FindingKind(
        marked("Duplicate rows"),
        "warning",
        marked(
            "Copies in different splits make results look better than they are. Keep "
            "them if they are different things that are equal by chance."
        ),
    ),
    "conflicting-rows": FindingKind(
        marked("Same inputs, different classes"),
        "warning",
        marked(
            "No model can get all of them right. Correct wrong labels, or add a column "
            "that distinguishes these rows."
        ),
    ),
    "outlier-values": FindingKind(
        marked("Outliers in columns"),
        "warning",
        marked(
            "A few extreme numbers can dominate training. Correct, clip or exclude "
            "them."
        ),
    ),
    "rare-class": FindingKind(
        marked("Rare classes"),
        "warning",
        marked("Add rows of these classes, or exclude them."),
    ),
    "imbalance": FindingKind(
        marked("Imbalanced classes"),
        "warning",
        marked("Balanced class weights in the training plan can compensate for this."),
    ),
    "class-not-in-split": FindingKind(
        marked("Class missing from a split"),
        "warning",
        marked("A class that is not in the test split cannot be evaluated."),
    ),
    "identifier": FindingKind(
        marked("Identifiers"),
        "plain",
        marked("Every row has its own value, which says nothing about other rows."),
    ),
    "constant-column": FindingKind(
        marked("Constant columns"),
        "plain",
        marked("There is nothing to learn from a value that never changes."),
    ),
    "blank-column": FindingKind(
        marked("Blank columns"), "plain", marked("They are ignored.")
    ),
    "missing-images": FindingKind(
        marked("Missing image files"),
        "bad",
        marked(
            "Put the table next to the images, or set the image folder of the data "
            "source."
        ),
    ),
    "unreadable-images": FindingKind(marked("Unreadable images"), "bad", _CANNOT),
    "token-lines": FindingKind(
        marked("Lines without a token and its tag"),
        "bad",
        marked("Their sentences are used for neither training nor evaluation."),
    ),
    "unlike-lengths": FindingKind(
        marked("Sentences with more or fewer tags than tokens"),
        "bad",
        marked("Correct or exclude these rows: each token needs one tag."),
    ),
    "unknown-tags": FindingKind(
        marked("Unknown tags"),
        "warning",
        marked("Correct them in the file, or name the column that has the tags."),
    ),
    "tag-begins": FindingKind(
        marked("Entities that begin with I-"),
        "warning",
        marked("The entities stay the same; correct the file if they are wrong."),
    ),
    "token-spaces": FindingKind(
        marked("Tokens with spaces"),
        "plain",
        marked("A space would otherwise separate two tokens."),
    ),
    "tag-scheme": FindingKind(
        marked("Another scheme of tags"),
        "plain",
        marked("The entities stay the same; only their tags are written differently."),
    ),
    "text-column": FindingKind(
        marked("Free text"), "plain", marked("These columns are ignored.")
    ),
    "ordered-rows": FindingKind(
        marked("Rows in the order of time"),
        "plain",
        marked(
            "A random split trains on rows that are later than those of the test "
            "split. To predict the future, split by time."
        ),
    ),
    "skewed-target": FindingKind(
        marked("Skewed target"),
        "plain",
        marked("A model often learns the logarithm of such a number better."),
    ),
    "mirrored-classes": FindingKind(
        marked("Classes that are mirror images"),
        "plain",
        marked(
            "Do not flip these images during training: their labels would be wrong."
        ),
    ),
    "split-folders": FindingKind(
        marked("Folders read as splits"),
        "plain",
        marked("Their names are not train, val or test, but mean the same."),
    ),
    "empty-folder": FindingKind(
        marked("Empty folders"),
        "plain",
        marked("An empty folder does not become a class."),
    ),
    "no-class": FindingKind(
        marked("Images outside class folders"),
        "plain",
        marked("Move them into a class folder, or leave them where they are."),
    ),
    "not-in-export": FindingKind(
        marked("Formats that exported models cannot decode"),
        "plain",
        marked(
            "You can train with these files here. For the exported model, save "
            "them as PNG."
        ),
    ),
}
KINDS = dict(
    sorted({**_MOST, **TEXT_KINDS}.items(), key=lambda pair: _TONES.index(pair[1].tone))
)
ORDER = tuple(KINDS)
"""The worst kinds first."""


def finding_kind(name: str) -> FindingKind:
    """The description of a kind of finding; an unknown kind has its name as title."""
    return KINDS.get(name, FindingKind(name.replace("-", " "), "plain", ""))
