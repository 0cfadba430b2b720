"""Checks a project that learns word vectors: no layers, but texts."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

from dlstudio.catalog.features.text import TEXT
from dlstudio.document.bindings import InputBinding
from dlstudio.document.edits.project import SetBindings
from dlstudio.document.plan import SUPERVISED
from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.words.text_extra import EXTRA
from dlstudio.i18n import _


def texts(context: CheckContext) -> Iterator[Problem]:
    """The first input is no text."""
    project = context.project
    features = project.data.features
    name = project.inputs[0].feature if project.inputs else ""
    if name in features and features[name].kind == TEXT.kind:
        return
    others = [each for each, known in features.items() if known.kind == TEXT.kind]
    fixes = [
        Fix(
            _("Use “{feature}”").format(feature=each),
            (SetBindings((InputBinding(each),), project.outputs),),
        )
        for each in others[:3]
    ]
    label = _("Use {name}").format(name="supervised")
    yield context.problem(
        "error",
        "no-texts",
        _(
            "Word vectors are learned from texts, but “{feature}” is none. Choose a "
            "column of texts, or another training method."
        ).format(feature=name),
        fixes=[*fixes, Fix.set_plan(label, "method", SUPERVISED)],
    )


def library(context: CheckContext) -> Iterator[Problem]:
    """Gensim, which trains, is not installed."""
    if find_spec("gensim") is None:
        yield context.problem(
            "error",
            "no-gensim",
            _(
                "Word vectors are trained by gensim, which is not installed. Install "
                "it with: {command}"
            ).format(command=EXTRA),
        )


def unused_layers(context: CheckContext) -> Iterator[Problem]:
    """The model has layers, which this training method does not train."""
    if not context.graph.nodes:
        return
    label = _("Use {name}").format(name="supervised")
    yield context.problem(
        "warning",
        "unused-layers",
        _(
            "Word vectors are learned without layers, so those of the model are not "
            "trained. Choose another training method to train them."
        ),
        fixes=[Fix.set_plan(label, "method", SUPERVISED)],
    )


WORDS = (texts, library, unused_layers)
