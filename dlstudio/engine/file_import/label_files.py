"""Files that name the classes of a model, as they lie beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from dlstudio.data.tables.text_encoding import decode
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.json_file import parse_json, read_regular
from dlstudio.json_values import JsonValue
from dlstudio.paths import user_errors

LARGEST = 16 * 2**20
STEMS = (
    *("labels", "label", "classes", "class_names", "classnames", "class_indices"),
    *("class_index", "names"),
)
SUFFIXES = (".txt", ".json", ".names", ".labels")
NUMBERED = re.compile(r"(\d+)[\s:,]+(\S.*)")


def read_labels(path: Path) -> tuple[str, ...]:
    """The classes that a file names, in the order of the model's scores.

    A text has one on each line, perhaps with its number before it; JSON has a list of
    names, or an object of names with their numbers, either way round.

    Raises:
        UserError: The file cannot be read, or names no classes, or some twice.
    """
    with user_errors(path, writing=False):
        data = read_regular(path, LARGEST)
    if path.suffix.lower() == ".json":
        names = _from_json(parse_json(data), path)
    else:
        names = _without_numbers(
            [line.strip() for line in decode(data).text.splitlines() if line.strip()]
        )
    if not names or len(set(names)) < len(names):
        raise UserError(
            _("{path} is not a list of classes, each named once.").format(
                path=path.name
            ),
            _("Write one class on each line, in the order of the model's scores."),
        )
    return tuple(names)


def labels_beside(model: Path, count: int) -> tuple[Path, tuple[str, ...]] | None:
    """The file beside a model that names as many classes as it has.

    Args:
        model: File or folder of the model.
        count: Number of its classes.

    Returns:
        The first file that fits, with its classes.
    """
    for path in _candidates(model):
        try:
            names = read_labels(path)
        except UserError:
            continue
        if len(names) == count:
            return path, names
    return None


def check_count(names: tuple[str, ...], count: int, path: Path) -> None:
    """Check that a file names as many classes as a model has.

    Args:
        names: Of the file.
        count: Of the model.
        path: Of the file.

    Raises:
        UserError: It names more or fewer.
    """
    if len(names) != count:
        raise UserError(
            ngettext(
                "{path} names {found} class, but the model has {count}.",
                "{path} names {found} classes, but the model has {count}.",
                len(names),
            ).format(path=path.name, found=len(names), count=count),
            _("Give a file with one class for each score of the model."),
        )


def _candidates(model: Path) -> Iterator[Path]:
    stem = model.stem
    names = [
        f"{model.name}.labels.txt",  # as the studio writes them beside an export
        *(f"{stem}{end}" for end in (".labels", ".labels.txt", "_labels.txt")),
        *(f"{stem}{end}" for end in (".names", ".labels.json", "_labels.json")),
        *(f"{each}{suffix}" for each in STEMS for suffix in SUFFIXES),
    ]
    folders = (model.parent, model, model / "assets") if model.is_dir() else ()
    for folder in folders or (model.parent,):
        yield from (folder / name for name in names if (folder / name).is_file())


def _without_numbers(lines: list[str]) -> list[str]:
    """The lines in the order of their numbers, without these, if all have one."""
    found = [NUMBERED.fullmatch(line) for line in lines]
    named = {int(each[1]): each[2].strip() for each in found if each}
    ordered = sorted(named)
    if len(found) == len(named) and ordered in (
        list(range(len(lines))),
        list(range(1, len(lines) + 1)),
    ):
        return [named[number] for number in ordered]
    return lines


def _from_json(item: JsonValue, path: Path) -> list[str]:
    if isinstance(item, dict):
        item = next(
            (item[key] for key in ("labels", "classes", "class_names") if key in item),
            item,
        )
    if isinstance(item, list):
        return [_name(each) for each in item]
    if isinstance(item, dict):
        return _by_number(item)
    raise UserError(
        _("{path} is not a list of classes, each named once.").format(path=path.name),
        _("Write one class on each line, in the order of the model's scores."),
    )


def _by_number(item: Mapping[str, JsonValue]) -> list[str]:
    """An object of numbers by name, or of names by number."""
    numbers = [value for value in item.values() if isinstance(value, int)]
    if len(numbers) == len(item):
        pairs = dict(zip(numbers, item, strict=True))
    elif all(key.isdecimal() for key in item):
        pairs = {int(key): _name(value) for key, value in item.items()}
    else:
        return []
    ordered = sorted(pairs)
    if len(pairs) < len(item) or ordered not in (
        list(range(len(pairs))),
        list(range(1, len(pairs) + 1)),
    ):
        return []
    return [pairs[number] for number in ordered]


def _name(value: JsonValue) -> str:
    """A name; of several, such as an id and a word, the last."""
    if isinstance(value, list) and value:
        value = value[-1]
    if isinstance(value, dict):
        value = value.get("name", value.get("label", ""))
    return str(value).strip()
