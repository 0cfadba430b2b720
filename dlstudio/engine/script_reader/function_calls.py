"""Calls in a script: by what is called."""

from __future__ import annotations

from collections.abc import Callable

from dlstudio.engine.script_reader.backbone_functions import (
    HubConverter,
    call_backbone,
    find_network_layer,
)
from dlstudio.engine.script_reader.hub_functions import (
    call_hub_method,
)
from dlstudio.engine.script_reader.layer_calls import call_layer
from dlstudio.engine.script_reader.layer_functions import (
    FirstLayer,
    make_layer,
)
from dlstudio.engine.script_reader.library_calls import call_reference
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.literal_calls import (
    QUICK_METHODS,
    call_method,
)
from dlstudio.engine.script_reader.literals import NoLiteralError
from dlstudio.engine.script_reader.model_calls import layer_of
from dlstudio.engine.script_reader.model_functions import (
    call_model_method,
    make_model,
    note_weights,
)
from dlstudio.engine.script_reader.network_layers import (
    BackboneLayer,
)
from dlstudio.engine.script_reader.script_callables import (
    Arguments,
    BoundMethod,
    Function,
    PartialCall,
    ScriptClass,
    ScriptObject,
    ScriptSuper,
)
from dlstudio.engine.script_reader.script_objects import (
    call_object,
    call_object_method,
    is_layer,
    make_object,
    own_training,
    takes_ends,
)
from dlstudio.engine.script_reader.script_values import (
    Reference,
    ScriptLayer,
    ScriptModel,
    ScriptSequential,
    Unknown,
)
from dlstudio.engine.script_reader.sequential import call_sequential
from dlstudio.engine.script_reader.written_classes import written_kind
from dlstudio.i18n import _

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
            return call_reference(callee.path, arguments, context)
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
