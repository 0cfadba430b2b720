"""Images that the cells of a table name, as what makes thumbnails takes them."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, overload

from dlstudio.workers.table import TableColumn

if TYPE_CHECKING:
    from dlstudio.data.images.columns import Files


class CellImages:
    """Images by number, located only when they are decoded, on a thread.

    A text is numbered when it is first asked for, so a table of any size costs nothing.

    Args:
        columns: With the settings of their features.
        folders: Where relative paths begin, by column.
    """

    def __init__(
        self, columns: Sequence[TableColumn], folders: Mapping[str, str]
    ) -> None:
        self._settings = {each.name: dict(each.params) for each in columns}
        self._folders = folders
        self._lock = threading.Lock()
        self._numbers: dict[tuple[str, str], int] = {}
        self._names: list[tuple[str, str]] = []

    @property
    def shown(self) -> Files:
        """The files by the numbers of their images."""
        from dlstudio.data.images.columns import Files

        return Files(_Paths(self))

    def __len__(self) -> int:
        return len(self._names)

    def number(self, column: str, text: str) -> int:
        """The number of the image that a cell names.

        Args:
            column: Its name.
            text: The cell's.
        """
        key = column, text
        with self._lock:
            if key not in self._numbers:
                self._numbers[key] = len(self._names)
                self._names.append(key)
            return self._numbers[key]

    def path(self, number: int) -> str:
        """The file of an image; one that does not exist is called as its cell."""
        from dlstudio.data.features.image_cells import find_file

        with self._lock:
            column, text = self._names[number]
        folder, settings = self._folders.get(column, ""), self._settings[column]
        return find_file(text, folder, settings) or text


class _Paths(Sequence[str]):
    """The files of images, each located when it is asked for."""

    def __init__(self, images: CellImages) -> None:
        self._images = images

    def __len__(self) -> int:
        return len(self._images)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...

    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, int):
            return self._images.path(place)
        return [self._images.path(each) for each in range(len(self))[place]]
