"""Models with code: kept and not run, until exactly this code is trusted."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from custom_code_files import save_layers, save_net, trusted_nowhere, write_code

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import OPAQUE, Node
from dlstudio.document.import_report import ImportReport
from dlstudio.document.project import MODEL, Project
from dlstudio.document.storage import load_project, project_file
from dlstudio.document.values import FrozenMap, Json
from dlstudio.engine.codegen.script import script
from dlstudio.engine.custom_code.code_files import chosen_code
from dlstudio.engine.custom_code.code_scope import code_scope, project_code
from dlstudio.engine.file_import.examined_model import preview_file
from dlstudio.engine.file_import.import_file import import_file
from dlstudio.engine.file_import.import_request import ImportRequest
from dlstudio.engine.file_import.model_code import (
    code_of_model,
    code_of_project,
    trust_items,
)
from dlstudio.engine.model.build import build
from dlstudio.engine.model.opaque import open_opaque
from dlstudio.engine.prediction.model_file import load_run_model
from dlstudio.engine.preprocessing.front_config import unnumbered_config
from dlstudio.engine.preprocessing.frozen_networks import frozen_networks
from dlstudio.engine.project.analysis import Analyser
from dlstudio.engine.runs.store import RunStore
from dlstudio.engine.script_reader.project_merge import project_from_script
from dlstudio.errors import UserError
from dlstudio.trusted_code import TrustStore

CATALOG = Catalog.load()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code, a model of its layers, and one that is a class of it."""
    folder = tmp_path_factory.mktemp("files")
    code = write_code(folder / "layers.py")
    save_layers(folder / "layers.keras", code)
    save_net(folder / "net.keras", code)
    return folder


