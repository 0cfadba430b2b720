"""What of TensorFlow's messages of a SavedModel is used: they have no types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class Dimension(Protocol):
    """A side of a shape; -1 for one that varies."""

    size: int


class ShapeProto(Protocol):
    """A shape."""

    dim: Sequence[Dimension]
    unknown_rank: bool


class TensorProto(Protocol):
    """A constant."""

    dtype: int
    tensor_shape: ShapeProto


class NamedFunction(Protocol):
    """A function that an argument names, with arguments of its own."""

    name: str
    attr: Mapping[str, AttrValue]


class AttrList(Protocol):
    """A list as an argument."""

    tensor: Sequence[TensorProto]
    func: Sequence[NamedFunction]


class AttrValue(Protocol):
    """An argument of an operation."""

    tensor: TensorProto
    func: NamedFunction
    list: AttrList


class NodeDef(Protocol):
    """An operation."""

    name: str
    op: str
    input: Sequence[str]
    attr: Mapping[str, AttrValue]


class ArgDef(Protocol):
    """An argument or a result of a function."""

    name: str


class FunctionSignature(Protocol):
    """Name and results of a function."""

    name: str
    output_arg: Sequence[ArgDef]


class FunctionDef(Protocol):
    """A function; `ret` has the tensor of each result."""

    signature: FunctionSignature
    node_def: Sequence[NodeDef]
    ret: Mapping[str, str]


class GradientDef(Protocol):
    """The function that is the gradient of another one."""

    function_name: str
    gradient_func: str


class FunctionLibrary(Protocol):
    """The functions of a program."""

    function: Sequence[FunctionDef]
    gradient: Sequence[GradientDef]


class GraphDef(Protocol):
    """Operations, and functions that they call."""

    node: Sequence[NodeDef]
    library: FunctionLibrary


class GraphTensor(Protocol):
    """A tensor of the graph."""

    name: str


class SignatureDef(Protocol):
    """A way to call the program."""

    inputs: Mapping[str, GraphTensor]
    outputs: Mapping[str, GraphTensor]


class SavedVariable(Protocol):
    """A variable."""

    dtype: int
    shape: ShapeProto


class Child(Protocol):
    """An object that another one has."""

    node_id: int


class SavedFunction(Protocol):
    """A function with several forms."""

    concrete_functions: Sequence[str]


class BareFunction(Protocol):
    """A function with one form."""

    concrete_function_name: str


class SavedObject(Protocol):
    """An object of a program."""

    children: Sequence[Child]
    variable: SavedVariable
    function: SavedFunction
    bare_concrete_function: BareFunction

    def WhichOneof(self, name: str, /) -> str: ...  # noqa: N802


class ObjectGraph(Protocol):
    """Objects of a program, and the functions that they have."""

    nodes: Sequence[SavedObject]
    concrete_functions: Mapping[str, object]


class AssetFile(Protocol):
    """A file that a program reads."""

    filename: str


class MetaGraph(Protocol):
    """A program."""

    graph_def: GraphDef
    object_graph_def: ObjectGraph
    signature_def: Mapping[str, SignatureDef]
    asset_file_def: Sequence[AssetFile]
