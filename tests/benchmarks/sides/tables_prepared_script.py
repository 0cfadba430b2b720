"""Reads and prepares the same table by a script that knows its columns.

    python tables_prepared_script.py FILE TARGET

As one writes it with Polars and Keras: the columns' types are known, nothing is looked
for; a stratified split, mean and deviation of numbers and the vocabulary of names by
Keras' own layers, dates as eight numbers.
"""

import sys

import numpy as np
import polars as pl
from laps import Laps
from memory import peak

from dlstudio.engine.runtime.startup import start_tensorflow

tf = start_tensorflow()

import keras

path, target = sys.argv[1:]
pl.Series([1]).sum()
keras.ops.add(tf.ones(3), 1)
before = peak()
clock = Laps()
table = pl.read_csv(path, try_parse_dates=True)
table = table.select(pl.exclude("^address.*$"))  # free text
order = np.random.default_rng(0).permutation(len(table))
codes = table[target].cast(pl.Categorical).to_physical().to_numpy()
order = order[np.argsort(codes[order], kind="stable")]  # stratified: every 20 rows
training = np.sort(order[np.arange(len(order)) % 20 < 14])
rows = {}
for name, kind in table.schema.items():
    column = table[name]
    if kind.is_numeric():
        numbers = column.cast(pl.Float32).to_numpy()
        rows[name] = numbers
        keras.layers.Normalization(axis=None).adapt(numbers[training])
    elif kind == pl.Date:
        days = column.dt.epoch("d").cast(pl.Float64).to_numpy()
        parts = [np.floor(days), np.mod(days, 1)]
        cycles = (
            column.dt.ordinal_day().to_numpy() / 365.25,
            (days + 3) / 7,
            np.mod(days, 1),
        )
        for each in cycles:
            parts += [np.sin(2 * np.pi * each), np.cos(2 * np.pi * each)]
        rows[name] = np.stack(parts, axis=1).astype(np.float32)
        keras.layers.Normalization().adapt(rows[name][training])
    else:
        names = column.to_numpy()
        lookup = keras.layers.StringLookup()
        lookup.adapt(tf.constant(names[training].astype(str)))
        vocabulary = {name: place for place, name in enumerate(lookup.get_vocabulary())}
        rows[name] = column.replace_strict(vocabulary, return_dtype=pl.Int32).to_numpy()
clock.lap("prepared")
clock.print(before=before, peak=peak(), rows=len(table), columns=len(rows))
