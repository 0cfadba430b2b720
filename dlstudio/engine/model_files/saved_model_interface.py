"""What the signature of a SavedModel takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dlstudio.engine.model.saved_model_program import (
    SavedProgram,
    TensorForm,
)
from dlstudio.engine.model.saved_model_schema import FunctionDef
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject

PASSING = frozenset(
    (
        *("Cast", "EnsureShape", "Identity", "Reshape", "Squeeze", "StopGradient"),
        "StridedSlice",
    )
)
CALLS = frozenset(("PartitionedCall", "StatefulPartitionedCall"))
ACTIVATIONS = {
    "Softmax": "softmax",
    "Sigmoid": "sigmoid",
    "BiasAdd": "linear",
    "MatMul": "linear",
    "AddV2": "linear",
    "Add": "linear",
}
"""Names of activations by the operation; linear: an affine function is the last one."""
MOST_STEPS = 1000


@dataclass(frozen=True, slots=True)
class SignatureTensor:
    """An argument or a result of a signature.

    Attributes:
        name: Of it.
        shape: With the batch first; None for a side that varies, and for the whole if
            it is not known.
        dtype: Of its values.
        activation: That gives the values; "" if not known.
    """

    name: str
    shape: tuple[int | None, ...] | None
    dtype: str
    activation: str = ""

    def to_json(self) -> JsonObject:
        """As a layer's configuration has it."""
        return {
            "name": self.name,
            "shape": list(self.shape or ()),
            "dtype": self.dtype,
            "activation": self.activation,
        }


@dataclass(frozen=True, slots=True)
class SavedModelInterface:
    """How a SavedModel is called.

    Attributes:
        signature: Its name.
        takes: Arguments.
        gives: Results that are used.
        left_out: Names of the results that are not used, as they are texts.
    """

    signature: str
    takes: tuple[SignatureTensor, ...]
    gives: tuple[SignatureTensor, ...]
    left_out: tuple[str, ...] = ()


def saved_model_interface(program: SavedProgram) -> SavedModelInterface:
    """What a SavedModel takes and gives; nothing of it is run.

    Args:
        program: Loaded.

    Raises:
        UserError: It has no signature, takes no batches of any size, or does not give
            a result for each sample.
    """
    signature = program.signature
    function = program.function(signature)
    takes = _tensors(function.structured_input_signature[1])
    if not takes:
        raise UserError(
            _("The signature “{name}” of this SavedModel takes no tensors.").format(
                name=signature
            ),
            _("Save it with a signature that takes a batch of samples."),
        )
    for each in takes:
        if not each.shape or each.shape[0] is not None:
            raise UserError(
                _(
                    "The SavedModel does not take batches of any size: its input "
                    "“{name}” has the shape {shape}."
                ).format(name=each.name, shape=_text(each.shape)),
                _("Save it again, with None as the first side of each input."),
            )
    results = _tensors(function.structured_outputs)
    numbers = [each for each in results if each.dtype != "string"]
    used = numbers or results
    for each in used:
        if not _is_by_sample(each):
            raise UserError(
                _(
                    "The SavedModel does not give one result for each sample: “{name}” "
                    "has the shape {shape}."
                ).format(name=each.name, shape=_text(each.shape)),
                _("Save it with a signature that does."),
            )
    gives = tuple(
        replace(each, activation=_activation(program, signature, each.name))
        for each in used
    )
    left = tuple(each.name for each in results if each not in used)
    return SavedModelInterface(signature, takes, gives, left)


def _text(shape: tuple[int | None, ...] | None) -> str:
    return "?" if shape is None else str(shape)


def _tensors(specs: Mapping[str, TensorForm]) -> tuple[SignatureTensor, ...]:
    """Arguments or results in the order of their names."""
    return tuple(
        SignatureTensor(
            name,
            None if spec.shape.rank is None else tuple(spec.shape.as_list()),
            spec.dtype.name,
        )
        for name, spec in sorted(specs.items())
    )


def _is_by_sample(each: SignatureTensor) -> bool:
    """Whether a result has known sides, the first of which is the batch."""
    return bool(each.shape) and each.shape is not None and each.shape[0] is None


def _activation(program: SavedProgram, signature: str, result: str) -> str:
    """The activation that gives a result; see `ACTIVATIONS`."""
    graph = program.graph.graph_def
    info = program.graph.signature_def.get(signature)
    if info is None or result not in info.outputs:
        return ""
    functions = {each.signature.name: each for each in graph.library.function}
    nodes = {each.name: each for each in graph.node}
    tensor = info.outputs[result].name
    for _step in range(MOST_STEPS):
        name, _colon, place = tensor.partition(":")
        node = nodes.get(name)
        if node is None:
            return ""
        if node.op in PASSING and node.input:
            tensor = node.input[0]
        elif node.op in CALLS and node.attr["f"].func.name in functions:
            function = functions[node.attr["f"].func.name]
            nodes = {each.name: each for each in function.node_def}
            tensor = _result(function, place)
        else:
            return ACTIVATIONS.get(node.op, "")
    return ""


def _result(function: FunctionDef, place: str) -> str:
    """The tensor within a function that is one of its results.

    Args:
        function: Called by an operation.
        place: Of the result: "0", or "output:0" inside of functions.
    """
    number = place.rpartition(":")[2] or "0"
    results = function.signature.output_arg
    if not number.isdecimal() or int(number) >= len(results):
        return ""
    return function.ret[results[int(number)].name]
