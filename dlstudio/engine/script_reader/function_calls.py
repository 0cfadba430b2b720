"""Calls in a script: by what is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from dlstudio.document.values import Spec
from dlstudio.engine.script_reader.array_functions import call_array
from dlstudio.engine.script_reader.attributes import attribute_of
from dlstudio.engine.script_reader.backbone_functions import (
    HubConverter,
    call_application,
    call_backbone,
    find_network_layer,
)
from dlstudio.engine.script_reader.hub_functions import (
    call_hub,
    call_hub_method,
)
from dlstudio.engine.script_reader.layer_calls import call_layer
from dlstudio.engine.script_reader.layer_functions import (
    FirstLayer,
    call_layers,
    make_input,
    make_layer,
    make_spec,
)
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.literals import (
    CONTAINER_FUNCTIONS,
    LITERAL_FUNCTIONS,
    QUICK_METHODS,
    NoLiteralError,
    call_literal,
    call_method,
)
from dlstudio.engine.script_reader.model_calls import layer_of
from dlstudio.engine.script_reader.model_functions import (
    call_model_method,
    make_model,
    make_sequential,
    make_stopping,
    note_weights,
    set_policy,
)
from dlstudio.engine.script_reader.network_layers import (
    BackboneLayer,
    BackboneLayers,
    NetworkLayer,
    inner_layers,
)
from dlstudio.engine.script_reader.opaque_functions import deserialize
from dlstudio.engine.script_reader.script_objects import (
    call_object,
    call_object_method,
    is_layer,
    make_object,
    own_training,
    takes_ends,
)
from dlstudio.engine.script_reader.script_values import (
    Arguments,
    BoundMethod,
    Function,
    PartialCall,
    Reference,
    ScriptClass,
    ScriptLayer,
    ScriptModel,
    ScriptObject,
    ScriptSequential,
    ScriptSuper,
    ScriptTensor,
    SeveralTensors,
    ShapeOf,
    Unknown,
)
from dlstudio.engine.script_reader.sequential import call_sequential
from dlstudio.engine.script_reader.tensor_operators import call_operation
from dlstudio.engine.script_reader.tensor_shapes import plain_shape
from dlstudio.engine.script_reader.written_classes import written_kind
from dlstudio.i18n import _

OBJECTS: Mapping[str, str] = {
    "keras.optimizers.schedules.": "keras_schedules",
    "keras.optimizers.": "optimizers",
    "keras.losses.": "losses",
    "keras.metrics.": "metrics",
    "keras.initializers.": "initializers",
    "keras.regularizers.": "regularizers",
    "keras.constraints.": "constraints",
}
"""Families of objects, by where Keras has them."""
LEARNED_WORDS = "dlstudio.learned_words"
"""The function of our scripts that lets a layer learn words."""
TENSORFLOW: Mapping[str, str] = {
    "concat": "concatenate",
    "reduce_mean": "mean",
    "reduce_sum": "sum",
    "reduce_max": "max",
    "reduce_min": "min",
    "pow": "power",
}
"""Functions of TensorFlow that `keras.ops` calls otherwise."""
OLD_NAMES: Mapping[str, Mapping[str, str]] = {
    "one_hot": {"depth": "num_classes", "indices": "x"},
    "concatenate": {"values": "xs"},
}
"""Arguments of TensorFlow's functions that `keras.ops` calls otherwise."""
SHAPES = ("keras.ops.shape", "keras.ops.int_shape", "tensorflow.shape")
RunFunction = Callable[[Function, Arguments], object]


