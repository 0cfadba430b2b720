"""Functions that files of models hold as bytecode: those of Lambda layers."""

from __future__ import annotations

import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dlstudio.document.custom_code import CodeItem
from dlstudio.json_values import JsonObject, JsonValue

FIELDS = ("function", "output_shape", "mask")
"""Arguments of a Lambda that may be functions."""
BYTECODE, NAMED = "__lambda__", "function"
_SHORT = frozenset(b"zZ\xfa\xda")
"""Types of short ASCII texts in marshalled data."""
_PRINTABLE = frozenset(range(0x20, 0x7F))


@dataclass(frozen=True, slots=True)
class LambdaCode:
    """The functions of a Lambda layer, as data.

    Attributes:
        name: Of the layer.
        fields: The arguments that may be functions, as Keras 3 writes them.
    """

    name: str
    fields: JsonObject

    @classmethod
    def of(cls, item: object) -> LambdaCode | None:
        """That of a serialized Lambda layer; None if it is something else."""
        if not isinstance(item, Mapping) or item.get("class_name") != "Lambda":
            return None
        config = item.get("config")
        module = item.get("module")
        known = module is None or str(module).split(".")[0] == "keras"
        if not known or not isinstance(config, Mapping) or "function" not in config:
            return None
        fields = {
            name: _modern(config[name])
            for name in FIELDS
            if config.get(name) is not None
        }
        return cls(str(config.get("name") or item.get("name") or ""), fields)

    @property
    def digest(self) -> str:
        """SHA-256 of the functions with their defaults and closures."""
        text = json.dumps(self.fields, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def bytecode(self) -> tuple[bytes, ...]:
        """The bytecode of each function; nothing of it is unmarshalled."""
        return tuple(
            _decoded(inner.get("code"))
            for each in self.fields.values()
            if is_bytecode(each)
            for inner in (_inner(each),)
        )

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing but functions and shapes: no other objects."""
        return all(_is_plain(each) for each in self.fields.values())

    @property
    def named(self) -> tuple[JsonObject, ...]:
        """Serialized functions that are given by name alone."""
        return tuple(
            dict(each)
            for each in self.fields.values()
            if isinstance(each, Mapping) and each.get("class_name") == NAMED
        )

    def item(self, trusted: frozenset[str]) -> CodeItem:
        """What there is to know of it.

        Args:
            trusted: Digests of the trusted code.
        """
        found = self.bytecode
        digest = self.digest
        return CodeItem(
            "lambda",
            self.name,
            digest,
            sum(map(len, found)),
            "\n".join(dict.fromkeys(text for each in found for text in _texts(each))),
            digest in trusted,
        )


def lambdas_in(item: object) -> Iterator[LambdaCode]:
    """The Lambda layers with bytecode in a serialized object, at any depth.

    Args:
        item: A configuration, as JSON.
    """
    waiting = [item]
    while waiting:
        each = waiting.pop()
        found = LambdaCode.of(each)
        if found is not None and found.bytecode:
            yield found
        if isinstance(each, Mapping):
            waiting += reversed(list(each.values()))
        elif isinstance(each, list):
            waiting += reversed(each)


def is_bytecode(value: object) -> bool:
    """Whether a value is a serialized function with its bytecode."""
    return isinstance(value, Mapping) and value.get("class_name") == BYTECODE


def _is_plain(value: JsonValue) -> bool:
    if isinstance(value, Mapping):
        return value.get("class_name") in (BYTECODE, NAMED)
    if isinstance(value, list):
        return not any(isinstance(each, (Mapping, list)) for each in value)
    return True


def _inner(value: JsonValue) -> Mapping[str, JsonValue]:
    config = value.get("config") if isinstance(value, Mapping) else None
    return config if isinstance(config, Mapping) else {}


def _modern(value: JsonValue) -> JsonValue:
    """A function as Keras 3 writes it; Keras 2 wrote [code, defaults, closure]."""
    if isinstance(value, list) and len(value) == 3 and isinstance(value[0], str):
        code, defaults, closure = value
        inner: JsonObject = {"code": code, "defaults": defaults, "closure": closure}
        return {"class_name": BYTECODE, "config": inner}
    return value


def _decoded(code: JsonValue) -> bytes:
    text = code if isinstance(code, str) else ""
    try:
        return binascii.a2b_base64(text.encode("ascii"))
    except (UnicodeEncodeError, binascii.Error):
        return text.encode("raw_unicode_escape", "replace")


def _texts(code: bytes) -> Iterator[str]:
    """The names and short texts in marshalled bytecode, which is not unmarshalled.

    Such as those of modules and functions that it calls: marshal writes each with a
    byte for its type and one for its length.
    """
    for place in range(len(code) - 2):
        if code[place] not in _SHORT:
            continue
        length = code[place + 1]
        text = code[place + 2 : place + 2 + length]
        known = len(text) == length > 0 and not text.startswith(b"<")
        if known and all(each in _PRINTABLE for each in text):
            yield text.decode("ascii")
