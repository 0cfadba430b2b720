"""Downloads of weights: resumed where they ended, and checked."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dlstudio.catalog.backbones import PublishedWeights
from dlstudio.engine.model.published_weights import keras_folder
from dlstudio.engine.model.weights_download import PIECE, download
from dlstudio.errors import UserError

CONTENT = bytes(range(256)) * (3 * PIECE // 256)


class Stopped(Exception):
    """Someone has stopped the download."""


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def weights(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PublishedWeights]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers.get("Range", ""))
            begin = int(asked[-1][len("bytes=") : -1] or 0) if asked[-1] else 0
            self.send_response(206 if begin else 200)
            self.send_header("Content-Length", str(len(CONTENT) - begin))
            self.end_headers()
            try:
                self.wfile.write(CONTENT[begin:])
            except ConnectionError:
                return  # stopped

        def log_message(self, *_args: object) -> None:
            return

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/w.h5"
        digest = hashlib.sha256(CONTENT).hexdigest()
        yield PublishedWeights(0, {}, 10**6, "w.h5", address, digest)
        server.shutdown()
        thread.join()


def test_a_stopped_download_goes_on(
    weights: PublishedWeights, asked: list[str]
) -> None:
    def stop(done: int, total: int) -> None:
        assert total == len(CONTENT)
        if done >= PIECE:
            raise Stopped

    with pytest.raises(Stopped):
        download(weights, stop)
    assert not (keras_folder() / "w.h5").exists()
    path = download(weights, lambda done, total: None)
    assert path == keras_folder() / "w.h5" and path.read_bytes() == CONTENT
    assert asked == ["", f"bytes={PIECE}-"]
    assert download(weights, lambda done, total: None) == path and len(asked) == 2
    assert [each.name for each in keras_folder().iterdir()] == ["w.h5"]


def test_another_file_is_not_kept(weights: PublishedWeights) -> None:
    with pytest.raises(UserError, match="is damaged"):
        download(replace(weights, hash="0" * 64), lambda done, total: None)
    assert not list(keras_folder().iterdir())


def test_without_a_connection_it_says_where_to_put_the_file(
    weights: PublishedWeights,
) -> None:
    nowhere = replace(weights, address="http://127.0.0.1:9/w.h5")
    with pytest.raises(UserError, match="cannot be downloaded") as raised:
        download(nowhere, lambda done, total: None)
    assert str(keras_folder() / "w.h5") in raised.value.hint
    assert "Errno" not in raised.value.message and raised.value.message[-1] != ":"


@pytest.mark.parametrize("proxy", ["http:/me:secret", "http://a:b:c"])
def test_a_proxy_that_is_no_address_is_named_by_its_variable(
    proxy: str, weights: PublishedWeights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", proxy)
    outside = replace(weights, address="https://weights.invalid/w.h5")
    with pytest.raises(UserError, match="cannot be downloaded") as raised:
        download(outside, lambda done, total: None)
    assert "https_proxy" in raised.value.hint and "secret" not in str(raised.value)
