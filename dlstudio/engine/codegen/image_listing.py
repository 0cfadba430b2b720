"""The images of a source, and how a script finds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dlstudio.data.recipe import apply_recipe
from dlstudio.data.samples import SPLITS, Samples
from dlstudio.data.split import split
from dlstudio.document.plan import LABEL
from dlstudio.document.project import Project
from dlstudio.engine.codegen.column_loops import comment, list_rows
from dlstudio.engine.codegen.literals import INDENT, quoted
from dlstudio.errors import UserError
from dlstudio.i18n import _


@dataclass(frozen=True, eq=False, slots=True)
class ImageListing:
    """The images of a source, as far as they do not depend on the model.

    Attributes:
        constants: Lines above the functions, such as `FOLDER = …`.
        functions: Those of `list_images`, which gives the label of each image by its
            name; of images in arrays those of `load_images`, which also gives pixels.
        samples: All that are used, with the labels that the user gave them.
        sizes: Samples of each split.
        tops: Beginnings of names, without their slash, each with the split it says, or
            "".
        listed_splits: Whether `list_images` also gives the split of each image.
        shape: Of the images in arrays, (height, width, channels); None of files.
        converted: Endings of files that TensorFlow does not decode, in lower case.
    """

    constants: tuple[str, ...]
    functions: tuple[str, ...]
    samples: Samples
    sizes: Mapping[str, int]
    tops: Mapping[str, str]
    listed_splits: bool = False
    shape: tuple[int, int, int] | None = None
    converted: tuple[str, ...] = ()

    @property
    def in_files(self) -> bool:
        """Whether the images are files in FOLDER, and not pixels in arrays."""
        return self.shape is None

    @property
    def label_type(self) -> str:
        """The type of the label of an image in a script."""
        return "list" if self.samples.has_several_labels else "str"


def used_samples(
    opened: Samples, project: Project
) -> tuple[Samples, Mapping[str, int]]:
    """The samples that are used, and how many each split has.

    Copies of an image may be split otherwise by a script, which looks into the files.

    Raises:
        UserError: No sample is left, or none for training; or classes are given to
            images of a source without any.
    """
    if not opened.classes and project.data.changed_values(LABEL):
        raise UserError(_("A script does not label images that have no classes."))
    samples = apply_recipe(opened, project.data)
    splits = split(samples, project.data.split, None, project.data.moved)
    return samples, {name: len(places) for name, places in splits.items()}


def correction_rows(project: Project, samples: Samples) -> list[str]:
    """Statements of what the user has corrected by hand in `images`.

    Args:
        project: Has the corrections.
        samples: That are used.
    """
    recipe, present = project.data, set(samples.ids)
    rows = without_rows("Images that were left out by hand.", sorted(recipe.leave_out))
    changed = {
        name: _label(str(label), samples.has_several_labels)
        for name, label in sorted(recipe.changed_values(LABEL).items())
        if name in present
    }
    if changed:
        kind = "other labels" if samples.has_several_labels else "another class"
        rows += comment(f"Images that were given {kind} by hand.")
        rows += dictionary_rows("images |= ", changed)
    return rows


def _label(text: str, several: bool) -> str:
    """The expression of a label that the user has typed."""
    if not several:
        return quoted(text)
    parts = [part.strip() for part in text.split("|") if part.strip()]
    return f"[{', '.join(map(quoted, parts))}]"


def without_rows(why: str, names: Sequence[str]) -> list[str]:
    """Statements that take images from the list."""
    if not names:
        return []
    return [
        *comment(why),
        *list_rows(f"{INDENT}for name in ", map(quoted, names), ":"),
        f"{2 * INDENT}images.pop(name, None)",
    ]


def moved_samples(project: Project, samples: Samples) -> Mapping[str, str]:
    """The split into which the user has put images, by name."""
    present = set(samples.ids)
    return {
        name: to
        for name, to in sorted(project.data.moved.items())
        if name in present and to in SPLITS
    }


def dictionary_rows(
    start: str, pairs: Mapping[str, str], indent: str = INDENT
) -> list[str]:
    """A dictionary with a line for each pair.

    Args:
        start: What stands before it.
        pairs: Expressions, by their key.
        indent: What stands before each line.
    """
    return [
        f"{indent}{start}{{",
        *(f"{indent}{INDENT}{quoted(key)}: {each}," for key, each in pairs.items()),
        f"{indent}}}",
    ]


def names_rows(names: Sequence[str]) -> list[str]:
    """The constant with the names of all labels; [] without any."""
    if not names:
        return []
    lists = list_rows(f"{INDENT}{quoted(LABEL)}: ", map(quoted, names), ",")
    return ["NAMES = {", *lists, "}"]
