"""Values as Python source: numbers, strings and catalog objects."""

from __future__ import annotations

import keyword
import re
import textwrap
from collections.abc import Iterable, Mapping

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import NESTED
from dlstudio.document.nested_graphs import graph_inside
from dlstudio.document.values import Array, Json, Spec
from dlstudio.errors import UserError
from dlstudio.i18n import _

WIDTH = 88
INDENT = "    "
LONG = 12  # a longer float may read better as a fraction


class LiteralWriter:
    """Writes values, and records whether they need NumPy.

    Attributes:
        arrays: Whether NumPy is needed.
        functions: The function that builds each graph, by the graph's name.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.arrays = False
        self.hub = False
        self.functions: Mapping[str, str] = {}

    def value(self, value: object) -> str:
        """The source for a parameter's value.

        Raises:
            UserError: Something in it is not in the catalog.
        """
        if isinstance(value, Spec):
            return self.spec(value)
        if isinstance(value, Array):
            self.arrays = True
            return f"np.array({_nested(value.data)}, dtype={quoted(value.dtype)})"
        if isinstance(value, Json):
            return repr(value.value)
        if isinstance(value, tuple):
            inner = [self.value(item) for item in value]
            if any(isinstance(item, Spec) for item in value):
                return f"[{', '.join(inner)}]"
            return f"({', '.join(inner)}{',' if len(inner) == 1 else ''})"
        return _plain(value)

    def pairs(self, params: Mapping[str, object]) -> list[str]:
        """`name=value` for each parameter.

        Raises:
            UserError: A name is not a valid Python identifier.
        """
        return [f"{_name(k)}={self.value(v)}" for k, v in params.items()]

    def spec(self, spec: Spec) -> str:
        """A constructor call; an activation without parameters by its name.

        Raises:
            UserError: The kind is not in the catalog.
        """
        description = self.catalog[spec.kind]
        if spec.kind == NESTED:
            return self._model(spec)
        path = short_path(spec.kind)
        if description.family == "activations":
            if not spec.params:
                return path
            path = short_path(str(description.extra.get("layer", spec.kind)))
        return f"{path}({', '.join(self.pairs(spec.params))})"

    def _model(self, spec: Spec) -> str:
        """A call of the function that builds a graph."""
        function = self.functions.get(graph_inside(spec))
        if function is None:
            raise UserError(_("There is no such layer."))
        named = {k: v for k, v in spec.params.items() if k == "name"}
        return f"{function}({', '.join(self.pairs(named))})"


def short_path(kind: str) -> str:
    """ "keras.layers.Dense" as written in the script: "layers.Dense"."""
    kind = kind.removeprefix("dlstudio.layers.")  # a class of the script itself
    return kind.replace("keras.layers.", "layers.", 1)


def quoted(text: str) -> str:
    """A Python string literal in double quotes."""
    plain = repr(str(text))  # not that of NumPy's texts
    if plain.startswith("'") and '"' not in plain:
        return f'"{plain[1:-1]}"'
    return plain


CALL = re.compile(r"(?P<start>(?:\w+=)?[\w.]+)\((?P<given>.+)\)")


def fitted(start: str, callee: str, pairs: Iterable[str], call: str) -> list[str]:
    """`start callee(pairs) call` on one line if it fits, else one argument a line.

    Args:
        start: The text before the call, such as "x = ".
        callee: The function or class that is called.
        pairs: The arguments as code, "name=value".
        call: What follows the closing parenthesis, such as "(x)".

    Returns:
        Lines of code without the function's own indent.
    """
    pairs = list(pairs)
    line = f"{start}{callee}({', '.join(pairs)}){call}"
    if len(line) + len(INDENT) <= WIDTH:
        return [line]
    if call.startswith("([") and call.endswith("])") and len(call) + len(start) > WIDTH:
        listed = textwrap.wrap(
            f"{call[2:-2]},",
            WIDTH - len(INDENT),
            initial_indent=INDENT,
            subsequent_indent=INDENT,
            break_long_words=False,
            break_on_hyphens=False,
        )
        return [f"{start}{callee}({', '.join(pairs)})([", *listed, "])"]
    if not pairs:
        return [line]
    if len(pairs) == 1:
        called = _called_below(f"{start}{callee}({pairs[0]})", call)
        if called:
            return called
    rows = [f"{INDENT}{row}" for pair in pairs for row in _argument_rows(pair)]
    return [f"{start}{callee}(", *rows, f"){call}"]


def _argument_rows(pair: str) -> list[str]:
    """An argument in a row of its own; one that is too long is a call in three rows."""
    found = CALL.fullmatch(pair)
    if len(pair) + len(",") + 2 * len(INDENT) <= WIDTH or found is None:
        return [f"{pair},"]
    return [f"{found['start']}(", f"{INDENT}{found['given']}", "),"]


def _called_below(made: str, call: str) -> list[str]:
    """A call of several tensors on a line of its own, if it fits there; else []."""
    several = call.startswith("([") or ", " in call
    fits = len(made) + len(INDENT) < WIDTH and len(call) + len(INDENT) <= WIDTH
    if not several or not fits:
        return []
    return [f"{made}(", f"{INDENT}{call[1:-1]}", ")"]


def _plain(value: object) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, float) and len(repr(value)) > LONG:
        below = round(1 / value)
        if abs(below) > 1 and 1 / below == value:
            return f"1 / {below}"
    return repr(value)


def _nested(data: object) -> str:
    if isinstance(data, tuple):
        return f"[{', '.join(_nested(item) for item in data)}]"
    return _plain(data)


def _name(text: str) -> str:
    """A parameter's name, checked: projects are untrusted and scripts are run."""
    if text.isidentifier() and not keyword.iskeyword(text):
        return text
    raise UserError(_("“{name}” cannot be used as a parameter.").format(name=text[:60]))
