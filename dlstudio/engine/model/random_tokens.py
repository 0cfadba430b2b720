"""The layer that changes texts at random while training, so that a model relies less
on single words.

Wei & Zou: “EDA: Easy Data Augmentation Techniques for Boosting Performance on Text
Classification Tasks” (2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

Groups = Sequence[Sequence[int]]
ops = keras.ops


@keras.saving.register_keras_serializable("dlstudio")
class RandomTokens(keras.layers.Layer):  # type: ignore[misc]
    """Replaces, swaps and deletes tokens while training; does nothing otherwise.

    The draws come from a generator whose state is one of the layer's variables, so it
    is saved in checkpoints and depends on the seed and the number of steps alone.

    Args:
        delete: Share of the tokens that are deleted; one of a text always stays.
        swap: Share of the tokens that change places with the next one.
        replace: Share of the tokens with synonyms that become one of them.
        synonyms: Words of the same meaning, separated by blanks or commas; a group in
            each text.
        groups: The same as numbers of tokens, learned from the layer before.
        seed: Seed of the draws; None for one that the plan's seed gives.
        **options: Those of `keras.layers.Layer`, such as its name.
    """

    def __init__(
        self,
        delete: float = 0.1,
        swap: float = 0.1,
        replace: float = 0.1,
        synonyms: Sequence[str] = (),
        groups: Groups | None = None,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.delete, self.swap, self.replace = delete, swap, replace
        self.synonyms = tuple(synonyms or ())
        self.groups: tuple[tuple[int, ...], ...] | None = None
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        if groups is not None:
            self.set_groups(groups)

    def set_groups(self, groups: Groups) -> None:
        """Use tokens of the same meaning, by their numbers."""
        self.groups = tuple(tuple(int(each) for each in group) for group in groups)

    def call(self, tokens: Tensor, training: bool | None = None) -> Tensor:
        """The tokens, changed at random while training.

        Args:
            tokens: Whole numbers (n, length); 0 is padding, at the end.
            training: Whether to change them.
        """
        if not training:
            return tokens
        tokens = self._replaced(tokens)
        tokens = self._swapped(tokens)
        return self._deleted(tokens)

    def build(self, shape: tuple[int | None, ...]) -> None:
        """Check the shape; there are no weights.

        Raises:
            ValueError: It is not that of rows of tokens.
        """
        if len(shape) != 2:
            raise ValueError(
                f"tokens must have the shape (batch, length), not {tuple(shape)}; "
                "place the layer right behind a TextVectorization layer"
            )
        self.built = True

    def compute_output_spec(self, tokens: Any, training: bool | None = None) -> Any:
        """Shape and data type of the tokens.

        Raises:
            ValueError: They are no whole numbers.
        """
        del training
        if not tokens.dtype.startswith(("int", "uint")):
            raise ValueError(
                f"tokens must be whole numbers, not {tokens.dtype}; place the layer "
                "right behind a TextVectorization layer"
            )
        return keras.KerasTensor(tokens.shape, dtype=tokens.dtype)

    def get_config(self) -> dict[str, Any]:
        """The parameters, for saving, and what was learned of the synonyms."""
        return {
            **super().get_config(),
            "delete": self.delete,
            "swap": self.swap,
            "replace": self.replace,
            "synonyms": list(self.synonyms),
            "groups": None if self.groups is None else [*map(list, self.groups)],
            "seed": self.seed,
        }

    def _draw(self, tokens: Tensor) -> Tensor:
        drawn: Tensor = keras.random.uniform(
            ops.shape(tokens), dtype="float32", seed=self.seed_generator
        )
        return drawn

    def _replaced(self, tokens: Tensor) -> Tensor:
        """Tokens with synonyms, replaced by one of their group."""
        if not self.groups or not self.replace:
            return tokens
        chosen, which = self._draw(tokens), self._draw(tokens)
        members, sizes = _tables(self.groups)
        known = ops.cast(ops.minimum(tokens, len(sizes) - 1), "int32")
        size = ops.where(tokens < len(sizes), ops.take(sizes, known), 0)
        place = ops.cast(ops.floor(which * ops.cast(size, "float32")), "int32")
        other = ops.take(members.reshape(-1), known * members.shape[1] + place)
        wanted = ops.logical_and(chosen < self.replace, size > 0)
        found: Tensor = ops.where(wanted, ops.cast(other, tokens.dtype), tokens)
        return found

    def _swapped(self, tokens: Tensor) -> Tensor:
        """Some tokens in the place of the next one; padding keeps its places."""
        if not self.swap:
            return tokens
        following = ops.pad(tokens[:, 1:], [[0, 0], [0, 1]])
        drawn = ops.logical_and(self._draw(tokens) < self.swap, following > 0)
        before = ops.pad(drawn[:, :-1], [[0, 0], [1, 0]])
        swaps = ops.logical_and(drawn, ops.logical_not(before))
        moved = ops.pad(swaps[:, :-1], [[0, 0], [1, 0]])
        preceding = ops.pad(tokens[:, :-1], [[0, 0], [1, 0]])
        found: Tensor = ops.where(swaps, following, ops.where(moved, preceding, tokens))
        return found

    def _deleted(self, tokens: Tensor) -> Tensor:
        """The tokens that stay, moved together; at least one of each text."""
        if not self.delete:
            return tokens
        drawn = ops.where(tokens > 0, self._draw(tokens), -1.0)
        most = ops.max(drawn, axis=1, keepdims=True)
        stays = ops.logical_or(drawn >= self.delete, drawn == most)
        stays = ops.logical_and(stays, tokens > 0)
        length = ops.shape(tokens)[1]
        places = ops.arange(length, dtype="int32")[None]
        order = ops.argsort(ops.where(stays, places, places + length), axis=1)
        kept = ops.where(stays, tokens, ops.zeros_like(tokens))
        found: Tensor = ops.take_along_axis(kept, order, axis=1)
        return found


def _tables(groups: Groups) -> tuple[Any, Any]:
    """The members of each token's group, int32 (tokens, most), and how many they are.

    A token without a group has none.
    """
    last = max((each for group in groups for each in group), default=0)
    most = max((len(group) for group in groups), default=1)
    members = np.zeros((last + 1, most), np.int32)
    sizes = np.zeros(last + 1, np.int32)
    for group in groups:
        for token in group:
            members[token, : len(group)] = group
            sizes[token] = len(group)
    return members, sizes


def groups_of(synonyms: Sequence[str], lookup: Any) -> list[list[int]]:
    """The groups of synonyms as numbers of tokens; words that are unknown are left out.

    Args:
        synonyms: Words of the same meaning in each text.
        lookup: The TextVectorization that has learned its vocabulary.
    """
    found = []
    for text in synonyms:
        words = text.replace(",", " ").replace("，", " ").split()
        if not words:
            continue
        rows = np.asarray(lookup(ops.convert_to_tensor([[word] for word in words])))
        group = [int(row[0]) for row in rows if row[0] > 1 and not np.any(row[1:] > 0)]
        if len(set(group)) > 1:
            found.append(list(dict.fromkeys(group)))
    return found
