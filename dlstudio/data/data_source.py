"""What a data source does: it recognizes its files, and reads them."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from dlstudio.catalog.schema import Description
from dlstudio.data.samples import Samples
from dlstudio.document.values import Value

Read = Callable[[Mapping[str, Any], Path], Samples]
"""From parameters and the folder where relative paths begin."""


class Certainty(IntEnum):
    """How sure a recognizer is; the surest one decides what a path is."""

    FALLBACK = 1
    """Nothing else fits, such as a folder with a single table in it."""
    LAYOUT = 2
    """The ending of a name says so, or how folders lie: "*.csv", a folder per class."""
    CONTENT = 3
    """Something in it was read that says so: a table in a folder lists images."""
    SIGNATURE = 4
    """No other source has files like these: the four files of MNIST."""


@dataclass(frozen=True, slots=True)
class Recognizer:
    """One way to tell that a path belongs to a source.

    Attributes:
        find: From an absolute path that exists to the path that the source reads,
            which is mostly the same; None if it is not one of the source's. Raises a
            `UserError` where it is, but something about it has to be changed.
    """

    certainty: Certainty
    find: Callable[[Path], Path | None]


@dataclass(frozen=True, slots=True)
class DataSource:
    """The implementation that a description of family "sources" names.

    Attributes:
        read: Reads the samples. Raises a `UserError` where they cannot be read.
        recognizers: How paths are recognized.
        by_name: A file with a name as the description has it is one of the source's;
            how sure that is, is `Certainty.LAYOUT`.
        combine: From several paths that were dropped at the same time to the
            parameters that read them as one source; None if they are not its own.
        preview: Some of the samples, for large data, while `read` is not done; None
            where there is nothing to show yet.
    """

    read: Read
    recognizers: tuple[Recognizer, ...] = ()
    by_name: bool = True
    combine: Callable[[Sequence[Path]], Mapping[str, Value] | None] | None = None
    preview: Callable[[Mapping[str, Any], Path], Samples | None] | None = None


def load_source(description: Description) -> DataSource:
    """The implementation of a data source, imported now.

    Raises:
        TypeError: The description names something else.
    """
    module, _colon, name = description.implementation.partition(":")
    found = getattr(importlib.import_module(module), name)
    if not isinstance(found, DataSource):
        raise TypeError(f"{description.implementation} is no DataSource")
    return found
