"""The data files describe the installed Keras."""

from __future__ import annotations

import inspect
import json
from typing import Any

import keras
import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.engine.introspection import describe, keras_api
from dlstudio.engine.introspection.docstrings import (
    params_of,
    plain,
    summary_of,
    unindented,
    without_params,
)
from dlstudio.engine.introspection.params import ParamRules, ParamSource
from dlstudio.errors import UserError
from dlstudio.paths import resource

DOC = """Does a thing. It does it well.

More about it.

Args:
    size: int or tuple/list of 2 integers, specifying the size
        of the window. Defaults to `3`.
    mode: One of `"a"`, `"b"`.
    **kwargs: Base layer keyword arguments.

Example:

>>> thing()
"""

PASTED = """
```python
given = {
    "images": images,
}

thing(given)
```
"""
MIXES = """Mixes.

    It mixes well.

    Args:
        factor: How
            much.

    Example:

    {{example}}

    More of it.
    """


def _file(name: str) -> Any:
    return json.loads(resource("catalog", name).read_text("utf-8"))


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    recorded = _file("keras_layers.json")["keras"]
    if keras.__version__ != recorded:
        pytest.skip(
            f"described from Keras {recorded}, installed is {keras.__version__}"
        )
    return describe.describe_all()


def test_keras_has_not_drifted(generated: dict[str, str]) -> None:
    folder = resource("catalog")
    assert {path.name for path in folder.glob("keras_*.json")} == set(generated)
    for name, text in generated.items():
        committed = (folder / name).read_text("utf-8")
        assert committed == text, (
            f"{name}: run “python -m dlstudio.engine.introspection.describe”"
        )


@pytest.mark.parametrize("family", keras_api.FAMILIES, ids=lambda each: each.section)
def test_everything_is_described_or_excluded_with_a_reason(
    generated: dict[str, str], family: keras_api.Family
) -> None:
    text = generated[f"keras_{family.section}.json"]
    described = {item["kind"] for item in json.loads(text)["descriptions"]}
    excluded = _file("exclusions.json")[family.section]
    there = {f"{family.module}.{name}" for name in keras_api.members(family)}
    assert described | {f"{family.module}.{name}" for name in excluded} == there
    assert not described & {f"{family.module}.{name}" for name in excluded}
    assert all(len(reason) > 10 for reason in excluded.values())


def test_every_distinct_class_of_keras_layers_is_accounted_for(
    generated: dict[str, str],
) -> None:
    classes = {
        thing
        for name, thing in vars(keras.layers).items()
        if inspect.isclass(thing) and not name.startswith("_")
    }
    described = Catalog.load().family("layers")
    layers = [each for each in described if each.kind.startswith("keras.")]
    assert len(layers) + len(_file("exclusions.json")["layers"]) == len(classes)


def test_equalization_still_cannot_be_connected(generated: dict[str, str]) -> None:
    """If this fails, the reason for its exclusion no longer applies."""
    inputs = keras.Input((8, 8, 3))
    assert keras.layers.Equalization()(inputs) is inputs


