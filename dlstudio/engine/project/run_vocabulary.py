"""The vocabulary that a layer has learned in a run; needs no TensorFlow."""

from __future__ import annotations

from dlstudio.document.learned_layer import LearnedLayer
from dlstudio.document.sample_nouns import ROWS
from dlstudio.engine.model.call_arguments import layer_names
from dlstudio.engine.preprocessing.learned_layers import read_learned
from dlstudio.engine.runs.run import Run


def run_vocabulary(run: Run, node: str) -> LearnedLayer | None:
    """The vocabulary that a layer has learned; None if it has not.

    Args:
        run: The run.
        node: Id of the layer in the run's project.

    Raises:
        UserError: The run's files are damaged.
    """
    model = run.project().model
    if node not in model.nodes:
        return None
    learned = read_learned(run.folder, str(run.record.data.get("learned", ""))) or {}
    state = learned.get(layer_names(model)[node], {})
    words = state.get("vocabulary")
    if words is None:
        return None
    count = int((run.record.data.get("splits") or {}).get("train", 0))
    name = str(run.number or run.id)
    return LearnedLayer(
        name,
        count,
        ROWS,
        vocabulary=tuple(map(str, words)),
        merges=tuple(map(str, state.get("merges") or ())),
        weights=tuple(map(float, state.get("idf_weights") or ())),
    )
