"""The catalog: every description by kind, loaded once and passed to its users."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from dlstudio.catalog.families import family_title
from dlstudio.catalog.schema import Description, Param, Ports
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import resource

FEW = 10  # most kinds of a family that a message lists


class Catalog:
    """Descriptions by kind, with look-ups by family and by short name."""

    def __init__(self, descriptions: Iterable[Description]) -> None:
        self._by_kind = {each.kind: each for each in descriptions}
        self._by_name: dict[tuple[str, str], Description] = {}
        for each in self._by_kind.values():
            for name in _names(each):
                self._by_name.setdefault((each.family, name), each)

    @classmethod
    def load(cls) -> Catalog:
        """The catalog of all shipped descriptions: Keras' and dlstudio's."""
        from dlstudio.catalog.builtin import BUILTIN

        return cls([*load_keras(), *BUILTIN])

    def __iter__(self) -> Iterator[Description]:
        return iter(self._by_kind.values())

    def __len__(self) -> int:
        return len(self._by_kind)

    def __contains__(self, kind: object) -> bool:
        return kind in self._by_kind

    def __getitem__(self, kind: str) -> Description:
        """The description of `kind`.

        Raises:
            UserError: The kind is unknown; the hint suggests similar names.
        """
        found = self._by_kind.get(kind)
        if found is None:
            raise UserError(
                _("There is nothing called “{kind}”.").format(kind=kind),
                self._near(kind),
            )
        return found

    def get(self, kind: str) -> Description | None:
        """The description of `kind`, or None."""
        return self._by_kind.get(kind)

    def family(self, family: str) -> tuple[Description, ...]:
        """All descriptions of one family, in catalog order."""
        return tuple(each for each in self if each.family == family)

    def placeable(self) -> tuple[Description, ...]:
        """Kinds that can be placed on the canvas: layers and operations."""
        return tuple(
            each
            for each in self
            if each.family in ("layers", "ops") and not each.extra.get("nested_only")
        )

    def search(self, family: str, name: str) -> Description | None:
        """Like `find`, but None if `family` has no match."""
        exact = self._by_kind.get(name)
        if exact is not None and exact.family == family:
            return exact
        return self._by_name.get((family, _plain(name)))

    def find(self, family: str, name: str) -> Description:
        """Look up by kind, short name or Keras identifier: "Adam", "adam", "relu".

        Raises:
            UserError: Nothing in `family` has this name.
        """
        found = self.search(family, name)
        if found is not None:
            return found
        raise UserError(
            _("There is no “{name}” among the {family}.").format(
                name=name, family=family_title(family)
            ),
            self._near(name, family) or self._few(family),
        )

    def _few(self, family: str) -> str:
        names = [each.name for each in self.family(family)]
        if not 0 < len(names) <= FEW:
            return ""
        return _("Use one of: {names}.").format(names=", ".join(names))

    def _near(self, name: str, family: str = "") -> str:
        kinds = [each for each in self if not family or each.family == family]
        near = difflib.get_close_matches(
            name.rpartition(".")[2], [each.name for each in kinds], n=3
        )
        return _("Did you mean {names}?").format(names=", ".join(near)) if near else ""


def _names(description: Description) -> set[str]:
    aliases = description.extra.get("aliases", ())
    return {_plain(name) for name in (description.name, *aliases)}


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def load_keras(folder: Path | None = None) -> list[Description]:
    """The generated descriptions, with the curated overlay already merged."""
    folder = folder or resource("catalog")
    return [
        from_json(item)
        for path in sorted(folder.glob("keras_*.json"))
        for item in json.loads(path.read_text("utf-8"))["descriptions"]
    ]


def from_json(item: Mapping[str, Any]) -> Description:
    """A description from its JSON form: fields that differ from their defaults.

    `doc` is a list of lines in JSON, so that changes produce readable diffs.
    """
    ports = {k: _frozen(v) for k, v in item.get("inputs", {}).items()}
    shapes = tuple(tuple(shape) for shape in item.get("example_inputs", ()))
    changed = {
        "doc": "\n".join(item.get("doc", ())),
        "params": _params(item.get("params", ())),
        "call": _params(item.get("call", ())),
        "inputs": Ports(**ports),
        "example_inputs": shapes,
        "example_dtypes": tuple(item.get("example_dtypes", ())),
    }
    return Description(**{**item, **changed})


def _params(items: Iterable[Mapping[str, object]]) -> tuple[Param, ...]:
    return tuple(
        Param(**{name: _frozen(value) for name, value in item.items()})
        for item in items
    )


def _frozen(value: object) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
