"""The vocabulary of a layer against the texts of each split; needs no TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.catalog.store import Catalog
from dlstudio.data.data_form import used_features
from dlstudio.data.open_source import open_source
from dlstudio.data.row_ids import RowIds
from dlstudio.data.row_split import split_rows
from dlstudio.data.samples import SPLITS, TRAIN
from dlstudio.data.table_rows import table_rows
from dlstudio.data.token_layers import (
    BYTE_PAIR,
    SUBWORD_LAYERS,
    TOKEN_LAYERS,
    UNKNOWN,
    all_params,
    special_words,
    tokenization,
)
from dlstudio.data.token_texts import column_texts
from dlstudio.data.tokens import TextSplitter, TokenCounts, count_tokens
from dlstudio.data.word_pieces import BytePairs, WordPieces
from dlstudio.document.input_features import entering_feature
from dlstudio.document.learned_layer import LearnedLayer, SplitTokens
from dlstudio.document.project import Project
from dlstudio.document.sample_nouns import sample_noun
from dlstudio.document.values import Value

if TYPE_CHECKING:
    import polars as pl


COUNTED = (*TOKEN_LAYERS, *SUBWORD_LAYERS)
"""Layers whose tokens are counted; subwords, once a run has learned them."""


@dataclass(frozen=True, slots=True)
class TokenLayer:
    """A layer that looks tokens up, of a project in a folder.

    Attributes:
        project: The project.
        folder: Its folder, where relative paths of the data begin.
        node: Id of the layer.
    """

    project: Project
    folder: Path
    node: str


def token_layers(project: Project) -> Iterator[str]:
    """Ids of the layers whose tokens can be counted, in the model's order."""
    for node in project.model.nodes.values():
        if node.kind in COUNTED and entering_feature(project, node.id):
            yield node.id


def count_vocabulary(
    layer: TokenLayer,
    catalog: Catalog,
    learned: LearnedLayer | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> LearnedLayer | None:
    """A layer's vocabulary with the frequency of each token, and what is unknown.

    Args:
        layer: The layer and its project.
        catalog: Describes sources, layers and feature types.
        learned: What it has learned in a run; None for what it would learn.
        should_stop: Asked now and then.

    Returns:
        None if no text enters it directly, if it has pieces of words that no run has
        learned, or if it was asked to stop.

    Raises:
        UserError: The data cannot be read.
    """
    project, node = layer.project, layer.project.model.nodes[layer.node]
    feature = entering_feature(project, node.id)
    if node.kind not in COUNTED or feature not in project.data.features:
        return None
    params = all_params(catalog[node.kind], node.params)
    how: TextSplitter = tokenization(node.kind, params)
    if node.kind in SUBWORD_LAYERS:
        if learned is None:
            return None
        lowercase = bool(params.get("lowercase"))
        how = WordPieces(learned.vocabulary, lowercase)
        if node.kind == BYTE_PAIR:
            how = BytePairs(learned.merges, lowercase)
    texts = _split_texts(layer, feature, catalog)
    found = {name: count_tokens(each, how, should_stop) for name, each in texts.items()}
    if not found or should_stop():
        return None
    if learned is None:
        words = _vocabulary(node.kind, params, found[TRAIN])
        noun = sample_noun(project, catalog)
        learned = LearnedLayer("", found[TRAIN].texts, noun, vocabulary=words)
    known = frozenset(word.encode() for word in learned.vocabulary)
    splits = tuple(_split(name, each, known) for name, each in found.items())
    return replace(
        learned,
        counts=_counts(learned.vocabulary, found[TRAIN], splits[0]),
        splits=splits,
    )


def _split_texts(
    layer: TokenLayer, feature: str, catalog: Catalog
) -> Mapping[str, pl.Series]:
    """The texts of each split; nothing where the data is no table."""
    recipe = layer.project.data
    opened = open_source(recipe.source, catalog, layer.folder)
    if not isinstance(opened.ids, RowIds):
        return {}
    form = used_features(layer.project)
    rows = table_rows(opened, recipe, form, catalog)
    target = rows.columns[form.targets[0]]
    splits = split_rows(rows.ids, rows.splits, recipe.split, target, recipe.moved)
    column = rows.columns[feature]
    return {name: column_texts(column.take(splits[name])) for name in SPLITS}


def _vocabulary(
    kind: str, params: Mapping[str, Value], found: TokenCounts
) -> tuple[str, ...]:
    """What a layer learns from tokens, or is given."""
    first = special_words(kind, params)
    given, most = params.get("vocabulary"), params.get("max_tokens")
    if isinstance(given, tuple):
        return (*first, *map(str, given))
    room = most - len(first) if isinstance(most, int) else None
    return (*first, *(word for word, _count in found.ranked()[:room]))


def _split(name: str, found: TokenCounts, known: frozenset[bytes]) -> SplitTokens:
    tokens = sum(count for token, count in found.counts.items() if token)
    unknown = sum(
        count for token, count in found.counts.items() if token and token not in known
    )
    return SplitTokens(name, found.texts, found.empty, tokens, unknown)


def _counts(
    words: Sequence[str], found: TokenCounts, training: SplitTokens
) -> tuple[int, ...]:
    """How often each word of a vocabulary occurs; the unknown ones together."""
    counts = [found.counts.get(word.encode(), 0) for word in words]
    for place, word in enumerate(words):
        if word == UNKNOWN:
            counts[place] = training.unknown
            break
    return tuple(counts)
