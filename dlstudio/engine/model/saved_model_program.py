"""Programs of SavedModels, which are loaded once they were checked."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import tensorflow as tf

from dlstudio.engine.model.saved_model_check import LARGEST, read_program
from dlstudio.engine.model.saved_model_files import (
    GRAPH,
    digest_of,
    saved_model_files,
)
from dlstudio.engine.model.saved_model_schema import MetaGraph
from dlstudio.engine.runtime.error_text import plain
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import read_regular
from dlstudio.paths import user_errors

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor
    from dlstudio.engine.typing import Variable

FIRST = ("serving_default", "serve")
"""Signatures that are used if there are several."""
OWN = "__saved_model"
"""How the names of TensorFlow's own signatures begin."""


class TensorShapeProtocol(Protocol):
    """A shape of TensorFlow; its rank is None if it is not known."""

    @property
    def rank(self) -> int | None: ...

    def as_list(self) -> list[int | None]: ...


class DType(Protocol):
    """A type of TensorFlow."""

    @property
    def name(self) -> str: ...


class TensorForm(Protocol):
    """What is known of a tensor."""

    @property
    def shape(self) -> TensorShapeProtocol: ...

    @property
    def dtype(self) -> DType: ...


class SignatureFunction(Protocol):
    """A function of a SavedModel: of tensors by name, and giving tensors by name."""

    @property
    def structured_input_signature(self) -> tuple[object, Mapping[str, TensorForm]]: ...

    @property
    def structured_outputs(self) -> Mapping[str, TensorForm]: ...

    @property
    def variables(self) -> Sequence[Variable]: ...

    def __call__(self, **tensors: Tensor) -> Mapping[str, Tensor]: ...


class LoadedObject(Protocol):
    """What TensorFlow makes of a SavedModel; its variables live as long as it does."""

    @property
    def signatures(self) -> Mapping[str, SignatureFunction]: ...


class SavedProgram:
    """A loaded SavedModel.

    Args:
        folder: Where its files are.
        digest: Of them.
        graph: The program as it was checked.
        loaded: Made of it by TensorFlow.
    """

    def __init__(
        self, folder: Path, digest: str, graph: MetaGraph, loaded: LoadedObject
    ) -> None:
        self.folder, self.digest = folder, digest
        self.graph, self.loaded = graph, loaded

    @property
    def signature(self) -> str:
        """The name of the signature that is used.

        Raises:
            UserError: There is none.
        """
        names = [each for each in self.loaded.signatures if not each.startswith(OWN)]
        for name in (*FIRST, *sorted(names)):
            if name in names:
                return name
        raise UserError(
            _("This SavedModel has no signature that could be called."),
            _("Save it with signatures=…, or with model.export() of Keras."),
        )

    def function(self, name: str) -> SignatureFunction:
        """The function of a signature.

        Raises:
            UserError: There is none of this name.
        """
        if name not in self.loaded.signatures:
            raise UserError(
                _("The SavedModel has no signature “{name}”.").format(name=name)
            )
        return self.loaded.signatures[name]


_loading = threading.RLock()
_loaded: weakref.WeakValueDictionary[str, SavedProgram] = weakref.WeakValueDictionary()


def loaded_program(digest: str) -> SavedProgram | None:
    """The program with these files, if it is in use somewhere."""
    return _loaded.get(digest)


def open_program(folder: Path, digest: str = "") -> SavedProgram:
    """Load a SavedModel, if its program only computes.

    Args:
        folder: Of the SavedModel.
        digest: Of the files that are expected; "" for any.

    Raises:
        UserError: It is missing, damaged, other than expected, or not safe to load.
    """
    with _loading:
        files = saved_model_files(folder)
        found = digest_of(files)
        if digest and found != digest:
            raise UserError(
                _("The files of the SavedModel {path} have changed.").format(
                    path=folder
                ),
                _("Put the former files back, or import the SavedModel again."),
            )
        known = _loaded.get(found)
        if known is not None and known.folder.is_dir():
            return known
        with user_errors(folder, writing=False):
            graph = read_program(read_regular(files[GRAPH], LARGEST))
        try:
            with tf.init_scope():
                loaded: LoadedObject = tf.saved_model.load(str(folder))
        except Exception as error:  # TensorFlow's, of many kinds
            raise UserError(
                _("TensorFlow cannot load {path}: {reason}").format(
                    path=folder.name, reason=plain(error)
                ),
                _("Copy the folder again."),
            ) from error
        made = SavedProgram(folder, found, graph, loaded)
        _loaded[found] = made
        return made
