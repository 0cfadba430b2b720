"""Own blocks: layers that were kept under a name, to be put in again; no Qt.

Each is a file of its own with the same text that copying layers puts on the
clipboard, and its name beside it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from dlstudio import paths
from dlstudio.document.graph import Graph
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import read_regular
from dlstudio.ui.model.graph_clipboard import MAX_TEXT_LENGTH, from_text

FOLDER = "blocks"
MAX_NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Block:
    """Layers under a name."""

    name: str
    graph: Graph


@dataclass(frozen=True, slots=True)
class StoredBlocks:
    """What lies in the folder: the blocks by name, and what could not be read."""

    blocks: tuple[Block, ...] = ()
    damaged: tuple[str, ...] = field(default=())


class BlockStore:
    """The user's blocks in a folder beside the settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / FOLDER

    def all(self) -> StoredBlocks:
        """Every block; files that are damaged are named, not read."""
        blocks, damaged = [], []
        for path in sorted(self.folder.glob("*.json")):
            try:
                blocks.append(_read(path))
            except (OSError, ValueError, UserError):
                damaged.append(path.name)
        blocks.sort(key=lambda block: block.name.casefold())
        return StoredBlocks(tuple(blocks), tuple(damaged))

    def find(self, name: str) -> Block | None:
        """The block of this name, if there is one that can be read."""
        return next((each for each in self.all().blocks if each.name == name), None)

    def save(self, name: str, text: str) -> Block:
        """Keep copied layers under a name.

        Args:
            text: As the clipboard has it.

        Raises:
            UserError: There are no layers in it, the name is taken or missing, or the
                file cannot be written.
        """
        name = name.strip()
        if not name or len(name) > MAX_NAME_LENGTH:
            raise UserError(
                _("Enter a block name of at most {count} characters.").format(
                    count=MAX_NAME_LENGTH
                )
            )
        graph = from_text(text)
        if not graph.nodes:
            raise UserError(_("Select the layers for the block first."))
        path = self._path(name)
        if path.exists():
            raise UserError(
                _("There is already a block called “{name}”.").format(name=name),
                _("Choose another name, or remove the existing block first."),
            )
        item = {**json.loads(text), "name": name}
        paths.write_text(path, json.dumps(item, ensure_ascii=False, indent=1) + "\n")
        return Block(name, graph)

    def remove(self, name: str) -> None:
        """Forget a block.

        Raises:
            UserError: Its file cannot be removed.
        """
        with paths.user_errors(self._path(name), writing=True):
            self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        """Names may have any letters; files may not."""
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
        return self.folder / f"{digest[:20]}.json"


def _read(path: Path) -> Block:
    text = read_regular(path, MAX_TEXT_LENGTH).decode("utf-8")
    graph = from_text(text)
    name = json.loads(text).get("name")
    if not isinstance(name, str) or not name or not graph.nodes:
        raise ValueError(path)
    return Block(name, graph)
