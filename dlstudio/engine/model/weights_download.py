"""Downloads published weights, after someone has said yes; resumes and checks them."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from typing import BinaryIO

from dlstudio.catalog.backbones import PublishedWeights
from dlstudio.engine.model.preset_download import download_preset
from dlstudio.engine.model.published_weights import check_at_hand, place_of
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors

PIECE = 2**18
SECONDS = 30
PARTIAL = ".part"
PROXIES = ("https_proxy", "HTTPS_PROXY")
RESUMED, COMPLETE = 206, 416
"""The status of an answer that goes on where a file ends, and if there is no more."""

Progress = Callable[[int, int], None]
"""Called with the bytes that are there, and those of the whole file or 0."""


def download(weights: PublishedWeights, progress: Progress) -> Path:
    """The file of published weights in Keras' cache; downloaded if it is not there.

    An interrupted download goes on where it ended. The proxy of the environment is
    used.

    Args:
        weights: Which.
        progress: Called while it is downloaded; may raise to stop.

    Raises:
        UserError: There is no connection, the disk is full, or the file is damaged.
    """
    if weights.handle:
        return download_preset(weights, progress)
    path = place_of(weights)
    if path.exists():
        return check_at_hand(weights)
    partial = path.with_name(path.name + PARTIAL)
    with user_errors(partial, writing=True):
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _fetch(weights.address, partial, progress)
    except (OSError, HTTPException, ValueError) as error:
        raise UserError(
            _("{address} cannot be downloaded: {reason}").format(
                address=weights.address, reason=_reason(error)
            ),
            _hint(path),
        ) from error
    with user_errors(path, writing=True):
        os.replace(partial, path)
    try:
        return check_at_hand(weights)
    except UserError:
        path.unlink(missing_ok=True)  # so that the next download begins anew
        raise


def _hint(path: Path) -> str:
    """What to check; a proxy, which may have a password, is not named itself."""
    name = next((n for n in PROXIES if os.environ.get(n)), "")
    if not name:
        text = _("Check the connection, or save the file as {path} by hand.")
        return text.format(path=path)
    text = _(
        "Check the connection and the proxy in the environment variable {name}, or "
        "save the file as {path} by hand."
    )
    return text.format(name=name, path=path)


def _reason(error: Exception) -> object:
    """What the system or the server says, without the numbers of Python's errors."""
    if isinstance(error, ValueError):  # quotes the proxy, which may have a password
        return _("the proxy is not an address")
    inner = getattr(error, "reason", error)
    return getattr(inner, "strerror", None) or inner


def _fetch(address: str, partial: Path, progress: Progress) -> None:
    """Download into a file, from where it ends."""
    begun = partial.stat().st_size if partial.exists() else 0
    request = urllib.request.Request(address)
    if begun:
        request.add_header("Range", f"bytes={begun}-")
    try:
        answer = urllib.request.urlopen(request, timeout=SECONDS)
    except urllib.error.HTTPError as error:
        if begun and error.code == COMPLETE:
            return
        raise
    with answer:
        if answer.status != RESUMED:
            begun = 0
        length = int(answer.headers.get("Content-Length") or 0)
        with user_errors(partial, writing=True):
            stream = partial.open("ab" if begun else "wb")
        with stream:
            _copy(answer, stream, begun, begun + length if length else 0, progress)


def _copy(
    answer: BinaryIO, stream: BinaryIO, done: int, total: int, progress: Progress
) -> None:
    """Copy what comes to the end of a file.

    Args:
        answer: Of the server.
        stream: The file.
        done: Bytes that are there.
        total: Of the whole file; 0 if unknown.
        progress: Called after each piece.

    Raises:
        ConnectionError: It ended early.
    """
    while piece := answer.read(PIECE):
        with user_errors(stream.name, writing=True):
            stream.write(piece)
        done += len(piece)
        progress(done, total)
    if done < total:
        raise ConnectionError(_("the connection ended early"))
