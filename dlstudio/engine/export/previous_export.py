"""The earlier export that a new one replaces: kept until done, restored on failure.

Folders are exchanged atomically where the system supports it. Files are replaced one by
one, so the replaced files are kept first, all or none: the next command undoes a killed
export.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path

from dlstudio.errors import UserError
from dlstudio.json_file import open_regular, read_json
from dlstudio.safe_files import is_link

CERTIFICATE = "certificate.json"
KEPT = "kept"
OLD = "old"


def set_aside(new: Path, parent: Path, names: Sequence[str]) -> None:
    """Keep the files `names` of `parent` in the folder "old" beside `new`.

    Args:
        new: The folder of the new export; "old" is created beside it.
        parent: The destination folder.
        names: The files of the earlier export; missing ones are skipped.

    Raises:
        OSError: A file cannot be kept; nothing has changed.
    """
    kept = new.with_name(KEPT)
    kept.mkdir()
    for name in names:
        file = parent / name
        if file.is_file() and not is_link(file):
            try:
                os.link(file, kept / name)
            except OSError:  # a file system without hard links
                shutil.copy2(file, kept / name)
    os.rename(kept, new.with_name(OLD))  # complete or absent


def put_back(old: Path, parent: Path, placed: Collection[str] = ()) -> None:
    """Move the files in `old` back to `parent`, unless the user has put others there.

    The certificate comes last: until then it identifies the new export's files.

    Args:
        placed: Names of files known to belong to the new export.
    """
    # A symbolic link is not ours: its target is left alone.
    found = list(old.iterdir()) if old.is_dir() and not is_link(old) else []
    found.sort(key=lambda each: each.name.endswith(CERTIFICATE))
    names = [each.name for each in found if each.name.endswith(CERTIFICATE)]
    ours = (certified(parent / names[0]) or {}) if names else {}
    for each in found:
        target = parent / each.name
        free = not os.path.lexists(target)
        new = each.name in placed or (each.name in names and bool(ours))
        new = new or same(target, ours.get(each.name, ""))
        if free or (new and each.is_file()):
            with suppress(OSError):
                os.replace(each, target)


def certified(certificate: Path) -> dict[str, str] | None:
    """The digests in a certificate, or None if it is not one of ours."""
    try:
        data = read_json(certificate)
    except UserError:
        return None
    if not isinstance(data, dict) or data.get("kind") != "dlstudio certificate":
        return None
    files = data.get("files")
    if not isinstance(files, dict) or not files:
        return None
    plain = {name: digest for name, digest in files.items() if isinstance(digest, str)}
    return plain if len(plain) == len(files) else None


def same(path: Path, expected: str) -> bool:
    """Whether a file has this SHA-256; False if it cannot be read."""
    try:
        return digest(path) == expected
    except (OSError, UserError):
        return False


def digest(path: Path) -> str:
    """SHA-256 of a plain file."""
    import hashlib  # loads OpenSSL, and every command imports this module

    found = hashlib.sha256()
    with open_regular(path) as stream:
        while chunk := stream.read(1 << 20):
            found.update(chunk)
    return found.hexdigest()
