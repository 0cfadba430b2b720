"""Reads a table by dlstudio.

python tables_studio.py FILE
"""

import sys
from pathlib import Path

import polars as pl
from laps import Laps
from memory import peak

from dlstudio.data.tables.read import read_table

pl.Series([1]).sum()  # its threads are there
before = peak()
clock = Laps()
table = read_table(Path(sys.argv[1]))
clock.lap("read")
clock.print(before=before, peak=peak(), rows=len(table), columns=len(table.columns))
