"""The values of a script while it is read: literals, layers, tensors, models.

Literals are Python's own; everything else that a script can hold is one of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dlstudio.document.graph import OPAQUE
from dlstudio.document.values import Spec, Value


@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """What cannot be known without running the script.

    Attributes:
        reason: Why, as a sentence.
        line: Where it arose.
        reported: Whether a problem was already reported for it.
        is_member: Whether it is an attribute of something that is not known.
    """

    reason: str
    line: int
    reported: bool = False
    is_member: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class WhileTraining(Unknown):
    """Whether the model is being trained, which layers know by themselves."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Something of an imported module by its full name: "keras.layers.Dense"."""

    path: str

    @property
    def name(self) -> str:
        """The last part."""
        return self.path.rpartition(".")[2]


@dataclass(slots=True, eq=False)
class ScriptLayer:
    """A layer, an operation or a model used as a layer.

    Attributes:
        kind: In the catalog, or `NESTED`, `OPAQUE`.
        params: As written, defaults among them; without the name.
        name: As written; "" if Keras chooses one.
        line: Where it is created.
        frozen: Whether it is set not to train.
        variable: What it is first assigned to.
        model: The model, for `NESTED`.
        inside: The model that the layer is around, as TimeDistributed may be.
        calls: Its calls, in order.
        outputs: How many tensors a call gives; None if that is not known.
        results: Names of the results of a SavedModel, in the order of their use.
    """

    kind: str
    params: dict[str, Value] = field(default_factory=dict)
    name: str = ""
    line: int = 0
    frozen: bool = False
    variable: str = ""
    model: ScriptModel | None = None
    inside: ScriptModel | None = None
    calls: list[ScriptCall] = field(default_factory=list)
    outputs: int | None = 1
    results: list[str] = field(default_factory=list)

    @property
    def spec(self) -> Spec:
        """As a parameter of another layer."""
        from dlstudio.document.values import FrozenMap

        params = dict(self.params)
        if self.name:
            params["name"] = self.name
        if self.frozen:
            params["trainable"] = False
        return Spec(self.kind, FrozenMap(params))


@dataclass(slots=True, eq=False)
class ScriptCall:
    """One call of a layer on tensors.

    Attributes:
        given: The tensors, by port.
        call: Other arguments of the call.
        number: Place among all calls of the script.
        variable: What its result is first assigned to.
        block: The calls of the script's own functions it happened in, from outside:
            name and number of each.
    """

    layer: ScriptLayer
    given: tuple[tuple[int, ScriptTensor], ...]
    call: Mapping[str, Value]
    line: int
    number: int
    variable: str = ""
    block: tuple[tuple[str, int], ...] = ()

    @property
    def outputs(self) -> int | None:
        """How many tensors it gives; None if that is not known."""
        if self.call.get("return_attention_scores") is True:
            return 2
        used = self.layer.params.get("outputs")
        if self.layer.kind == OPAQUE and isinstance(used, int):
            return used
        return self.layer.outputs


@dataclass(frozen=True, slots=True)
class ScriptTensor:
    """One tensor that a call gave."""

    call: ScriptCall
    port: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class SeveralTensors:
    """All tensors of a call that gives several."""

    call: ScriptCall
    count: int | None

    def tensor(self, number: int) -> ScriptTensor | None:
        """One of them; None if there is no such."""
        if number < 0:
            if self.count is None:
                return None
            number += self.count
        if number < 0 or (self.count is not None and number >= self.count):
            return None
        return ScriptTensor(self.call, number)


@dataclass(frozen=True, slots=True, eq=False)
class ModelEnd:
    """A call whose tensors leave a model.

    Attributes:
        ports: Which of its tensors; () for all.
    """

    call: ScriptCall
    ports: tuple[int, ...] = ()

    @property
    def tensors(self) -> tuple[ScriptTensor | SeveralTensors, ...]:
        """The tensors, or all of a call as one value."""
        if not self.ports:
            return (tensors_of(self.call),)
        return tuple(ScriptTensor(self.call, port) for port in self.ports)


@dataclass(slots=True, eq=False)
class ScriptModel:
    """A functional model.

    Attributes:
        function: The script's function that creates it; "" at the top.
        layer: What it is as a layer of another model.
    """

    inputs: tuple[ScriptCall, ...]
    outputs: tuple[ModelEnd, ...]
    name: str
    function: str
    line: int
    frozen: bool = False
    layer: ScriptLayer | None = None


@dataclass(slots=True, eq=False)
class ScriptSequential:
    """A `Sequential` whose layers may still be added.

    Attributes:
        items: Layers, models and Inputs; `Unknown` for what is not known.
        model: The functional model, once it was needed.
        is_part: Whether it is part of another model, as its layers.
    """

    items: list[object]
    name: str
    function: str
    line: int
    frozen: bool = False
    model: ScriptModel | None = None
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class ShapeOf:
    """The shape of a tensor, or what begins at a place in it; inferred when needed."""

    tensor: ScriptTensor
    start: int = 0


def tensors_of(call: ScriptCall) -> ScriptTensor | SeveralTensors:
    """What a call returns: a tensor, or several."""
    count = call.outputs
    return ScriptTensor(call) if count == 1 else SeveralTensors(call, count)
