"""User blocks: layers saved under a name for reuse. Independent of Qt.

Each block is a file with the same text as copied layers on the clipboard, plus the
block's name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from dlstudio import paths
from dlstudio.document.graph import Graph
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import read_regular
from dlstudio.ui.model.graph_clipboard import (
    MAX_TEXT_LENGTH,
    from_text,
    nested_in_text,
)

FOLDER = "blocks"
MAX_NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Block:
    """Layers saved under a name, with the nested models that they use."""

    name: str
    graph: Graph
    nested: Mapping[str, Graph] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredBlocks:
    """The readable blocks sorted by name, and the names of damaged files."""

    blocks: tuple[Block, ...] = ()
    damaged: tuple[str, ...] = field(default=())


class BlockStore:
    """Stores the user's blocks in a folder beside the settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / FOLDER

    def all(self) -> StoredBlocks:
        """Load all blocks; damaged files are reported by name."""
        blocks, damaged = [], []
        for path in sorted(self.folder.glob("*.json")):
            try:
                blocks.append(_read(path))
            except (OSError, ValueError, UserError):
                damaged.append(path.name)
        blocks.sort(key=lambda block: block.name.casefold())
        return StoredBlocks(tuple(blocks), tuple(damaged))

    def find(self, name: str) -> Block | None:
        """Return the block with this name, or None if there is no readable one."""
        return next((each for each in self.all().blocks if each.name == name), None)

    def save(self, name: str, text: str) -> Block:
        """Save copied layers under a name.

        Args:
            name: The block's name.
            text: Layers as copied to the clipboard.

        Raises:
            UserError: The text has no layers, the name is empty, too long or taken, or
                the file cannot be written.
        """
        name = _checked_name(name)
        graph = from_text(text)
        if not graph.nodes:
            raise UserError(_("Select the layers for the block first."))
        path = self._free_path(name)
        item = {**json.loads(text), "name": name}
        paths.write_text(path, json.dumps(item, ensure_ascii=False, indent=1) + "\n")
        return Block(name, graph, nested_in_text(text))

    def rename(self, old: str, new: str) -> Block:
        """Give a block another name.

        Args:
            old: Its name.
            new: The other name.

        Raises:
            UserError: The name is empty, too long or taken, or a file cannot be read or
                written.
        """
        block = self.save(new, self._text(old))
        self.remove(old)
        return block

    def export(self, name: str, path: Path) -> None:
        """Write a block to a file that others can import.

        Args:
            name: The block's name.
            path: The file; an existing one is replaced.

        Raises:
            UserError: A file cannot be read or written.
        """
        paths.write_text(path, self._text(name))

    def import_file(self, path: Path) -> Block:
        """Add the block of a file, under a free name.

        Raises:
            UserError: The file cannot be read or is no block.
        """
        with paths.user_errors(path, writing=False):
            try:
                text = read_regular(path, MAX_TEXT_LENGTH).decode("utf-8")
                block = _parsed(text)
            except (ValueError, UserError) as error:
                raise UserError(
                    _("“{name}” is not a block of layers.").format(name=path.name),
                    _("Choose a file that was made by “Export block…”."),
                ) from error
        plain, number = block.name.strip(), 2
        name = plain[:MAX_NAME_LENGTH].strip()
        while self._file(name).exists():
            name = f"{plain[: MAX_NAME_LENGTH - 4].strip()} {number}"
            number += 1
        return self.save(name, text)

    def _text(self, name: str) -> str:
        path = self._file(name)
        with paths.user_errors(path, writing=False):
            return read_regular(path, MAX_TEXT_LENGTH).decode("utf-8")

    def _free_path(self, name: str) -> Path:
        path = self._path(name)
        if self._file(name).exists():
            raise UserError(
                _("There is already a block called “{name}”.").format(name=name),
                _("Choose another name, or remove the existing block first."),
            )
        return path

    def remove(self, name: str) -> None:
        """Delete a block.

        Raises:
            UserError: Its file cannot be deleted.
        """
        path = self._file(name)
        with paths.user_errors(path, writing=True):
            path.unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        """Return the file of a block, which may have been put there under any name."""
        path = self._path(name)
        if path.exists():
            return path
        return next((f for f, block in self._readable() if block.name == name), path)

    def _readable(self) -> Iterator[tuple[Path, Block]]:
        for path in sorted(self.folder.glob("*.json")):
            with suppress(OSError, ValueError, UserError):
                yield path, _read(path)

    def _path(self, name: str) -> Path:
        """Return a hashed file name, because block names may have any characters."""
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
        return self.folder / f"{digest[:20]}.json"


def _checked_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > MAX_NAME_LENGTH:
        raise UserError(
            _("Enter a block name of at most {count} characters.").format(
                count=MAX_NAME_LENGTH
            )
        )
    return name


def _read(path: Path) -> Block:
    return _parsed(read_regular(path, MAX_TEXT_LENGTH).decode("utf-8"))


def _parsed(text: str) -> Block:
    graph = from_text(text)
    name = json.loads(text).get("name")
    if not isinstance(name, str) or not name.strip() or not graph.nodes:
        raise ValueError("a block has a name and layers")
    return Block(name, graph, nested_in_text(text))
