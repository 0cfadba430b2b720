"""The error of a layer or a model that cannot be built."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import tensorflow as tf

from dlstudio.document.graph import Node
from dlstudio.engine.runtime.error_text import plain
from dlstudio.errors import UserError
from dlstudio.i18n import _


class BuildError(UserError):
    """A graph cannot be built; `node` of `graph` is the reason.

    Args:
        message: What happened, for the user.
        hint: What to do about it.
        node: Id of the node that cannot be built.
        graph: Name of the graph that contains it.
    """

    def __init__(self, message: str, hint: str = "", *, node: str, graph: str) -> None:
        super().__init__(message, hint)
        self.node = node
        self.graph = graph

    def __reduce__(self) -> tuple[object, ...]:
        rebuild = partial(BuildError, node=self.node, graph=self.graph)
        return rebuild, (self.message, self.hint)


@contextmanager
def naming(node: Node, graph: str) -> Iterator[None]:
    """Errors inside become a `BuildError` for `node`, except out-of-memory errors.

    Args:
        node: That is built.
        graph: Name of its graph.
    """
    try:
        yield
    except (BuildError, MemoryError, tf.errors.ResourceExhaustedError):
        raise
    except UserError as error:
        message = f"{node.name}: {error.message}"
        raise BuildError(message, error.hint, node=node.id, graph=graph) from error
    except Exception as error:
        raise BuildError(
            _("{node} cannot be built: {reason}").format(
                node=node.name, reason=plain(error)
            ),
            node=node.id,
            graph=graph,
        ) from error
