"""Arguments of the functions of `keras.ops`: tensors by port, the rest by name."""

from __future__ import annotations

from dlstudio.catalog.schema import Description
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.script_callables import Arguments
from dlstudio.engine.script_reader.script_values import (
    ScriptTensor,
    SeveralTensors,
    Unknown,
)
from dlstudio.i18n import _

Bound = tuple[tuple[tuple[int, ScriptTensor], ...], dict[str, object]]


def bound_operation(
    kind: str, arguments: Arguments, context: ReadingContext
) -> Bound | Unknown:
    """Tensors by port, and parameters and constants by name.

    Args:
        kind: Of the operation.
        arguments: As written.
        context: Takes problems.
    """
    description = context.catalog[kind]
    values = [*arguments.positional, *arguments.named.values()]
    unknown = arguments.unknown
    for value in values:
        inner = value if isinstance(value, (list, tuple)) else [value]
        unknown = unknown or next((x for x in inner if isinstance(x, Unknown)), None)
    if unknown is not None:
        return context.use_unknown(unknown, description.name, arguments.line)
    binder = _Binder(description)
    binder.positional(list(arguments.positional))
    for name, value in arguments.named.items():
        binder.named(name, value)
    if not binder.tensors:
        text = _("{kind} is not called on a tensor.").format(kind=description.name)
        return context.report(arguments.line, text)
    return tuple(sorted(binder.tensors, key=lambda each: each[0])), binder.params


class _Binder:
    """Binds the arguments of one call."""

    def __init__(self, description: Description) -> None:
        self._inputs = description.inputs
        self._leading = tuple(description.extra.get("leading", ()))
        self._own = [
            param.name
            for param in description.params
            if param.name not in (*self._inputs.names, *self._leading, "name")
        ]
        self.tensors: list[tuple[int, ScriptTensor]] = []
        self.params: dict[str, object] = {}

    def positional(self, args: list[object]) -> None:
        """Bind arguments by their place, in the order of Keras' signatures."""
        for name in self._leading:
            if args and not isinstance(args[0], ScriptTensor):
                self.params[name] = args.pop(0)
        if self._inputs.names:
            for port in range(min(self._inputs.positional, len(args))):
                self._tensor_or_constant(port, args.pop(0))
        elif self._inputs.maximum is None and not self._inputs.as_list:
            while args and isinstance(args[0], ScriptTensor):
                self._tensors([args.pop(0)])
        elif args:
            self._tensors(args.pop(0))
        for value in args:
            free = [each for each in self._own if each not in self.params]
            if isinstance(value, ScriptTensor) or not free:
                self._tensor_or_constant(self._next(), value)
            else:
                self.params[free[0]] = value

    def named(self, name: str, value: object) -> None:
        """Bind an argument by its name."""
        if name in self._inputs.names:
            self._tensor_or_constant(self._inputs.names.index(name), value)
        elif _is_tensor(value) and not self.tensors:
            self._tensors(value)
        else:
            self.params[name] = value

    def _next(self) -> int:
        used = {port for port, _tensor in self.tensors}
        return next(port for port in range(len(used) + 1) if port not in used)

    def _tensor_or_constant(self, port: int, value: object) -> None:
        if isinstance(value, ScriptTensor):
            self.tensors.append((port, value))
        elif value is not None and port < len(self._inputs.names):
            self.params[self._inputs.names[port]] = value

    def _tensors(self, value: object) -> None:
        items = value if isinstance(value, (list, tuple)) else [value]
        for each in items:
            if isinstance(each, SeveralTensors) and each.count is not None:
                for number in range(each.count):
                    self.tensors.append((self._next(), ScriptTensor(each.call, number)))
            elif isinstance(each, ScriptTensor):
                self.tensors.append((self._next(), each))


def _is_tensor(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return any(isinstance(each, ScriptTensor) for each in value)
    return isinstance(value, (ScriptTensor, SeveralTensors))
