"""Reads a table by pandas.

python tables_pandas.py FILE
"""

import sys

import pandas as pd
from laps import Laps
from memory import peak

before = peak()
clock = Laps()
table = pd.read_csv(sys.argv[1])
clock.lap("read")
clock.print(before=before, peak=peak(), rows=len(table), columns=len(table.columns))
