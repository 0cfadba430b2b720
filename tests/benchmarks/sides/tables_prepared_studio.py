"""Reads, infers and prepares a table by dlstudio.

python tables_prepared_studio.py FILE TARGET CACHE
"""

import sys
from pathlib import Path

import polars as pl
from laps import Laps
from memory import peak

from dlstudio.engine.runtime.startup import start_tensorflow

tf = start_tensorflow()

import keras

from dlstudio.catalog.builtin import BUILTIN
from dlstudio.catalog.store import Catalog
from dlstudio.data.data_form import DataForm
from dlstudio.data.features.base import load_feature_type
from dlstudio.data.features.feature_choice import choose_features
from dlstudio.data.features.inference import infer_columns
from dlstudio.data.open_source import open_source
from dlstudio.data.prepare_table import prepare_table
from dlstudio.data.sources import data_table
from dlstudio.data.tables.read import read_table
from dlstudio.document.plan import DataRecipe
from dlstudio.document.values import FrozenMap, Spec

assert data_table and read_table, "they are imported"
path, target, cache = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
catalog = Catalog(BUILTIN)
for each in catalog.family("features"):
    if each.implementations.data:
        load_feature_type(each)  # imports it
pl.Series([1]).sum()  # its threads are there
keras.ops.add(tf.ones(3), 1)
before = peak()
clock = Laps()
source = Spec("dlstudio.sources.table", FrozenMap({"path": str(path)}))
samples = open_source(source, catalog, path.parent)
columns = dict(samples.columns)
choice = choose_features(columns, infer_columns(columns, catalog), catalog, (target,))
recipe = DataRecipe(source, features=choice.features)
form = DataForm({}, choice.inputs, choice.targets)
made = prepare_table(samples, recipe, form, catalog, cache)
clock.lap("prepared")
clock.print(before=before, peak=peak(), rows=len(made), columns=len(made.rows))
"""The file's own rows, split, with what was learned from the training split."""
