"""The interface of data sources: recognizing files and reading them."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from dlstudio.catalog.schema import Description
from dlstudio.data.samples import Samples
from dlstudio.document.values import Spec, Value

Read = Callable[[Mapping[str, Any], Path], Samples]
"""Reads samples, given the parameters and the base folder of relative paths."""


class Certainty(IntEnum):
    """How certain a recognizer is; the most certain one determines a path's source."""

    LEAST = 0
    """Samples without labels, where not even a table may say more of them."""
    FALLBACK = 1
    """A fallback where nothing else matches, such as a folder with a single table."""
    LAYOUT = 2
    """The file name or the folder structure matches: "*.csv", a folder per class."""
    CONTENT = 3
    """The content matches: a table in a folder lists files."""
    SIGNATURE = 4
    """The files are unique to the source: the four files of MNIST."""


@dataclass(frozen=True, slots=True)
class Recognizer:
    """One way to recognize a path of a source.

    Attributes:
        find: Maps an existing absolute path to the path that the source reads, usually
            the same; None if it does not belong to the source. Raises a `UserError` if
            it does, but needs a change by the user.
    """

    certainty: Certainty
    find: Callable[[Path], Path | None]


@dataclass(frozen=True, slots=True)
class DataSource:
    """The implementation that a description of family "sources" names.

    Attributes:
        read: Reads the samples; raises a `UserError` if it cannot.
        recognizers: Recognizers of the source's paths.
        by_name: Whether files that match the description's patterns belong to the
            source, with `Certainty.LAYOUT`.
        combine: Maps several paths dropped at the same time to the parameters that read
            them as one source; None if they do not belong to it.
        any_folder_with: A parameter that only makes sense for this source: if it is to
            be set, any folder belongs to the source; "" for none.
        complete: Adds what takes a look at the samples' content once they are read,
            given the source's kind and parameters; None if there is nothing to add.
        preview: Reads some of the samples of large data while `read` is running; None
            if there is nothing to show yet.
    """

    read: Read
    recognizers: tuple[Recognizer, ...] = ()
    by_name: bool = True
    combine: Callable[[Sequence[Path]], Mapping[str, Value] | None] | None = None
    preview: Callable[[Mapping[str, Any], Path], Samples | None] | None = None
    any_folder_with: str = ""
    complete: Callable[[Samples, Spec], Samples] | None = None


def load_source(description: Description) -> DataSource:
    """Import the implementation of a data source.

    Raises:
        TypeError: The description does not name a data source.
    """
    module, _colon, name = description.implementation.partition(":")
    found = getattr(importlib.import_module(module), name)
    if not isinstance(found, DataSource):
        raise TypeError(f"{description.implementation} is no DataSource")
    return found
