"""Look-ups in the descriptions of data sources: file patterns, hints, dataset names."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from dlstudio.catalog.schema import Description
from dlstudio.i18n import _
from dlstudio.mixed_scripts import spaced

ARCHIVE_PATTERNS = ("*.zip",)
"""File name patterns of archives, which are unpacked: they may hold any source."""
TEXT_COLUMNS = (
    "dlstudio.features.text",
    "dlstudio.features.tokens",
    "dlstudio.features.continuous_text",
)
"""Kinds of the columns that templates for texts read."""


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a file name matches one of some patterns, ignoring case."""
    return any(fnmatchcase(name.lower(), pattern) for pattern in patterns)


def is_archive_name(name: str) -> bool:
    """Whether a file name is that of an archive."""
    return matches(name, ARCHIVE_PATTERNS)


def is_data_name(name: str, sources: Iterable[Description]) -> bool:
    """Whether a file name is that of an archive, or of data of one of some sources."""
    patterns = (each.source.file_patterns for each in sources)
    return is_archive_name(name) or any(matches(name, each) for each in patterns)


def samples_of(sources: Iterable[Description]) -> tuple[Description, ...]:
    """The sources that need neither files nor a download."""
    return tuple(each for each in sources if each.source.sample)


def reads_text(template: Description) -> bool:
    """Whether a template is for texts, tokens of sentences or a long text."""
    return template.extra.get("column") in TEXT_COLUMNS


def text_samples(
    sources: Iterable[Description], template: Description | None
) -> tuple[Description, ...]:
    """The built-in sources with labeled texts, where a template can learn from them.

    Args:
        sources: To choose from.
        template: What learns; None for the one that fits the data.
    """
    if template is not None and (
        template.extra.get("column") != TEXT_COLUMNS[0] or template.extra.get("target")
    ):
        return ()
    return tuple(each for each in samples_of(sources) if each.category == "tables")


def dataset_names(source: Description) -> tuple[str, ...]:
    """Dataset names that can replace a path; empty for a source that has a path."""
    if source.param("path") is not None:
        return ()
    name = source.param("name")
    return (source.name,) if name is None else tuple(map(str, name.choices))


def drop_hints(sources: Iterable[Description]) -> str:
    """What may be dropped, as a phrase: "a folder …, a CSV table … or IDX files"."""
    hints = [_(each.source.drop_hint) for each in sources if each.source.drop_hint]
    if len(hints) < 2:
        return "".join(hints)
    text = _("{names} or {last}")
    return spaced(text.format(names=_(", ").join(hints[:-1]), last=hints[-1]))
