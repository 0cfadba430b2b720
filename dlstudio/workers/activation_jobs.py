"""Jobs that compute a layer's output for a sample."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dlstudio.document.project import Project
from dlstudio.workers.jobs import JobContext

if TYPE_CHECKING:
    from dlstudio.engine.project.analysis import Analyser


@dataclass(frozen=True, slots=True)
class Activation:
    """One layer's output for one sample.

    Attributes:
        node: Id of the node.
        values: Output without the batch axis: (height, width, channels), (units,), ...
        preview: The sample as it enters the model, uint8 (h, w, c); None if it cannot
            be shown.
        sample: Name of the sample, or "" for random numbers.
        label: Its class, or "".
        run: What the run is called whose weights were used, such as "3"; "" for
            untrained weights.
        outputs: Number of outputs of the layer.
    """

    node: str
    values: npt.NDArray[Any]
    preview: npt.NDArray[np.uint8] | None = None
    sample: str = ""
    label: str = ""
    run: str = ""
    outputs: int = 1


@dataclass(frozen=True, slots=True)
class ActivationRequest:
    """A request for a layer's output.

    Attributes:
        folder: The project's folder, with relative data and runs.
        sample: Number of the sample; wraps around.
        trained: Whether to use the weights of the newest run, if there is one.
        output: Which of the layer's outputs.
    """

    project: Project
    graph: str
    node: str
    folder: Path | None
    sample: int = 0
    trained: bool = True
    output: int = 0


def compute_activation(
    _context: JobContext, analyser: Analyser, request: ActivationRequest
) -> Activation:
    """Compute a layer's output for one sample; runs on the engine's thread.

    Args:
        analyser: Caches the models built for earlier requests.
        request: The graph, the node and the sample.

    Raises:
        UserError: The layer cannot be built, or the sample cannot be read.
    """
    return Activation(request.node, **analyser.activation_reader.read(request))
