"""Reading JSON from untrusted files, within limits."""

from __future__ import annotations

import json
import math
import os
import stat
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from dlstudio import paths
from dlstudio.errors import UserError
from dlstudio.i18n import _

DEEPEST = 64
LARGEST = 64 * 2**20
"""Default limit for the size of a file, in bytes."""
LONGEST_INTEGER = 20


def read_json(path: Path, largest: int = LARGEST, deepest: int = DEEPEST) -> Any:
    """Read a JSON file; see `read_regular` and `parse_json`.

    Args:
        path: A regular file.
        largest: Largest size in bytes.
        deepest: Deepest nesting of lists and objects.

    Raises:
        UserError: The file is missing, not regular, too large or damaged.
    """
    with paths.user_errors(path, writing=False):
        data = read_regular(path, largest)
    return parse_json(data, deepest)


def read_regular(path: Path, largest: int) -> bytes:
    """Read the bytes of a regular file.

    Raises:
        UserError: It is not a regular file, or has more than `largest` bytes.
        OSError: The file is missing or cannot be read.
    """
    with open_regular(path) as stream:
        if os.fstat(stream.fileno()).st_size > largest:
            raise _too_large(path)
        data = stream.read(largest + 1)
    if len(data) > largest:
        raise _too_large(path)
    return data


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading; refuses pipes and devices, which may never end.

    Raises:
        UserError: It is not a regular file.
        OSError: The file is missing or cannot be read.
    """
    # Checked without opening: a device may react to that.
    _check_regular(os.stat(path), path)
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    stream = os.fdopen(os.open(path, flags), "rb")
    try:
        _check_regular(os.fstat(stream.fileno()), path)
    except BaseException:
        stream.close()
        raise
    return stream


def parse_json(data: bytes, deepest: int = DEEPEST) -> Any:
    """Parse JSON strictly: UTF-8, finite numbers, limited nesting.

    Raises:
        UserError: The data is not valid JSON within the limits.
    """
    try:
        text = data.decode("utf-8-sig")
        value = json.loads(
            text, parse_constant=_no_constant, parse_int=_integer, parse_float=_float
        )
        _check_depth(value, deepest)
    except RecursionError as error:
        raise UserError(_("The file is nested too deeply.")) from error
    except UnicodeDecodeError as error:
        raise UserError(_("The file is not UTF-8 text.")) from error
    except ValueError as error:
        raise UserError(
            _("The file is damaged: {reason}.").format(reason=error)
        ) from error
    return value


def _check_regular(found: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise UserError(
            _("{path} is not a regular file.").format(path=path),
            _("Move it away and try again."),
        )


def _too_large(path: Path) -> UserError:
    return UserError(_("{path} is too large.").format(path=path))


def _check_depth(value: object, deepest: int) -> None:
    """Refuse nesting that would overflow the stack of later readers."""
    level = [value]
    for _level in range(deepest):
        level = [
            child
            for item in level
            if isinstance(item, (dict, list))
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return
    raise RecursionError


def _no_constant(name: str) -> NoReturn:
    raise ValueError(_("{name} is not a number").format(name=name))


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_INTEGER:
        raise ValueError(_("a number has too many digits"))
    return int(digits)


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(_("a number is too large"))
    return value
