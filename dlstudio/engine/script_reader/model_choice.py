"""Which of its models a script is read for."""

from __future__ import annotations

from dlstudio.engine.script_reader.given_values import Shape, is_shape
from dlstudio.engine.script_reader.layer_functions import input_tensor
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.model_functions import make_model
from dlstudio.engine.script_reader.network_layers import BackboneLayer
from dlstudio.engine.script_reader.script_callables import (
    Arguments,
    Function,
    Scope,
    ScriptObject,
)
from dlstudio.engine.script_reader.script_objects import call_object, own_training
from dlstudio.engine.script_reader.script_values import (
    ScriptModel,
    ScriptSequential,
    Unknown,
)
from dlstudio.engine.script_reader.sequential import functional, is_input
from dlstudio.engine.script_reader.statements import StatementReader
from dlstudio.i18n import _

BUILD = "build_model"


def chosen_model(
    reader: StatementReader, scope: Scope, context: ReadingContext
) -> ScriptModel | None:
    """The model of a line, or the one that is trained, or the last one.

    Args:
        reader: Has read the script.
        scope: The names of the script.
        context: Has its models; takes problems.

    Returns:
        None if there is none, or not all of it is known.
    """
    if context.given.line is not None:
        return _model_of_line(context.given.line, context)
    found: object = context.chosen or scope.names.get("model")
    if not _is_model(found):
        build = scope.names.get(BUILD)
        if isinstance(build, Function):
            found = reader.run(build, Arguments((), {}, build.node.lineno))
    if isinstance(found, Unknown):
        context.use_unknown(found, _("The model"), found.line)
        return None
    if isinstance(found, ScriptObject):
        return _of_object(found, context)
    whole = outer_models(context)
    if not _is_model(found):
        found = whole[-1] if whole else None
    if not isinstance(found, (ScriptModel, ScriptSequential)):
        return None
    _note_others(found, whole, context)
    return _whole(found, context)


def outer_models(context: ReadingContext) -> list[ScriptModel | ScriptSequential]:
    """The models of a script that are not part of another one."""
    inner = {id(call.layer.model) for call in context.calls if call.layer.model}
    return [
        each
        for each in context.models
        if id(each) not in inner
        and not (isinstance(each, ScriptSequential) and each.is_part)
    ]


def _is_model(value: object) -> bool:
    return isinstance(value, (ScriptModel, ScriptSequential, ScriptObject, Unknown))


def _model_of_line(line: int, context: ReadingContext) -> ScriptModel | None:
    found = [each for each in context.models if each.line == line]
    if found:
        return _whole(found[-1], context)
    context.report(line, _("No model that can be read is built in this line."))
    return None


def _note_others(
    chosen: ScriptModel | ScriptSequential,
    whole: list[ScriptModel | ScriptSequential],
    context: ReadingContext,
) -> None:
    lines = sorted({each.line for each in whole if each.line != chosen.line})
    if lines:
        text = _("This model is read. Others are built in these lines: {lines}.")
        shown = ", ".join(map(str, lines))
        context.note(chosen.line, text.format(lines=shown))


def _of_object(found: ScriptObject, context: ReadingContext) -> ScriptModel | None:
    """The model that a class of the script is, on inputs of the given shapes."""
    shapes = context.given.inputs
    if own_training(found.kind):
        context.report(found.line, own_training(found.kind))
        return None
    if not shapes:
        text = _("The shape of what enters “{name}” is not known.")
        context.report(found.line, text.format(name=found.kind.name))
        return None
    entered = [input_tensor(shape, found.line, context) for shape in shapes]
    given = entered if len(entered) > 1 else entered[0]
    left = call_object(found, Arguments((given,), {}, found.line), context)
    made = make_model(Arguments((given, left), {}, found.line), context)
    return made if isinstance(made, ScriptModel) else None


def _whole(
    found: ScriptModel | ScriptSequential, context: ReadingContext
) -> ScriptModel | None:
    """The functional model; of a Sequential, with an Input if one is given."""
    if isinstance(found, ScriptSequential) and not _has_input(found):
        first = next(iter(found.items), None)
        if isinstance(first, Unknown):
            context.use_unknown(first, "Sequential", found.line)
            return None
        shape = _first_shape(found) or context.given.shape(0)
        if shape is None:
            context.report(
                found.line, _("The Sequential needs an Input as its first layer.")
            )
            return None
        found.items.insert(0, input_tensor(shape, found.line, context))
        found.model = None
    return functional(found, context)


def _first_shape(model: ScriptSequential) -> Shape | None:
    """The shape of what enters the first item of a Sequential, if that says it."""
    first = next(iter(model.items), None)
    if isinstance(first, BackboneLayer):
        return first.shape if is_shape(first.shape) else None
    if isinstance(first, ScriptModel) and len(first.inputs) == 1:
        given = first.inputs[0].layer.params.get("shape")
        return given if is_shape(given) else None
    return None


def readable_lines(context: ReadingContext) -> tuple[int, ...]:
    """The lines in which models are built that can be read."""
    found = outer_models(context)
    return tuple(sorted({each.line for each in found if _is_readable(each, context)}))


def _is_readable(
    model: ScriptModel | ScriptSequential, context: ReadingContext
) -> bool:
    if isinstance(model, ScriptModel):
        return True
    if not model.items or any(isinstance(each, Unknown) for each in model.items):
        return False
    entered = _has_input(model) or _first_shape(model) or context.given.shape(0)
    return bool(entered)


def _has_input(model: ScriptSequential) -> bool:
    return is_input(next(iter(model.items), None))
