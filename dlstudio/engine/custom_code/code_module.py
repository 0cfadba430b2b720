"""Trusted code files as modules, run once from the very bytes that were hashed."""

from __future__ import annotations

import linecache
import sys
import threading
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from functools import lru_cache
from pathlib import PurePath

import keras

from dlstudio.engine.custom_code.code_files import CodeFile
from dlstudio.engine.runtime.code_place import code_filename
from dlstudio.engine.runtime.error_text import plain
from dlstudio.errors import UserError
from dlstudio.i18n import _

_LOCK = threading.RLock()
_TAKEN = {"keras", "tensorflow", "tf_keras", "dlstudio", *sys.stdlib_module_names}


def code_objects(file: CodeFile) -> Mapping[str, object]:
    """The classes and functions of a code file, by name and by registered name.

    The caller has checked that the file is trusted. Keras' own registry is as before
    afterwards: what the code registers belongs to its project alone.

    Args:
        file: What to run.

    Raises:
        UserError: The code fails; names the line.
    """
    with _LOCK:
        return _objects(file)


@lru_cache(maxsize=32)
def _objects(file: CodeFile) -> Mapping[str, object]:
    digest = file.digest
    filename = code_filename(file.name, digest)
    module = types.ModuleType(f"dlstudio_code_{digest[:16]}")
    # No modification time: nothing that wants the source reads another one from disk.
    lines = file.text.splitlines(keepends=True)
    linecache.cache[filename] = (len(file.data), None, lines, filename)
    sys.modules[module.__name__] = module  # dataclasses look there; the name is unique
    try:
        # What it prints would be in the midst of the results of a command.
        with _registrations() as registered, redirect_stdout(sys.stderr):
            exec(compile(file.data, filename, "exec", dont_inherit=True), vars(module))
    except BaseException as error:
        del sys.modules[module.__name__]
        if not isinstance(error, (Exception, SystemExit)):
            raise
        raise UserError(
            _("The code in {name} cannot be run: {reason}").format(
                name=file.name, reason=plain(error)
            ),
            _("Correct the file, and trust it again."),
        ) from error
    found = {
        name: each
        for name, each in vars(module).items()
        if isinstance(each, (type, types.FunctionType))
        and each.__module__ == module.__name__
    }
    stem = PurePath(file.name).stem
    for each in found.values():  # as files say it, and as other programs import it
        each.__module__ = f"custom_{stem}" if stem in _TAKEN else stem
    return types.MappingProxyType({**found, **registered})


@contextmanager
def _registrations() -> Iterator[dict[str, object]]:
    """What is registered with Keras inside; taken out of its registry afterwards.

    Only the names by class stay there: with them, Keras writes a class into files as
    it was registered. They lead from a class to its name and never to a class.
    """
    objects = keras.saving.get_custom_objects()
    before = dict(objects)
    found: dict[str, object] = {}
    try:
        yield found
    finally:
        for name in [n for n, each in objects.items() if before.get(n) is not each]:
            found[name] = objects.pop(name)
            if name in before:
                objects[name] = before[name]
