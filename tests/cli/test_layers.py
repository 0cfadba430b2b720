"""`layers`: building a custom model from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlstudio.document.graph import Graph
from dlstudio.document.storage import load_project
from tests.cli.conftest import Run


@pytest.fixture
def project(run: Run, tmp_path: Path) -> Path:
    """A project of the digits."""
    folder = tmp_path / "digits"
    assert run("new", folder, "--template", "digits-cnn").status == 0
    return folder


def graph(project: Path) -> Graph:
    """The saved model of the project."""
    return load_project(project).model


def fed_by(project: Path, name: str) -> list[str]:
    """The sources of a layer, by port."""
    return [edge.source for edge in graph(project).into(name)]


def test_the_catalog_is_listed_as_before(run: Run) -> None:
    assert "Conv2D" in run("layers").out
    assert any(each["name"] == "Conv2D" for each in run("layers", "--json").json)


def test_a_model_is_listed_in_order(run: Run, project: Path) -> None:
    found = run("layers", "list", project, "--json").json
    assert found[0]["kind"].endswith("InputLayer")
    assert found[-1]["params"]["units"] == 10
    assert "units=10" in run("layers", "list", project).out


def test_a_layer_goes_between_two(run: Run, project: Path) -> None:
    after = [edge.target for edge in graph(project).out_of("conv_1")]
    done = run(
        *("layers", "add", project, "dropout", "--after", "conv_1"),
        *("--set", "rate=0.3", "--name", "rest"),
    )
    assert done.status == 0, done.err
    assert "+ layers.rest: Dropout" in done.out
    assert fed_by(project, "rest") == ["conv_1"]
    assert all(fed_by(project, name) == ["rest"] for name in after)
    assert graph(project).nodes["rest"].params["rate"] == 0.3
    assert run("layers", "remove", project, "rest").status == 0
    assert all(fed_by(project, name) == ["conv_1"] for name in after)


def test_without_a_place_it_is_the_new_end(run: Run, project: Path) -> None:
    (end,) = graph(project).output_ids()
    run("layers", "add", project, "Softmax", "--name", "last")
    assert fed_by(project, "last") == [end]
    assert graph(project).output_ids() == ("last",)
    run("layers", "add", project, "Rescaling", "--set", "scale=2", "--before", "last")
    assert fed_by(project, "last") == ["rescaling_1"]


def test_a_residual_connection(run: Run, project: Path) -> None:
    names = [each["id"] for each in run("layers", "list", project, "--json").json]
    first = names.index("conv_1")
    run(*("layers", "add", project, "Conv2D", "--after", names[first]))
    kept = ("filters=8", "kernel_size=3,3", "padding=same")
    assert run("layers", "set", project, "conv2d_1", *kept).status == 0
    assert graph(project).nodes["conv2d_1"].params["kernel_size"] == (3, 3)
    done = run(
        *("layers", "add", project, "Add"),
        *("--after", "conv2d_1", "--after", "conv_1", "--name", "sum"),
    )
    assert done.status == 0, done.err
    assert fed_by(project, "sum") == ["conv2d_1", "conv_1"]
    assert fed_by(project, names[first + 1]) == ["sum"]
    assert not graph(project).order()[1]


def test_a_branch_leaves_what_is_there(run: Run, project: Path) -> None:
    after = [edge.target for edge in graph(project).out_of("conv_1")]
    run(*("layers", "add", project, "ReLU", "--after", "conv_1", "--branch"))
    assert all(fed_by(project, name) == ["conv_1"] for name in after)
    assert fed_by(project, "re_lu_1") == ["conv_1"]
    refused = run("layers", "add", project, "Flatten")
    assert refused.status == 1 and "several outputs" in refused.err
    (target,) = after
    assert run("layers", "disconnect", project, "conv_1", target).status == 0
    assert run("layers", "connect", project, "re_lu_1", target).status == 0
    assert fed_by(project, target) == ["re_lu_1"]


def test_settings_of_layers_are_typed(run: Run, project: Path) -> None:
    settings = (
        *("activation=relu", "kernel_size=[5, 5]", "strides=1", "frozen=true"),
        *("kernel_regularizer=L2", "kernel_regularizer.l2=0.5", "use_bias=no"),
    )
    done = run("layers", "set", project, "conv_1", *settings)
    assert done.status == 0, done.err
    node = graph(project).nodes["conv_1"]
    assert node.frozen and node.params["use_bias"] is False
    assert node.params["kernel_size"] == (5, 5) and node.params["strides"] == 1
    assert node.params["kernel_regularizer"].params["l2"] == 0.5
    run("layers", "set", project, "conv_1", "activation=", "frozen=false")
    node = graph(project).nodes["conv_1"]
    assert "activation" not in node.params and not node.frozen


def test_a_nested_layer_is_set_by_its_path(run: Run, project: Path) -> None:
    done = run(
        *("layers", "add", project, "Bidirectional", "--name", "both"),
        *("--set", "layer=GRU", "--set", "layer.units=7"),
    )
    assert done.status == 0, done.err
    inner = graph(project).nodes["both"].params["layer"]
    assert inner.kind == "keras.layers.GRU" and inner.params["units"] == 7


def test_new_layers_make_room(run: Run, project: Path) -> None:
    for _number in range(3):
        run("layers", "add", project, "ReLU", "--after", "conv_1")
    places = [node.position for node in graph(project).nodes.values()]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["add", "Densee"], ["Densee", "Dense"]),
        (["add", "LSTMCell"], ["used on its own"]),
        (["add", "Dense", "--after", "conv_9"], ["conv_9", "conv_1"]),
        (["add", "Dense", "--name", "conv_1"], ["already"]),
        (["add", "Dense", "--set", "unit=3"], ["unit", "units"]),
        (["add", "Dense", "--set", "units=-3"], ["units"]),
        (["set", "conv_1", "padding=some"], ["same", "valid"]),
        (["set", "conv_1", "call.training=true"], ["training"]),
        (["remove", "conv_9"], ["conv_9"]),
        (["disconnect", "conv_1", "conv_1"], ["conv_1"]),
    ],
)
def test_what_does_not_fit_is_refused(
    run: Run, project: Path, arguments: list[str], words: list[str]
) -> None:
    before = (project / "project.json").read_bytes()
    command, *rest = arguments
    done = run("layers", command, project, *rest)
    assert done.status == 1
    assert all(word in done.err for word in words), done.err
    assert (project / "project.json").read_bytes() == before
