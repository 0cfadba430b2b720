"""What the samples of a project are called: images, rows.

The one place that chooses it, by the types of the features that enter the model. Each
sentence that names samples has the words of this module as its fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import IMAGE_TYPE, Project
from dlstudio.document.written_features import given_inputs
from dlstudio.i18n import _, marked, ngettext

IMAGES, ROWS = "images", "rows"
FIRST_NOUN = IMAGES
"""What samples are called where a report does not say: that of a first version."""


@dataclass(frozen=True, slots=True)
class _Words:
    """English words, translated where they are used."""

    plain: str
    these: str
    training: str
    held_out: str
    new: str
    imbalanced: str
    add_more: str
    check: str
    look_at: str


_WORDS: Mapping[str, _Words] = {
    IMAGES: _Words(
        marked("images"),
        marked("these images"),
        marked("training images"),
        marked("held-out images"),
        marked("new images"),
        marked(
            "The classes are imbalanced: {most} training images of “{largest}”, but "
            "only {least} of “{smallest}”."
        ),
        marked("Add more images"),
        marked("Check the labels"),
        marked("Look at the images of “{name}”"),
    ),
    ROWS: _Words(
        marked("rows"),
        marked("these rows"),
        marked("training rows"),
        marked("held-out rows"),
        marked("new rows"),
        marked(
            "The classes are imbalanced: {most} training rows of “{largest}”, but only "
            "{least} of “{smallest}”."
        ),
        marked("Add more rows"),
        marked("Check the data"),
        marked("Look at the rows of “{name}”"),
    ),
}


def sample_noun(project: Project, catalog: Catalog) -> str:
    """What the samples are called, such as "images".

    Args:
        project: Its inputs decide; of several types a sample is a row.
        catalog: Describes the types of features.
    """
    features = project.data.features
    kinds = {
        features[each.feature].kind if each.feature in features else IMAGE_TYPE
        for each in project.inputs
    } or {IMAGE_TYPE}
    nouns = {
        str(described.extra.get("samples", ROWS)) if described else ROWS
        for described in map(catalog.get, kinds)
    }
    return nouns.pop() if len(nouns) == 1 else ROWS


def cell_inputs(project: Project, catalog: Catalog) -> tuple[str, ...]:
    """The inputs that are cells of rows: each value can be named, and set to another.

    Args:
        project: With the inputs.
        catalog: Describes the types of features.
    """
    found = []
    for binding in given_inputs(project):
        feature = project.data.features.get(binding.feature)
        described = catalog.get(feature.kind) if feature is not None else None
        if described and described.extra.get("samples", ROWS) == ROWS:
            found.append(binding.feature)
    return tuple(dict.fromkeys(found))


def sample_words(noun: str) -> dict[str, str]:
    """The fields of sentences: {samples}, {these}, {training}, {unseen}, {new}.

    Args:
        noun: As `sample_noun` gives it; anything else means rows.
    """
    words = _WORDS.get(noun, _WORDS[ROWS])
    return {
        "samples": _(words.plain),
        "these": _(words.these),
        "training": _(words.training),
        "unseen": _(words.held_out),
        "new": _(words.new),
    }


def imbalanced_text(noun: str) -> str:
    """What is said of imbalanced classes: {most}, {largest}, {least}, {smallest}.

    It is in English, marked for translation.
    """
    return _WORDS.get(noun, _WORDS[ROWS]).imbalanced


def add_more(noun: str) -> str:
    """ "Add more images", on a button."""
    return _(_WORDS.get(noun, _WORDS[ROWS]).add_more)


def check_samples(noun: str) -> str:
    """ "Check the labels", on a button."""
    return _(_WORDS.get(noun, _WORDS[ROWS]).check)


def look_at(noun: str, name: str) -> str:
    """ "Look at the images of “cat”", on a button.

    Args:
        noun: As `sample_noun` gives it.
        name: Of a class.
    """
    return _(_WORDS.get(noun, _WORDS[ROWS]).look_at).format(name=name)


def held_out(noun: str, count: int) -> str:
    """ "40 held-out images"; within a sentence about several.

    Args:
        noun: As `sample_noun` gives it.
        count: How many there are.
    """
    images = noun == IMAGES
    text = _("{count} held-out images") if images else _("{count} held-out rows")
    return text.format(count=f"{count:,}")


def counted_held_out(noun: str, count: int) -> str:
    """ "40 held-out images", or "1 held-out image".

    Args:
        noun: As `sample_noun` gives it.
        count: How many there are.
    """
    text = (
        ngettext("{count} held-out image", "{count} held-out images", count)
        if noun == IMAGES
        else ngettext("{count} held-out row", "{count} held-out rows", count)
    )
    return text.format(count=count)


def counted_training(noun: str, count: int) -> str:
    """ "40 training images", or "1 training image".

    Args:
        noun: As `sample_noun` gives it.
        count: How many there are.
    """
    text = (
        ngettext("{count} training image", "{count} training images", count)
        if noun == IMAGES
        else ngettext("{count} training row", "{count} training rows", count)
    )
    return text.format(count=count)
