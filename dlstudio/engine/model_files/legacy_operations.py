"""TensorFlow's functions in models of Keras 2, and the operations of Keras 3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dlstudio.json_values import JsonObject, JsonValue

NUMPY, NN, CORE = "keras.src.ops.numpy", "keras.src.ops.nn", "keras.src.ops.core"
ELLIPSIS = "__ellipsis__"


@dataclass(frozen=True, slots=True)
class KerasOperation:
    """An operation of Keras 3, and how a function's arguments are its own.

    Attributes:
        module: Where its class is.
        name: Of its class.
        tensors: Names of the function's tensors, in the order of the operation's call.
        settings: The function's other arguments, and what the operation calls them.
        fixed: Settings that the function implies.
        listed: Whether the first tensor is a list of them.
    """

    module: str
    name: str
    tensors: tuple[str, ...]
    settings: tuple[tuple[str, str], ...] = ()
    fixed: tuple[tuple[str, JsonValue], ...] = ()
    listed: bool = False


def _one(module: str, name: str, first: str = "x", *settings: str) -> KerasOperation:
    """An operation on one tensor; its settings are `old=new` or one name."""
    pairs = (each.partition("=") for each in settings)
    return KerasOperation(
        module,
        name,
        (first,),
        tuple((old, new or old) for old, _sign, new in pairs),
    )


def _two(name: str, first: str = "x", second: str = "y") -> KerasOperation:
    return KerasOperation(NUMPY, name, (first, second))


def _reduction(name: str) -> KerasOperation:
    return _one(NUMPY, name, "input_tensor", "axis", "keepdims")


OPERATIONS: Mapping[str, KerasOperation] = {
    "__operators__.add": _two("Add"),
    "math.add": _two("Add"),
    "add": _two("Add"),
    "math.subtract": _two("Subtract"),
    "math.multiply": _two("Multiply"),
    "math.divide": _two("TrueDivide"),
    "math.truediv": _two("TrueDivide"),
    "math.divide_no_nan": _two("DivideNoNan"),
    "math.floordiv": _two("FloorDivide"),
    "math.floormod": _two("Mod"),
    "math.pow": _two("Power"),
    "math.maximum": _two("Maximum"),
    "math.minimum": _two("Minimum"),
    "math.equal": _two("Equal"),
    "math.not_equal": _two("NotEqual"),
    "math.greater": _two("Greater"),
    "math.greater_equal": _two("GreaterEqual"),
    "math.less": _two("Less"),
    "math.less_equal": _two("LessEqual"),
    "math.logical_and": _two("LogicalAnd"),
    "math.logical_or": _two("LogicalOr"),
    "linalg.matmul": _two("Matmul", "a", "b"),
    "math.abs": _one(NUMPY, "Absolute"),
    "math.ceil": _one(NUMPY, "Ceil"),
    "math.cos": _one(NUMPY, "Cos"),
    "math.exp": _one(NUMPY, "Exp"),
    "math.floor": _one(NUMPY, "Floor"),
    "math.log": _one(NUMPY, "Log"),
    "math.log1p": _one(NUMPY, "Log1p"),
    "math.logical_not": _one(NUMPY, "LogicalNot"),
    "math.negative": _one(NUMPY, "Negative"),
    "math.round": _one(NUMPY, "Round"),
    "math.sign": _one(NUMPY, "Sign"),
    "math.sin": _one(NUMPY, "Sin"),
    "math.sqrt": _one(NUMPY, "Sqrt"),
    "math.square": _one(NUMPY, "Square"),
    "math.tanh": _one(NUMPY, "Tanh"),
    "math.sigmoid": _one(NN, "Sigmoid"),
    "math.softplus": _one(NN, "Softplus", "features"),
    "nn.elu": _one(NN, "Elu", "features"),
    "nn.gelu": _one(NN, "Gelu", "features", "approximate"),
    "nn.leaky_relu": _one(NN, "LeakyRelu", "features", "alpha=negative_slope"),
    "nn.log_softmax": _one(NN, "LogSoftmax", "logits", "axis"),
    "nn.relu": _one(NN, "Relu", "features"),
    "nn.relu6": _one(NN, "Relu6", "features"),
    "nn.selu": _one(NN, "Selu", "features"),
    "nn.sigmoid": _one(NN, "Sigmoid"),
    "nn.silu": _one(NN, "Silu", "features"),
    "nn.softmax": _one(NN, "Softmax", "logits", "axis"),
    "nn.softsign": _one(NN, "Softsign", "features"),
    "nn.swish": _one(NN, "Silu", "features"),
    "nn.tanh": _one(NUMPY, "Tanh"),
    "math.reduce_all": _reduction("All"),
    "math.reduce_any": _reduction("Any"),
    "math.reduce_max": _reduction("Max"),
    "math.reduce_mean": _reduction("Mean"),
    "math.reduce_min": _reduction("Min"),
    "math.reduce_prod": _reduction("Prod"),
    "math.reduce_std": _reduction("Std"),
    "math.reduce_sum": _reduction("Sum"),
    "math.reduce_variance": _reduction("Var"),
    "math.argmax": _one(NUMPY, "Argmax", "input", "axis"),
    "math.argmin": _one(NUMPY, "Argmin", "input", "axis"),
    "math.cumsum": _one(NUMPY, "Cumsum", "x", "axis"),
    "cast": _one(CORE, "Cast", "x", "dtype"),
    "clip_by_value": _one(
        NUMPY, "Clip", "t", "clip_value_min=x_min", "clip_value_max=x_max"
    ),
    "expand_dims": _one(NUMPY, "ExpandDims", "input", "axis"),
    "one_hot": _one(NN, "OneHot", "indices", "depth=num_classes", "axis"),
    "ones_like": _one(NUMPY, "OnesLike", "input"),
    "repeat": _one(NUMPY, "Repeat", "input", "repeats", "axis"),
    "reshape": _one(NUMPY, "Reshape", "tensor", "shape=newshape"),
    "reverse": _one(NUMPY, "Flip", "tensor", "axis"),
    "roll": _one(NUMPY, "Roll", "input", "shift", "axis"),
    "squeeze": _one(NUMPY, "Squeeze", "input", "axis"),
    "tile": _one(NUMPY, "Tile", "input", "multiples=repeats"),
    "transpose": _one(NUMPY, "Transpose", "a", "perm=axes"),
    "zeros_like": _one(NUMPY, "ZerosLike", "input"),
    "where": KerasOperation(NUMPY, "Where", ("condition", "x", "y")),
    "concat": KerasOperation(
        NUMPY, "Concatenate", ("values",), (("axis", "axis"),), listed=True
    ),
    "stack": KerasOperation(
        NUMPY, "Stack", ("values",), (("axis", "axis"),), listed=True
    ),
}
"""By the function's name in a configuration."""

