"""Reads and scans a table of texts by dlstudio.

python texts_scan.py FILE
"""

import sys
from pathlib import Path

import polars as pl
from laps import Laps
from memory import peak

from dlstudio.catalog.builtin import BUILTIN
from dlstudio.catalog.store import Catalog
from dlstudio.data.features.base import load_feature_type
from dlstudio.data.open_source import open_source
from dlstudio.data.sources import data_table
from dlstudio.data.table_scan import scan_table
from dlstudio.document.values import FrozenMap, Spec

assert data_table, "it is imported"
path, catalog = Path(sys.argv[1]), Catalog(BUILTIN)
for each in catalog.family("features"):
    if each.implementations.data:
        load_feature_type(each)  # imports it
pl.Series([1]).sum()  # its threads are there
before = peak()
clock = Laps()
source = Spec("dlstudio.sources.table", FrozenMap({"path": str(path)}))
samples = open_source(source, catalog, path.parent)
clock.lap("read")
read = peak()
found = scan_table(samples, catalog).to_json()
clock.lap("scan")
kinds = {each["name"]: each["kind"] for each in found["columns"]}
clock.print(before=before, read=read, peak=peak(), rows=len(samples), kinds=kinds)
