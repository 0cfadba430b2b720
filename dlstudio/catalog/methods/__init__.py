"""Training methods: how the graphs of a project learn."""

from __future__ import annotations

from dlstudio.catalog.methods.supervised import SUPERVISED
from dlstudio.catalog.methods.variational import VARIATIONAL
from dlstudio.catalog.methods.word2vec import WORD2VEC
from dlstudio.catalog.schema import Description

METHODS: tuple[Description, ...] = (SUPERVISED, VARIATIONAL, WORD2VEC)
