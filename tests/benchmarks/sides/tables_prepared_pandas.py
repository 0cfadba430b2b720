"""Reads and prepares the same table by a script in pandas and Keras.

    python tables_prepared_pandas.py FILE TARGET

As one writes it who knows the table: the columns' types are given to `read_csv`,
nothing is looked for; a stratified split, mean and deviation of numbers and the
vocabulary of names by Keras' own layers, dates as eight numbers; arrays that `fit`
takes.
"""

import sys

import numpy as np
import pandas as pd
from laps import Laps
from memory import peak

from dlstudio.engine.runtime.startup import start_tensorflow

tf = start_tensorflow()

import keras

path, target = sys.argv[1:]
with open(path, encoding="utf-8") as stream:
    header = stream.readline().rstrip("\n").split(",")
texts = [name for name in header if name.startswith("address")]
dates = [name for name in header if name.startswith("day")]
names = [name for name in header if name.startswith("color")]
numbers = [name for name in header if name not in (*texts, *dates, *names)]
types = {
    **dict.fromkeys(numbers, "float32"),
    **dict.fromkeys(names, "category"),
    **dict.fromkeys(texts, "str"),
}
keras.ops.add(tf.ones(3), 1)
before = peak()
clock = Laps()
table = pd.read_csv(path, dtype=types, parse_dates=dates, date_format="%Y-%m-%d")
table = table.drop(columns=texts)  # free text
order = np.random.default_rng(0).permutation(len(table))
codes = table[target].cat.codes.to_numpy()
order = order[np.argsort(codes[order], kind="stable")]  # stratified: every 20 rows
places = np.arange(len(order)) % 20
training = np.sort(order[places < 14])
validation = np.sort(order[(places >= 14) & (places < 17)])
rows = {}
for name in numbers:
    rows[name] = table[name].to_numpy()
    keras.layers.Normalization(axis=None).adapt(rows[name][training])
for name in dates:
    column = table[name].dt
    days = (table[name] - pd.Timestamp(0)) / pd.Timedelta(days=1)
    days = days.to_numpy()
    parts = [np.floor(days), np.mod(days, 1)]
    year = column.day_of_year.to_numpy() / 365.25
    for each in (year, (days + 3) / 7, np.mod(days, 1)):
        parts += [np.sin(2 * np.pi * each), np.cos(2 * np.pi * each)]
    rows[name] = np.stack(parts, axis=1).astype(np.float32)
    keras.layers.Normalization().adapt(rows[name][training])
for name in names:
    lookup = keras.layers.StringLookup()
    lookup.adapt(table[name].iloc[training].astype(str).to_numpy(object))
    vocabulary = {name: place for place, name in enumerate(lookup.get_vocabulary())}
    wanted = np.array([vocabulary[each] for each in table[name].cat.categories])
    rows[name] = wanted[table[name].cat.codes].astype(np.int32)
splits = {
    name: {column: values[chosen] for column, values in rows.items()}
    for name, chosen in (("train", training), ("validation", validation))
}
clock.lap("prepared")
clock.print(before=before, peak=peak(), rows=len(table), columns=len(rows))
