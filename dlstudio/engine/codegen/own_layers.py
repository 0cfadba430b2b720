"""Layers that Keras does not have, as classes in the script."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from dlstudio.document.project import Project, reconstructs_images
from dlstudio.engine.codegen.image_size import image_size
from dlstudio.engine.codegen.random_tokens_class import random_tokens_rows
from dlstudio.engine.codegen.script_data import ScriptData
from dlstudio.engine.codegen.subword_classes import subword_rows
from dlstudio.engine.model.kinds import RANDOM_TOKENS, SAMPLING

VARIATIONAL = "dlstudio.methods.variational"


def own_layer_rows(
    project: Project, graphs: Collection[str], data: ScriptData | None = None
) -> list[str]:
    """The classes that the written graphs need, with the loss that they add.

    Args:
        project: Its method says whether a Sampling layer adds to the loss.
        graphs: Names of the graphs that are written.
        data: What the script reads; None where it has the model alone.
    """
    kinds = {
        each.kind for name in graphs for each in project.graph(name).nodes.values()
    }
    rows = _sampling_rows(project, graphs, data)
    rows += subword_rows(kinds)
    return rows + (random_tokens_rows() if RANDOM_TOKENS in kinds else [])


def _sampling_rows(
    project: Project, graphs: Collection[str], data: ScriptData | None
) -> list[str]:
    drawn = draws(project, graphs)
    if not drawn:
        return []
    method = project.plan.method
    if method.kind != VARIATIONAL:
        return ["", "", *_BEFORE, "", *SAMPLING_CALL, *SAMPLING_END]
    beta = method.params.get("beta", 1.0)
    values = _values(project) if data is None else data.target_values
    cast = project.plan.precision != "float32"
    reported = drawn == 1  # metrics of one name would hide each other
    return [
        "",
        "",
        *_BEFORE,
        *([_METRIC] if reported else []),
        "",
        *SAMPLING_CALL,
        *(_CAST if cast else []),
        *(row.format(values=values) for row in _DIVERGENCE),
        f"        self.add_loss({beta!r} * divergence)",
        *([_REPORT] if reported else []),
        *SAMPLING_END,
    ]


def draws(project: Project, graphs: Iterable[str]) -> int:
    """How many Sampling layers there are, for which a class is written.

    Args:
        project: Has the graphs.
        graphs: Names of those that are written.
    """
    nodes = [node for name in graphs for node in project.graph(name).nodes.values()]
    return sum(node.kind == SAMPLING for node in nodes)


def _values(project: Project) -> int:
    """Values of the target of a sample, over which losses are means."""
    return image_size(project.model) if reconstructs_images(project) else 1


_BEFORE = '''\
@keras.saving.register_keras_serializable()
class Sampling(layers.Layer):
    """Draws a vector near a mean in training, and gives the mean otherwise."""

    def __init__(self, seed=None, **options):
        super().__init__(**options)
        self.seed_generator = keras.random.SeedGenerator(seed)'''.splitlines()
_METRIC = '        self.divergence = keras.metrics.Mean(name="kl_loss")'
SAMPLING_CALL = ("    def call(self, mean, log_variance, training=None):",)
_CAST = (
    '        mean = keras.ops.cast(mean, "float32")',
    '        log_variance = keras.ops.cast(log_variance, "float32")',
)
_DIVERGENCE = """\
        # The divergence from the normal distribution, for each value of a target.
        square = keras.ops.square(mean) + keras.ops.exp(log_variance)
        each = keras.ops.mean(square - 1 - log_variance, axis=0) / 2
        divergence = keras.ops.sum(each) / {values}""".splitlines()
_REPORT = "        self.divergence.update_state(divergence, keras.ops.shape(mean)[0])"
SAMPLING_END = """\
        if not training:
            return mean
        noise = keras.random.normal(keras.ops.shape(mean), seed=self.seed_generator)
        return mean + keras.ops.exp(log_variance / 2) * noise""".splitlines()