class FunctionCaller:
    """Calls functions, layers and models.

    Args:
        context: Takes layers and problems.
        run: Runs a function of the script, by reading it.
    """

    def __init__(self, context: ReadingContext, run: RunFunction) -> None:
        self._context = context
        self._run = run

    def call(self, callee: object, arguments: Arguments) -> object:
        """The value of a call; `Unknown` where it is not understood."""
        if isinstance(callee, Unknown):
            return self._unknown(callee, arguments)
        if isinstance(callee, Function):
            return self._run(callee, arguments)
        if isinstance(callee, BoundMethod):
            return self._method(callee, arguments)
        if isinstance(callee, PartialCall):
            self._context.step()
            return self.call(callee.callee, callee.arguments.before(arguments))
        if not self._context.weigh(*arguments.positional, *arguments.named.values()):
            text = _("This value is too large to be read.")
            return Unknown(text, arguments.line)
        return self._apply(callee, arguments)

    def _apply(self, callee: object, arguments: Arguments) -> object:
        """Call a layer, a model, or what Keras and Python have."""
        context = self._context
        if isinstance(callee, (BackboneLayer, HubConverter)):
            return call_backbone(callee, arguments, context)
        if isinstance(callee, ScriptLayer):
            return call_layer(callee, arguments, context)
        if isinstance(callee, ScriptModel):
            return call_layer(layer_of(callee), arguments, context)
        if isinstance(callee, ScriptSequential):
            return call_sequential(callee, arguments.get(0, "inputs"), context)
        if isinstance(callee, FirstLayer):
            return call_layer(callee.layer, arguments, context)
        if isinstance(callee, ScriptClass):
            return self._class(callee, arguments)
        if isinstance(callee, ScriptObject):
            return call_object(callee, arguments, context)
        if isinstance(callee, ScriptSuper):
            return callee
        if isinstance(callee, Reference):
            return self._reference(callee.path, arguments)
        return Unknown(_("This call is not supported."), arguments.line)

    def _unknown(self, callee: Unknown, arguments: Arguments) -> Unknown:
        """Call what is not known: what enters a layer of the model may not be, too."""
        if callee.reported and not callee.is_member:
            for each in arguments.positional:
                if isinstance(each, Unknown):
                    what = _("What enters this layer")
                    self._context.use_unknown(each, what, arguments.line)
        return callee

    def _method(self, method: BoundMethod, arguments: Arguments) -> object:
        owner, name, line = method.owner, method.name, arguments.line
        if isinstance(owner, (ScriptObject, ScriptSuper)):
            if name in ("compile", "fit") and isinstance(owner, ScriptObject):
                return call_model_method(owner, name, arguments, self._context)
            return call_object_method(owner, name, arguments, self._context)
        if isinstance(owner, (ScriptModel, ScriptSequential)):
            return call_model_method(owner, name, arguments, self._context)
        if isinstance(owner, BackboneLayer) and owner.params.get("preset"):
            return call_hub_method(owner, name, arguments)
        if isinstance(owner, ScriptLayer):
            if owner.model is not None:
                return call_model_method(owner.model, name, arguments, self._context)
            if isinstance(owner, BackboneLayer) and name == "get_layer":
                return find_network_layer(owner, arguments, self._context)
            note_weights(name, line, self._context)
            return Unknown(_("“{name}” is never run.").format(name=name), line)
        if name not in QUICK_METHODS and not self._context.weigh(
            owner, *arguments.positional, *arguments.named.values()
        ):
            return Unknown(_("This value is too large to be read."), line)
        try:
            return call_method(owner, name, arguments.positional, dict(arguments.named))
        except NoLiteralError:
            return Unknown(_("“{name}” is never run.").format(name=name), line)

    def _class(self, called: ScriptClass, arguments: Arguments) -> object:
        kind = written_kind(called)
        if kind:
            return make_layer(self._context.catalog[kind], arguments, self._context)
        if is_layer(called) and takes_ends(called, arguments):
            if own_training(called):
                self._context.note(called.node.lineno, own_training(called))
            return make_model(arguments, self._context)
        if is_layer(called):
            return make_object(called, arguments, self._context)
        text = _(
            "The class “{name}” would have to be run. Build the model of Keras layers, "
            "with keras.Model or keras.Sequential."
        )
        return Unknown(text.format(name=called.name), arguments.line)

    def _reference(self, path: str, arguments: Arguments) -> object:
        context = self._context
        start, name = path.rpartition(".")[::2]
        known: Mapping[str, Callable[[Arguments, ReadingContext], object]] = {
            "keras.Input": make_input,
            "keras.Model": make_model,
            "keras.Functional": make_model,
            "keras.Sequential": make_sequential,
            "keras.config.set_dtype_policy": set_policy,
            "keras.saving.deserialize_keras_object": deserialize,
            "keras.callbacks.EarlyStopping": make_stopping,
            "functools.partial": make_partial,
        }
        if path in known:
            return known[path](arguments, context)
        if path.startswith("keras.applications."):
            return call_application(
                path.removeprefix("keras.applications."), arguments, context
            )
        if path.startswith("keras_hub."):
            return call_hub(path, arguments, context)
        if start == "keras.layers":
            return call_layers(name, arguments, context)
        if path == LEARNED_WORDS:
            return arguments.get(0, "layer")
        if path.startswith("builtins."):
            return self._builtin(name, arguments)
        for family_path, family in OBJECTS.items():
            if start + "." == family_path:
                return self._object(family, path, arguments)
        return self._operation(path, arguments)

    def _object(self, family: str, path: str, arguments: Arguments) -> object:
        """An optimizer, a loss, and so on."""
        name = path.rpartition(".")[2]
        if name == "get":
            return arguments.get(0, "identifier")
        found = self._context.catalog.search(family, name)
        if found is None:
            text = _("There is nothing called “{kind}”.").format(kind=path)
            return Unknown(text, arguments.line)
        return make_spec(found, arguments, self._context)

    def _operation(self, path: str, arguments: Arguments) -> object:
        """A function of `keras.ops`, of activations, TensorFlow, NumPy or `math`."""
        start, _dot, _name = path.partition(".")
        last = path.rpartition(".")[2]
        tensors = _has_tensor(arguments)
        if path.startswith("keras.activations."):
            if tensors:
                return self._activation(last, arguments)
            found = self._context.catalog.search("activations", last)
            return Unknown("", arguments.line) if found is None else Spec(found.kind)
        if path in SHAPES and isinstance(arguments.get(0, "x"), ScriptTensor):
            return attribute_of(
                arguments.get(0, "x"), "shape", arguments.line, self._context
            )
        if path.startswith("keras.ops.") and path in self._context.catalog:
            return call_operation(path, arguments, self._context)
        if start in ("tensorflow", "numpy", "keras") and tensors:
            last = TENSORFLOW.get(last, last)
            found = self._context.catalog.search("ops", last)
            if found is not None and start != "keras":
                arguments = _modern(last, arguments)
                return call_operation(found.kind, arguments, self._context)
            text = _("“{name}” is not supported on tensors.").format(name=path)
            return self._context.report(arguments.line, text)
        if start in ("math", "numpy", "tensorflow"):
            plain = [
                plain_shape(each, self._context) if isinstance(each, ShapeOf) else each
                for each in arguments.positional
            ]
            return call_array(path, replace(arguments, positional=tuple(plain)))
        text = _("“{name}” is never run.").format(name=path)
        return Unknown(text, arguments.line)

    def _activation(self, name: str, arguments: Arguments) -> object:
        """A function of `keras.activations` on a tensor, as an Activation layer."""
        description = self._context.catalog["keras.layers.Activation"]
        given = Arguments((name,), {}, arguments.line)
        layer = make_layer(description, given, self._context)
        if not isinstance(layer, ScriptLayer):
            return layer
        one = Arguments(arguments.positional[:1], {}, arguments.line)
        return call_layer(layer, one, self._context)

    def _builtin(self, name: str, arguments: Arguments) -> object:
        line = arguments.line
        args: list[object] = []
        for each in arguments.positional:
            value = each
            if isinstance(each, ShapeOf):
                value = plain_shape(each, self._context)
            if isinstance(each, BackboneLayers):
                value = inner_layers(each, self._context)
            if isinstance(value, Unknown):
                return value
            if isinstance(value, SeveralTensors) and value.count is not None:
                value = [ScriptTensor(value.call, n) for n in range(value.count)]
            args.append(value)
        if name == "print":
            return None
        if name == "isinstance" and len(args) == 2:
            return self._is_instance(args[0], args[1], line)
        if name in LITERAL_FUNCTIONS or name in CONTAINER_FUNCTIONS:
            try:
                return call_literal(name, tuple(args), dict(arguments.named))
            except NoLiteralError:
                pass
        text = _("“{name}” has no known result here.").format(name=name)
        return Unknown(text, line)

    def _is_instance(self, value: object, sort: object, line: int) -> object:
        sorts = sort if isinstance(sort, tuple) else (sort,)
        types = {"int": int, "float": float, "str": str, "list": list, "tuple": tuple}
        found = []
        for each in sorts:
            if not isinstance(each, Reference):
                return Unknown(_("This comparison is not supported."), line)
            if each.name in types and each.path.startswith("builtins."):
                found.append(isinstance(value, types[each.name]))
            elif isinstance(value, (ScriptLayer, NetworkLayer)):
                found.append(value.kind.rpartition(".")[2] == each.name)
            elif isinstance(value, (ScriptModel, ScriptSequential)):
                found.append(each.name in ("Model", "Sequential"))
            else:
                return Unknown(_("This comparison is not supported."), line)
        return any(found)


def _modern(name: str, arguments: Arguments) -> Arguments:
    """The arguments of a function of TensorFlow by the names of `keras.ops`."""
    names = OLD_NAMES.get(name, {})
    named = {names.get(key, key): value for key, value in arguments.named.items()}
    return replace(arguments, named=named)


def make_partial(arguments: Arguments, _context: ReadingContext) -> object:
    """`functools.partial`: the same with some arguments given."""
    if not arguments.positional:
        return Unknown(_("This call is not supported."), arguments.line)
    callee, *rest = arguments.positional
    given = Arguments(tuple(rest), arguments.named, arguments.line, arguments.unknown)
    return PartialCall(callee, given)


def _has_tensor(arguments: Arguments) -> bool:
    """Whether a tensor is among the arguments, or in a list of them."""
    values = [*arguments.positional, *arguments.named.values()]
    for value in values:
        inner = value if isinstance(value, (list, tuple)) else [value]
        if any(isinstance(each, (ScriptTensor, SeveralTensors)) for each in inner):
            return True
    return False
