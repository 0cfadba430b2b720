"""Layers that Keras does not have, as classes in the script."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

from dlstudio.data.images.spec import image_spec
from dlstudio.document.project import Project, reconstructs_images
from dlstudio.engine.model.kinds import SAMPLING

VARIATIONAL = "dlstudio.methods.variational"


def own_layer_rows(project: Project, graphs: Iterable[str]) -> list[str]:
    """The classes that the written graphs need, with the loss that they add.

    Args:
        project: Its method says whether a Sampling layer adds to the loss.
        graphs: Names of the graphs that are written.
    """
    nodes = [node for name in graphs for node in project.graph(name).nodes.values()]
    if not any(node.kind == SAMPLING for node in nodes):
        return []
    method = project.plan.method
    added: list[str] = []
    if method.kind == VARIATIONAL:
        values = 1
        if reconstructs_images(project):
            values = prod(image_spec(project.model).shape)
        beta = method.params.get("beta", 1.0)
        added = _DIVERGENCE.format(beta=beta, values=values).splitlines()
    return ["", "", *_BEFORE.splitlines(), *added, *_AFTER.splitlines()]


_BEFORE = '''\
@keras.saving.register_keras_serializable()
class Sampling(layers.Layer):
    """Draws a vector near a mean in training, and gives the mean otherwise."""

    def __init__(self, seed=None, **options):
        super().__init__(**options)
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, mean, log_variance, training=None):'''
_DIVERGENCE = """\
        # The divergence from the normal distribution, for each value of a target.
        square = keras.ops.square(mean) + keras.ops.exp(log_variance)
        each = keras.ops.mean(square - 1 - log_variance, axis=0) / 2
        self.add_loss({beta!r} * keras.ops.sum(each) / {values})
"""
_AFTER = """\
        if not training:
            return mean
        noise = keras.random.normal(keras.ops.shape(mean), seed=self.seed_generator)
        return mean + keras.ops.exp(log_variance / 2) * noise
"""
