"""Sections of reports about tagged tokens: entities, types, worst sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from dlstudio.json_values import JsonObject


@dataclass(frozen=True, slots=True)
class EntityScores:
    """How well entities are found.

    Attributes:
        precision: Share of the predicted ones that are right.
        recall: Share of the ones that there are that are predicted.
        f1: Harmonic mean of both.
        support: How many there are.
        predicted: How many are predicted.
    """

    precision: float
    recall: float
    f1: float
    support: int
    predicted: int

    def to_json(self) -> JsonObject:
        """Its attributes."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> EntityScores:
        """Raises KeyError, TypeError or ValueError for anything else."""
        precision, recall, f1 = map(
            float, (item["precision"], item["recall"], item["f1"])
        )
        support, predicted = map(int, (item["support"], item["predicted"]))
        return cls(precision, recall, f1, support, predicted)


@dataclass(frozen=True, slots=True)
class EntityTable:
    """How well the entities of all types, and of each, are found.

    Attributes:
        all: Over all types.
        types: By type.
    """

    NAME: ClassVar[str] = "entities"
    all: EntityScores
    types: Mapping[str, EntityScores]

    def to_json(self) -> JsonObject:
        """{"precision", "recall", "f1", …, "types": {type: {"precision", …}}}."""
        types = {name: each.to_json() for name, each in self.types.items()}
        return {**self.all.to_json(), "types": types}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> EntityTable:
        """Raises KeyError, TypeError or ValueError for anything else."""
        types = {
            str(name): EntityScores.from_json(each)
            for name, each in dict(data["types"]).items()
        }
        return cls(EntityScores.from_json(data), types)


@dataclass(frozen=True, slots=True)
class TypeMatrix:
    """Which types are taken for which others, counted in tokens.

    Attributes:
        types: The types, the outside of all entities first as "O".
        counts: Rows are the true types, columns the predicted ones.
    """

    NAME: ClassVar[str] = "type_confusion"
    types: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    def to_json(self) -> JsonObject:
        """{"types": […], "counts": [[…], …]}."""
        return {"types": list(self.types), "counts": [list(e) for e in self.counts]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TypeMatrix:
        """Raises KeyError, TypeError or ValueError for anything else."""
        counts = tuple(tuple(map(int, row)) for row in data["counts"])
        return cls(tuple(map(str, data["types"])), counts)


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """A sentence with its true and its predicted tags.

    Attributes:
        id: Of the sample.
        tokens: Empty where they are not known.
        actual, predicted: A tag for each token.
        wrong: Entities that are missed, or predicted and not there.
    """

    id: str
    tokens: tuple[str, ...]
    actual: tuple[str, ...]
    predicted: tuple[str, ...]
    wrong: int

    def to_json(self) -> JsonObject:
        """Its attributes; tuples as lists."""
        found: JsonObject = {"id": self.id, "wrong": self.wrong}
        for name in ("tokens", "actual", "predicted"):
            found[name] = list(getattr(self, name))
        return found

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> TaggedSentence:
        """Raises KeyError, TypeError or ValueError for anything else."""
        tokens, actual, predicted = (
            tuple(map(str, item[name])) for name in ("tokens", "actual", "predicted")
        )
        return cls(str(item["id"]), tokens, actual, predicted, int(item["wrong"]))


@dataclass(frozen=True, slots=True)
class WorstTaggedRows:
    """The sentences with the most wrong entities, the worst first.

    Attributes:
        target: Name of the feature that is predicted.
        rows: The sentences.
    """

    NAME: ClassVar[str] = "worst_sentences"
    target: str
    rows: tuple[TaggedSentence, ...]

    def to_json(self) -> JsonObject:
        """{"target", "rows": [{"id", "tokens", …}, …]}."""
        return {"target": self.target, "rows": [each.to_json() for each in self.rows]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> WorstTaggedRows:
        """Raises KeyError, TypeError or ValueError for anything else."""
        rows = tuple(map(TaggedSentence.from_json, data["rows"]))
        return cls(str(data["target"]), rows)