@pytest.fixture(scope="module")
def imported(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project of the model, imported with trust that nobody has any longer."""
    folder = tmp_path_factory.mktemp("imported")
    with trusted_nowhere(folder / "config"):
        code = (files / "layers.py",)
        trust_items(code_of_model(files / "layers.keras", code))
        report = take(files / "layers.keras", folder / "project", *code)
        assert report.difference == 0 and report.predicts and not report.missing
        assert [(each.name, each.trusted) for each in report.code] == [
            ("layers.py", True),
            ("shift", True),
        ]
    yield folder / "project"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TrustStore]:
    with trusted_nowhere(tmp_path / "config") as found:
        yield found


def take(path: Path, folder: Path, *code: Path) -> ImportReport:
    return import_file(ImportRequest(path, folder, code=code), CATALOG)


def original(path: Path, code: Path, rows: Any) -> Any:
    """What Keras itself computes, in a program that has the classes."""
    from custom_code_files import defined

    with defined(code) as names:
        model = keras.saving.load_model(path, names, compile=False, safe_mode=False)
        return np.asarray(model(rows))


ROWS = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")


def trap(folder: Path, mark: Path) -> tuple[Path, Path]:
    """A model and its code, which both leave a mark when they are run."""
    more = f"open({str(mark)!r}, 'w').close()"
    code = write_code(folder / "layers.py")
    path = folder / "trap.keras"
    keras.utils.set_random_seed(3)
    x = keras.Input((4,), name="row")

    def marked(t: Any) -> Any:
        return t

    y = keras.layers.Lambda(
        eval(f"lambda t: (open({str(mark)!r}, 'w').close(), t)[1]"), name="shift"
    )(x)
    keras.Model(x, keras.layers.Dense(1, name="out")(y)).save(path)
    mark.unlink()
    return path, write_code(code, more)


def test_nothing_runs_without_trust(store: TrustStore, tmp_path: Path) -> None:
    mark, folder = tmp_path / "mark", tmp_path / "project"
    path, code = trap(tmp_path, mark)
    preview = preview_file(path, CATALOG, (code,))
    assert "custom code (Lambda)" in preview.problem
    report = take(path, folder, code)
    assert [each.trusted for each in report.code] == [False, False]
    assert [each.name for each in report.blocks] == ["shift"]
    project = load_project(folder)
    assert project.code == ("code/layers.py",)
    found = Analyser(CATALOG).analyse(project, 1, folder)
    (problem,) = [each for each in found.problems if each.node == "shift"]
    assert "dlstudio trust" in problem.message
    text = script(project, CATALOG).text
    assert project_from_script(text, project, CATALOG) == project
    with pytest.raises(UserError, match="custom code"):
        build(project, CATALOG, folder=folder)
    assert [each.name for each in code_of_project(project, folder)] == [
        "layers.py",
        "shift",
    ]
    assert not mark.exists()
    trust_items(code_of_project(project, folder))
    build(project, CATALOG, folder=folder)
    assert mark.exists()


def test_a_project_cannot_claim_to_be_trusted(
    store: TrustStore, imported: Path, tmp_path: Path
) -> None:
    item = json.loads(project_file(imported).read_text())
    for claim in ({"trusted": True}, {"trust": ["code/layers.py"]}):
        with pytest.raises(UserError):
            from dlstudio.document.storage import project_from_json

            project_from_json({**item, **claim})
    project = load_project(imported)
    with project_code(project, imported) as code:
        assert not code.objects and len(code.untrusted) == 1
    run = RunStore(imported).find("")
    with pytest.raises(UserError, match="was not run"):
        load_run_model(run)
    escaping = replace(project, code=("../layers.py",))
    with pytest.raises(UserError, match="not a code file"):
        build(escaping, CATALOG, folder=imported)


def test_trust_is_for_exactly_this_code(
    store: TrustStore, files: Path, tmp_path: Path
) -> None:
    code = files / "layers.py"
    trust_items(code_of_model(files / "layers.keras", (code,)))
    changed = tmp_path / "layers.py"
    changed.write_text(code.read_text() + "\n")
    other, _code = trap(tmp_path / "..", tmp_path / "mark")
    items = code_of_model(other, (changed,))
    assert [each.trusted for each in items] == [False, False]
    with code_scope(()) as scope:
        assert not scope.objects
    report = take(files / "layers.keras", tmp_path / "project", changed)
    assert report.difference is None and not report.run
    assert [each.trusted for each in report.code] == [False, True]


def test_a_trusted_model_is_what_it_was(
    store: TrustStore, files: Path, imported: Path
) -> None:
    trust_items(code_of_project(load_project(imported), imported))
    before = dict(keras.saving.get_custom_objects())
    model = load_run_model(RunStore(imported).find(""))
    given = [ROWS[:, place : place + 1] for place in range(4)]
    expected = original(files / "layers.keras", files / "layers.py", ROWS)
    np.testing.assert_allclose(model(given), expected, rtol=1e-5, atol=1e-6)
    assert keras.saving.get_custom_objects() == before
    assert type(model.get_layer("shift")) is keras.layers.Lambda
    built = build(load_project(imported), CATALOG, folder=imported)
    assert built.count_params() == model.count_params()
    # Written again, it is byte for byte the same code.
    kept = model.get_layer("shift").get_config()["function"]
    node = load_project(imported).model.nodes["shift"]
    assert isinstance(node.params["config"], Json)
    whole: Any = node.params["config"].value
    assert kept == whole["function"]


def test_the_script_imports_the_code(
    imported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = load_project(imported)
    text = script(project, CATALOG).text
    assert "import layers as custom_layers" in text
    assert "custom_objects=vars(custom_layers)" in text and "bytecode" in text
    assert "        safe_mode=False" not in text
    assert project_from_script(text, project, CATALOG) == project
    monkeypatch.chdir(imported)
    monkeypatch.setattr(sys, "path", list(sys.path))
    registered = keras.saving.get_custom_objects()
    before, space = dict(registered), {"__name__": "written"}
    trusting = text.replace("safe_mode=True", "safe_mode=False")
    try:
        exec(compile(trusting, "written.py", "exec"), space)
        model: Any = space["build_model"]()  # type: ignore[operator]
    finally:
        sys.modules.pop("layers", None)
        registered.clear()
        registered.update(before)
    assert model.count_params() == 24 + 20 + 10


def test_a_model_that_is_a_class_is_one_block(
    store: TrustStore, files: Path, tmp_path: Path
) -> None:
    code, path = files / "layers.py", files / "net.keras"
    with pytest.raises(UserError, match="is defined by code") as caught:
        take(path, tmp_path / "a")
    assert "--code" in caught.value.hint
    with pytest.raises(UserError, match="not trusted"):
        take(path, tmp_path / "a", code)
    trust_items(code_of_model(path, (code,)))
    report = take(path, tmp_path / "a", code)
    assert report.predicts and report.difference == 0
    assert [each.class_name for each in report.blocks] == ["theirs>Net"]
    run = RunStore(tmp_path / "a").find("")
    given = [ROWS[:, place : place + 1] for place in range(4)]
    expected = original(path, code, ROWS)
    model = load_run_model(run)
    np.testing.assert_allclose(model(given), expected, rtol=1e-5, atol=1e-6)
    # It trains like a layer: nothing in it is computed once, or looked into.
    assert frozen_networks(model, ()) == set()
    assert "theirs>Net" in str(unnumbered_config(model))


def test_errors_in_the_code_name_file_and_line(
    store: TrustStore, files: Path, tmp_path: Path
) -> None:
    code = files / "layers.py"
    trust_items(code_of_model(files / "layers.keras", (code,)))
    config = Json.of({"name": "block", "factor": 13})
    block = Node(
        "block",
        OPAQUE,
        FrozenMap(
            {"class_name": "Squeezer", "registered_name": "theirs>Squeezer",
             "module": "layers", "config": config}
        ),
    )  # fmt: skip
    with code_scope(()), pytest.raises(UserError, match="not available"):
        open_opaque(block.params)
    line = code.read_text().splitlines().index('            raise KeyError("unlucky")')
    place = f"layers.py, line {line + 1}: KeyError"
    project = load_project_with(block, files, tmp_path)
    with pytest.raises(UserError, match=place):
        build(project, CATALOG, folder=tmp_path)
    found = Analyser(CATALOG).analyse(project, 1, tmp_path)
    assert any(place in each.message for each in found.problems)


def load_project_with(block: Node, files: Path, folder: Path) -> Project:
    from drawn import connected, layer

    (folder / "code").mkdir()
    (folder / "code" / "layers.py").write_bytes((files / "layers.py").read_bytes())
    graph = connected([layer("x", "InputLayer", shape=(4,)), block], "x block")
    return replace(Project().with_graph(MODEL, graph), code=("code/layers.py",))


def test_a_lambda_cannot_pretend_to_be_trusted(
    store: TrustStore, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    path, _code = trap(tmp_path, mark)
    (item,) = code_of_model(path, ())
    function = {"class_name": "__lambda__", "config": {"code": "x"}}
    for config in (
        {"functions": json.dumps({"function": function}), "name": "a"},
        {"functions": "{}", "name": "a", "arguments": {}},
        {"functions": json.dumps({"function": {"class_name": "function"}})},
    ):
        params = {
            "class_name": "RestoredLambda",
            "module": "dlstudio",
            "registered_name": "dlstudio>RestoredLambda",
            "config": Json.of(config),
        }
        with pytest.raises(UserError, match="not trusted"):
            open_opaque(FrozenMap(params))
    assert item.size and not mark.exists()


def test_nothing_is_hidden_in_a_lambda_whose_function_is_trusted(
    store: TrustStore, files: Path
) -> None:
    code = files / "layers.py"
    trust_items(code_of_model(files / "layers.keras", (code,)))
    function = {"class_name": "function", "config": "twice", "module": "layers"}
    model = {
        "class_name": "TFSMLayer",
        "module": "keras.layers",
        "config": {"filepath": "anything"},
    }
    plain = {"name": "a", "function": function, "output_shape": [4]}
    with code_scope(chosen_code([code])):
        for more in ({"output_shape": model}, {"mask": model}, {"mask": [[model]]}):
            params = {
                "class_name": "Lambda",
                "module": "keras.layers",
                "config": Json.of({**plain, **more}),
            }
            with pytest.raises(UserError, match="custom code"):
                open_opaque(FrozenMap(params))
        params["config"] = Json.of(plain)
        assert open_opaque(FrozenMap(params))(np.ones((1, 4))).numpy().sum() == 8


def test_bytecode_of_another_python_is_refused(store: TrustStore) -> None:
    for text in ("x", "4wEAAAA", ""):
        function = {"class_name": "__lambda__", "config": {"code": text}}
        config = {"name": "a", "function": function}
        params: FrozenMap[str, Any] = FrozenMap(
            {"class_name": "Lambda", "module": "keras.layers",
             "config": Json.of(config)}
        )  # fmt: skip
        from dlstudio.engine.custom_code.lambda_code import LambdaCode

        found = LambdaCode.of({"class_name": "Lambda", "config": config})
        assert found is not None
        store.trust({found.digest: "a"})
        with code_scope(()), pytest.raises(UserError, match="not bytecode of Python"):
            open_opaque(params)