DEFAULTS: Mapping[str, Mapping[str, JsonValue]] = {
    "stack": {"axis": 0},
    "nn.gelu": {"approximate": False},
    "nn.leaky_relu": {"alpha": 0.2},
    "math.argmax": {"axis": 0},
    "math.argmin": {"axis": 0},
    "math.cumsum": {"axis": 0},
}
"""Defaults of functions where the operation has others."""

GETITEM = "__operators__.getitem"


@dataclass(frozen=True, slots=True)
class OperationCall:
    """A call of a function, as a call of an operation.

    Attributes:
        module: Where the operation's class is.
        name: Of its class.
        config: Its settings.
        args: The positional arguments of its call.
    """

    module: str
    name: str
    config: JsonObject
    args: list[JsonValue]


def operation_call(
    function: str, first: JsonValue, named: Mapping[str, JsonValue]
) -> OperationCall | None:
    """The operation of Keras 3 that a call of a function of TensorFlow is.

    Args:
        function: Name of the function, such as "math.add".
        first: Its first argument.
        named: The others; those that are None are not given.

    Returns:
        None if no operation does the same.
    """
    given: dict[str, JsonValue] = {
        key: value for key, value in named.items() if value is not None
    }
    given.pop("name", None)
    function = function.removeprefix("compat.v1.")
    if function == GETITEM:
        spec = given.pop("slice_spec", None)
        if given or spec is None:
            return None
        return OperationCall(NUMPY, "GetItem", {}, [first, key_of(spec)])
    found = OPERATIONS.get(function)
    if found is None:
        return None
    for key, value in DEFAULTS.get(function, {}).items():
        given.setdefault(key, value)
    if function == "linalg.matmul":
        return _matmul(found, first, given)
    args = [first]
    for each in found.tensors[1:]:
        if each not in given:
            return None
        args.append(given.pop(each))
    config: JsonObject = dict(found.fixed)
    for old, new in found.settings:
        if old in given:
            config[new] = given.pop(old)
    if any(value is not False for value in given.values()):
        return None  # an argument that the operation does not have
    return OperationCall(found.module, found.name, config, args)


def _matmul(
    operation: KerasOperation, first: JsonValue, given: Mapping[str, JsonValue]
) -> OperationCall | None:
    others = {key: value for key, value in given.items() if key != "b" and value}
    if others or "b" not in given:
        return None
    return OperationCall(operation.module, operation.name, {}, [first, given["b"]])


def key_of(spec: JsonValue) -> JsonValue:
    """An index of a tensor as Keras 3 writes it: numbers, slices and ellipses."""
    if isinstance(spec, list):
        return [key_of(each) for each in spec]
    if isinstance(spec, dict) and set(spec) == {"start", "stop", "step"}:
        return {"class_name": "__slice__", "config": dict(spec)}
    if isinstance(spec, dict) and spec.get("class_name") == ELLIPSIS:
        return {"class_name": ELLIPSIS, "config": {}}
    return spec