def test_a_changed_file_is_noticed_and_written_again(
    generated: dict[str, str],
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in (*generated, "overlay.json", "overlay_ops.json", "exclusions.json"):
        (tmp_path / name).write_bytes(resource("catalog", name).read_bytes())
    monkeypatch.setattr(
        describe, "resource", lambda _, *parts: tmp_path.joinpath(*parts)
    )
    assert describe.main(["--check"]) == 0
    (tmp_path / "keras_losses.json").write_text("{}", "utf-8")
    assert describe.main(["--check"]) == 1
    assert "keras_losses.json" in capsys.readouterr().err
    assert (tmp_path / "keras_losses.json").read_text("utf-8") == "{}"
    assert describe.main([]) == 0
    assert describe.main(["--check"]) == 0


@pytest.mark.parametrize(
    ("kinds", "says"),
    [
        ({"layers": {"Conv9D": {}}}, "Conv9D"),
        ({"layers": {"Dense": {"params": {"unitz": {}}}}}, "unitz"),
        ({"layers": {"Dense": {"params": {"units": {"smallest": 1}}}}}, "smallest"),
        ({}, "not clear"),
    ],
)
def test_a_wrong_overlay_is_refused(
    generated: dict[str, str],
    kinds: dict[str, Any],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    overlay = _file("overlay.json")
    for section, changes in kinds.items():
        for name, fields in changes.items():
            overlay["kinds"][section].setdefault(name, {}).update(fields)
    if not kinds:
        overlay["kinds"] = {}
    others = ("overlay_ops.json", "exclusions.json")
    files = {"overlay.json": overlay, **{name: _file(name) for name in others}}
    monkeypatch.setattr(describe, "_read", files.__getitem__)
    assert describe.main(["--check"]) == 1
    assert says in capsys.readouterr().err


def test_docstrings_are_parsed() -> None:
    assert summary_of(DOC) == "Does a thing."
    params = params_of(DOC)
    assert list(params) == ["size", "mode", "kwargs"]
    assert plain(params["size"]) == "Specifying the size of the window."
    assert plain(params["mode"]) == 'One of `"a"`, `"b"`.'
    assert "Args:" not in without_params(DOC)
    assert without_params(DOC)[-1] == ">>> thing()"
    assert params_of("No section.") == {}
    assert summary_of("") == ""


@pytest.mark.parametrize("cleaned_by_python", [False, True])
def test_pasted_examples_do_not_keep_the_rest_indented(cleaned_by_python: bool) -> None:
    """Python 3.13 dedents before the example is inserted."""
    own = inspect.cleandoc(MIXES) if cleaned_by_python else MIXES
    doc = own.replace("{{example}}", PASTED)
    text = unindented(doc)
    assert text.startswith("Mixes.\n\nIt mixes well.\n\nArgs:\n    factor: How\n")
    assert PASTED in text
    assert text.endswith("\nMore of it.")
    assert unindented(text) == text
    assert params_of(doc) == {"factor": "How much."}
    lines = without_params(doc)
    assert lines[:5] == ("Mixes.", "", "It mixes well.", "", "Example:")
    assert '    "images": images,' in lines


def test_indented_code_is_moved_with_the_rest() -> None:
    own = "Does.\n\n    ```python\n    if a:\n        b()\n    ```\n\n    More.\n"
    assert unindented(own) == inspect.cleandoc(own)
    assert unindented(inspect.cleandoc(own)) == inspect.cleandoc(own)
    assert unindented("") == ""


@pytest.mark.parametrize(
    ("default", "doc", "type_"),
    [
        (True, "", "bool"),
        (3, "", "int"),
        (0.5, "", "float"),
        ("a", "", "text"),
        (None, "Integer. How many.", "int"),
        (None, "Optional integer.", "int"),
        (None, "Float >= 0.", "float"),
        (inspect.Parameter.empty, "Boolean, whether.", "bool"),
        (None, "String.", "text"),
    ],
)
def test_types_are_inferred(default: Any, doc: str, type_: str) -> None:
    rules = ParamRules({}, "layers")
    found = rules.describe(ParamSource("Thing", "p", default, doc), {})
    assert found is not None
    assert found["type"] == type_
    assert found.get("required", False) is (default is inspect.Parameter.empty)
    assert found.get("optional", False) is (default is None)


def test_rules_by_name_win_over_inference_and_own_over_rules() -> None:
    rules = ParamRules(
        {
            "*": {"s*": {"type": "size", "minimum": 1}},
            "layers": {"seed": {"omit": "x"}},
        },
        "layers",
    )
    wanted = ParamSource("Conv2D", "strides", (1, 1), "")
    found = rules.describe(wanted, {"minimum": 2})
    assert found == {
        "name": "strides",
        "type": "size",
        "default": (1, 1),
        "minimum": 2,
        "rank": 2,
    }
    assert rules.describe(ParamSource("Conv2D", "seed", None, ""), {}) is None
    with pytest.raises(UserError, match="not clear"):
        rules.describe(ParamSource("Conv2D", "odd", None, ""), {})
