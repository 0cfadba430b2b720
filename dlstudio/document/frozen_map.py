"""An immutable, hashable dict, which pydantic can read and write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import core_schema

K = TypeVar("K")
V = TypeVar("V")


class FrozenMap(Mapping[K, V], Generic[K, V]):
    """An immutable, hashable, picklable dict that keeps its order.

    Maps with the same items are equal, regardless of order.
    """

    __slots__ = ("_data", "_hash")

    def __init__(self, items: Mapping[K, V] | Iterable[tuple[K, V]] = ()) -> None:
        self._data: dict[K, V] = dict(items)
        self._hash: int | None = None

    def __getitem__(self, key: K) -> V:
        return self._data[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __contains__(self, key: object) -> bool:
        return key in self._data

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self._data.items()))
        return self._hash

    def __eq__(self, other: object) -> bool:
        if isinstance(other, FrozenMap):
            return self._data == other._data
        return NotImplemented

    def __repr__(self) -> str:
        return f"FrozenMap({self._data!r})"

    def __reduce__(self) -> tuple[type[FrozenMap[K, V]], tuple[dict[K, V]]]:
        return (FrozenMap, (self._data,))

    def set(self, key: K, value: V) -> FrozenMap[K, V]:
        """A copy with `key` set to `value`."""
        return FrozenMap({**self._data, key: value})

    def merge(self, items: Mapping[K, V]) -> FrozenMap[K, V]:
        """A copy with all `items` set."""
        return FrozenMap({**self._data, **items})

    def without(self, keys: Iterable[K]) -> FrozenMap[K, V]:
        """A copy without `keys`."""
        gone = frozenset(keys)
        return FrozenMap((k, v) for k, v in self._data.items() if k not in gone)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        from pydantic_core import core_schema

        arguments = get_args(source) or (str, Any)
        as_dict = core_schema.dict_schema(*map(handler.generate_schema, arguments))
        return core_schema.no_info_after_validator_function(
            cls,
            core_schema.no_info_before_validator_function(_as_dict, as_dict),
            serialization=core_schema.wrap_serializer_function_ser_schema(
                lambda value, inner: inner(dict(value)), schema=as_dict
            ),
        )


def _as_dict(value: object) -> object:
    return dict(value) if isinstance(value, FrozenMap) else value
