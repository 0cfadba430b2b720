"""The data model of descriptions: pure data, no Qt and no TensorFlow."""

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
    "monitor",  # the name of a monitored quantity, such as val_loss
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
    "json",  # any other JSON value
]

EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a description.

    Attributes:
        default: Plain value used when nothing is set, lists as tuples; meaningless
            if `required`.
        optional: Whether None is a valid value.
        minimum, maximum: Inclusive bounds of numbers (also within a size); with
            `open_minimum`/`open_maximum` the bound itself is not allowed.
        choices: The values of an enum; for a nested layer, the accepted kinds.
        rank: How many numbers a size or shape has; None for any. For margins, the
            number of axes.
        family: For objects: "initializers", "regularizers", "activations", ...
            A float with a family may also be an object of it (a learning rate).
        summary: What it does, from Keras' docstring or curated.
        advanced: Whether forms show it in their collapsed section.
        from_file: Whether forms offer to read a list from a file, an entry a line.
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
    from_file: bool = False


@dataclass(frozen=True, slots=True)
class Ports:
    """A layer's input ports: `names` for fixed ones, or `minimum`..`maximum` tensors.

    `maximum` None means any number (Add, Concatenate). `names` may be longer than
    `minimum`: the ones beyond it are optional (MultiHeadAttention's key). A repeated
    name takes its tensors as one list (an LSTM's two states). `as_list` selects whether
    several tensors are passed as one list or as separate arguments.

    Attributes:
        positional: How many of the named tensors are passed by position; the others are
            passed by keyword.
        keywords: Rarely used tensors (an attention's mask). Their ports are numbered
            after those of `names` and `maximum`, and all are optional.
    """

    minimum: int = 1
    maximum: int | None = 1
    names: tuple[str, ...] = ()
    as_list: bool = False
    positional: int = 1
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceTraits:
    """Traits of a data source other than its parameters.

    Attributes:
        file_patterns: File name patterns in lower case, such as "*.csv". Used by file
            dialogs and to recognize dropped files.
        drop_hint: What can be dropped, worded for use within a sentence (translatable),
            such as "a CSV table of files and labels"; "" for a source without files.
        sample: Text of the button that uses it as a sample dataset (translatable); ""
            unless it is one, which needs neither files nor a download.
    """

    file_patterns: tuple[str, ...] = ()
    drop_hint: str = ""
    sample: str = ""


@dataclass(frozen=True, slots=True)
class Implementations:
    """Implementations in several packages, each as "package.module:name".

    Attributes:
        data: Reads values from a source; for feature types.
        stored: Prepares values that are not in the cells; for feature types that have
            such.
        findings: Finds what is wrong with columns of a feature type, beside what is
            found of any.
        engine: Connects values to a model; for feature types and heads.
        view: What the window shows; for feature types, heads and methods.
    """

    data: str = ""
    engine: str = ""
    view: str = ""
    stored: str = ""
    findings: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """A catalog entry: a layer, loss, source, export format, template, ...

    Attributes:
        kind: Unique name, such as "keras.layers.Conv2D".
        family: "layers", "optimizers", "sources", "formats", ...
        implementation: Qualified name "package.module:name"; "" where there are
            `implementations`.
        title: The displayed name (translatable); "" where that is `name`.
        category: Category in the palette.
        summary: One plain sentence (translatable).
        doc: The full docstring, for help pages.
        call: Call arguments other than tensors (`training`), for a node's `call`.
        example: Parameters that build it where the defaults do not; also the initial
            values of a new node. JSON values.
        example_inputs: Input shapes (with batch) for the contract test of layers.
        example_dtypes: Their dtypes where not float32.
        source: For a data source, how it is found and offered.
        implementations: For feature types and heads, the implementation of each
            package.
        extra: Other data that a family needs: "aliases", for cells
            "nested_only", for activations the "layer" that takes their parameters,
            for metrics the "direction" that is better, "up" or "down", and the
            "metric_name" where it depends on a parameter ("top_{k}_accuracy"),
            for operations the parameters that precede the tensors ("leading"), for
            export formats the "suffix" of a file, and the implementations for models of
            "features" and for those that give back "images", for heads the kinds of
            "features" they predict and whether they are "of_input", for feature types
            the "target_params" of one that is predicted, what "samples" of it are
            called, whether their values form "groups" (they do unless it is False), and
            for values that cells name, but that are "absent", a sentence and the kind
            of its finding ("absent_finding"), for training methods the
            "losses" they report and whether they train layers of a "graph", for
            templates whether they have a "latent" vector, give back images
            ("reconstructs"), need a "column" or a "target" of a kind, and whether
            they have a target at all ("predicts").
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
        """The parameter named `name`, or None."""
        return next((param for param in self.params if param.name == name), None)

    def defaults(self) -> dict[str, Any]:
        """The default of every parameter that has one."""
        return {p.name: p.default for p in self.params if not p.required}
