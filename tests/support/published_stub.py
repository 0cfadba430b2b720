"""A small network in place of the default one, whose weights a local server has."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from dlstudio.catalog import backbones
from dlstudio.paths import resource

SIZE = 32
FILE = "stub.weights.h5"


@dataclass
class PublishedStub:
    """What was asked of the server, and whether it answers.

    Attributes:
        requests: The header Range of each request, "" without.
        offline: Whether it refuses to answer.
        stops_after: Bytes after which the connection of the next answer ends; None to
            send all.
    """

    requests: list[str] = field(default_factory=list)
    offline: bool = False
    stops_after: int | None = None


def random_weights() -> bytes:
    """A file of random weights, normalized for colored noise, of the default network.

    Without its statistics, features of a network with random weights are next to zero.
    """
    import tempfile

    import keras

    keras.utils.set_random_seed(0)
    network = getattr(keras.applications, backbones.DEFAULT)(
        include_top=False, weights=None, input_shape=(SIZE, SIZE, 3)
    )
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.0
    random = np.random.default_rng(0)
    colors = random.uniform(0, 255, (24, 1, 1, 3))
    noise = random.normal(0, 40, (24, SIZE, SIZE, 3))
    network(np.clip(colors + noise, 0, 255).astype(np.float32), training=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        network.save_weights(path)
        return path.read_bytes()


@contextmanager
def published_stub(
    content: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PublishedStub]:
    """A world in which the default network is small and `content` its weights.

    Args:
        content: Of the file.
        folder: For Keras' cache and the description of the networks.
        monkeypatch: Undoes it.
    """
    stub = PublishedStub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range", "")
            stub.requests.append(asked)
            if stub.offline:
                self.send_error(503)
                return
            begin = int(asked[len("bytes=") : -1]) if asked else 0
            end, stub.stops_after = stub.stops_after, None
            self.send_response(206 if begin else 200)
            self.send_header("Content-Length", str(len(content) - begin))
            self.end_headers()
            self.wfile.write(content[begin:end])

        def log_message(self, *_args: object) -> None:
            return

    monkeypatch.setenv("KERAS_HOME", str(folder / "keras"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/{FILE}"
        described = _describe(folder, address, content)
        monkeypatch.setattr(backbones, "resource", lambda *_names: described)
        backbones.networks.cache_clear()
        try:
            yield stub
        finally:
            backbones.networks.cache_clear()
            server.shutdown()
            thread.join()


def _describe(folder: Path, address: str, content: bytes) -> Path:
    whole = json.loads(resource("catalog", "backbones.json").read_text("utf-8"))
    network = whole["networks"][backbones.DEFAULT]
    weights = {
        "size": 0,
        "arguments": network["arguments"],
        "parameters": len(content) // backbones.BYTES_OF_PARAMETER,
        "file": FILE,
        "address": address,
        "hash": hashlib.sha256(content).hexdigest(),
    }
    network |= {"size": SIZE, "weights": [weights]}
    path = folder / "backbones.json"
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path
