"""What a description says: pure data, no Qt and no TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

ParamType = Literal[
    "bool",
    "int",
    "float",
    "text",
    "enum",  # one of `choices`
    "monitor",  # the name of something a training measures, such as val_loss
    "size",  # an integer or `rank` integers, such as kernel_size
    "shape",  # integers or None, any length (or `rank`)
    "margins",  # a number for all edges, one per axis, or a pair per axis
    "range",  # a float or (low, high), such as RandomZoom's factors
    "pair",  # (low, high), such as a value range
    "list",  # a list of plain values
    "layer",  # one nested layer: Bidirectional(LSTM)
    "layers",  # several nested layers: StackedRNNCells
    "object",  # an object of `family` with its own parameters, or its name
    "objects",  # several of them
    "array",  # numbers in a NumPy array
    "path",  # a file or folder
    "json",  # anything else that can be written as JSON
]

EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a description.

    Attributes:
        default: Plain value used when nothing is set, lists as tuples; meaningless
            if `required`.
        optional: None is a legal value.
        minimum, maximum: Inclusive bounds of numbers (also inside a size); with
            `open_minimum`/`open_maximum` the bound itself is not allowed.
        choices: The values of an enum; for a nested layer the kinds that fit.
        rank: How many numbers a size or shape has; None for any. Of margins, axes.
        family: For objects: "initializers", "regularizers", "activations", ...
            A float with a family may also be an object of it (a learning rate).
        summary: What it does, from Keras' own docstring or curated.
        advanced: Shown behind "more" in forms.
    """

    name: str
    type: ParamType
    default: Any = None
    required: bool = False
    optional: bool = False
    minimum: float | None = None
    maximum: float | None = None
    open_minimum: bool = False
    open_maximum: bool = False
    choices: tuple[Any, ...] = ()
    rank: int | None = None
    family: str = ""
    summary: str = ""
    advanced: bool = False


@dataclass(frozen=True, slots=True)
class Ports:
    """How many tensors a layer takes: `names` for fixed ones, or `minimum`..`maximum`.

    `maximum` None means any number (Add, Concatenate). `names` may be longer than
    `minimum`: the ones beyond it are optional (MultiHeadAttention's key). A name that
    stands there several times takes its tensors as one list (an LSTM's two states).
    `as_list` tells whether several tensors go in as one list or as arguments.

    Attributes:
        positional: How many of the named ones go in by their place; the others go in
            by name.
        keywords: Tensors that few calls have (an attention's mask). Their ports are
            numbered after those of `names` and `maximum`, and all are optional.
    """

    minimum: int = 1
    maximum: int | None = 1
    names: tuple[str, ...] = ()
    as_list: bool = False
    positional: int = 1
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceTraits:
    """What a data source says of itself beside its parameters.

    Attributes:
        file_patterns: Names that its files have, in lower case, such as "*.csv". File
            dialogs list them, and dropped files are recognized by them.
        drop_hint: What one may drop, as it stands in a sentence (translatable), such
            as "a CSV table of files and labels"; "" for a source without files.
        sample: Text of the button that uses it as it is (translatable); "" unless it
            is a sample, which needs neither files nor a download.
    """

    file_patterns: tuple[str, ...] = ()
    drop_hint: str = ""
    sample: str = ""


@dataclass(frozen=True, slots=True)
class Implementations:
    """Implementations in several packages, each as "package.module:name".

    Attributes:
        data: How values are read from a source; of feature types.
        engine: How they meet a model; of feature types and heads.
        view: How the window shows them; of feature types and heads.
    """

    data: str = ""
    engine: str = ""
    view: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """One thing that exists: a layer, loss, source, exporter, template, ...

    Attributes:
        kind: Unique name, such as "keras.layers.Conv2D".
        family: "layers", "optimizers", "sources", "formats", ...
        implementation: Qualified name "package.module:name"; "" where there are
            `implementations`.
        title: What it is called on the screen (translatable); "" where that is `name`.
        category: Heading in the palette.
        summary: One plain sentence (translatable).
        doc: The full docstring, for help pages.
        call: Plain values of its call beside the tensors (`training`), for a node's
            `call`.
        example: Parameters that build it where the defaults do not; also what a
            new node begins with. JSON values.
        example_inputs: Input shapes (with batch) for the contract test of layers.
        example_dtypes: Their dtypes where not float32.
        source: Of a data source, how it is found and offered.
        implementations: Of feature types and heads: theirs in each package.
        extra: Anything more a family needs, as plain data: "aliases", for cells
            "nested_only", for activations the "layer" that takes their parameters,
            for metrics the "direction" that is better, "up" or "down", and the
            "metric_name" where it depends on a parameter ("top_{k}_accuracy"),
            for operations the parameters that stand before the tensors ("leading").
    """

    kind: str
    family: str
    implementation: str
    title: str = ""
    category: str = ""
    summary: str = ""
    doc: str = ""
    params: tuple[Param, ...] = ()
    inputs: Ports = Ports()
    call: tuple[Param, ...] = ()
    color: str = ""
    icon: str = ""
    example: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    example_inputs: tuple[tuple[int | None, ...], ...] = ()
    example_dtypes: tuple[str, ...] = ()
    source: SourceTraits = SourceTraits()
    implementations: Implementations = Implementations()
    extra: Mapping[str, Any] = field(default_factory=lambda: EMPTY)

    @property
    def name(self) -> str:
        """The last part of the kind: "Conv2D"."""
        return self.kind.rpartition(".")[2]

    def param(self, name: str) -> Param | None:
        """The parameter called `name`, or None."""
        return next((param for param in self.params if param.name == name), None)

    def defaults(self) -> dict[str, Any]:
        """Default of every parameter that has one."""
        return {p.name: p.default for p in self.params if not p.required}
