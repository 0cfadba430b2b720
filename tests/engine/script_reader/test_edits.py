"""Edits by hand in a script come back, and all else of the project stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, Edge, Graph, Group, Node, node
from dlstudio.document.plan import EarlyStopping, HeadFirst, TrainingPlan
from dlstudio.document.project import MODEL, Project
from dlstudio.document.project_difference import project_difference
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.codegen.script import script
from dlstudio.engine.script_reader.project_merge import project_from_script
from dlstudio.engine.script_reader.reader import ScriptError, read_script
from dlstudio.engine.script_reader.script_before import ScriptBefore
from dlstudio.engine.script_reader.unread_changes import reading_notes

CATALOG = Catalog.load()
CONV = "keras.layers.Conv2D"


def chain(*nodes: Node) -> Project:
    placed = [replace(each, position=(0.0, 96.0 * n)) for n, each in enumerate(nodes)]
    return Project("Ours").with_graph(MODEL, Graph.chain(placed))


@pytest.fixture
def project() -> Project:
    made = chain(
        node("image", INPUT, shape=[28, 28, 1]),
        node("conv_1", CONV, filters=8, kernel_size=3, activation="relu"),
        replace(node("conv_2", CONV, filters=16, kernel_size=[3, 3]), frozen=True),
        node("pool", "keras.layers.GlobalAveragePooling2D"),
        node("head", "keras.layers.Dense", units=10, activation="softmax"),
    )
    groups = (Group("group_1", "Convolutions", ("conv_1", "conv_2"), collapsed=True),)
    made = made.with_graph(MODEL, replace(made.model, groups=groups))
    optimizer = Spec("keras.optimizers.SGD", FrozenMap({"momentum": 0.9}))
    return replace(made, plan=TrainingPlan(optimizer=optimizer))


def text(project: Project) -> str:
    return script(project, CATALOG).text


def read(text: str, project: Project) -> Project:
    return project_from_script(text, project, CATALOG)


def test_a_changed_parameter_is_the_only_change(project: Project) -> None:
    after = read(text(project).replace("filters=8", "filters=12"), project)
    expected = project.model.with_params(
        "conv_1", project.model.nodes["conv_1"].params.set("filters", 12)
    )
    assert after == project.with_graph(MODEL, expected)
    assert project_difference(project, after).sentences == (
        "“conv_1” (Conv2D): filters 8 → 12.",
    )


def test_a_layer_between_two_of_a_group_joins_it(project: Project) -> None:
    lines = text(project).splitlines()
    place = next(n for n, row in enumerate(lines) if "conv_2 = " in row)
    lines[place] = lines[place].replace("conv_1)", "norm)")
    edited = "\n".join(lines).replace("(conv_1)", "(norm)")
    lines = edited.splitlines()
    lines.insert(place, "    norm = layers.BatchNormalization()(conv_1)")
    after = read("\n".join(lines), project)
    assert after.model.into("norm") == (Edge("conv_1", "norm"),)
    assert after.model.into("conv_2") == (Edge("norm", "conv_2"),)
    assert set(after.model.groups[0].nodes) == {"conv_1", "norm", "conv_2"}
    assert after.model.groups[0].collapsed and after.model.nodes["conv_2"].frozen
    assert after.model.nodes["image"] == project.model.nodes["image"]
    heights = [after.model.nodes[id].position[1] for id in ("conv_1", "norm", "conv_2")]
    assert heights == sorted(set(heights))
    sentences = project_difference(project, after).sentences
    assert "Added “norm” (BatchNormalization) after “conv_1”." in sentences


def test_a_removed_layer_a_renamed_one_and_another_kind(project: Project) -> None:
    edited = (
        text(project)
        .replace('name="head"', 'name="classes"')
        .replace("GlobalAveragePooling2D", "GlobalMaxPooling2D")
    )
    rows = edited.splitlines()
    first = next(n for n, row in enumerate(rows) if "conv_2 = " in row)
    last = next(n for n, row in enumerate(rows) if row.endswith("(conv_1)"))
    del rows[first : last + 1]
    after = read("\n".join(rows).replace("(conv_2)", "(conv_1)"), project)
    assert "conv_2" not in after.model.nodes
    assert after.model.nodes["pool"].kind == "keras.layers.GlobalMaxPooling2D"
    assert after.model.nodes["head"].name == "classes"
    assert after.model.groups[0].nodes == ("conv_1",)
    assert project_difference(project, after).sentences == (
        "Removed “conv_2” (Conv2D, filters 16, kernel_size (3, 3)).",
        "“pool” is now GlobalMaxPooling2D, no longer GlobalAveragePooling2D.",
        "“pool” comes after “conv_1”, no longer after “conv_2”.",
        "“head” is now called “classes”.",
    )


def test_a_function_and_a_loop_of_residual_blocks(project: Project) -> None:
    block = (
        "def block(x, filters=16):\n"
        '    y = layers.Conv2D(filters, 3, padding="same")(x)\n'
        '    return layers.Add(name=f"add_{filters}")([x, y])\n\n\n'
        "def build_model("
    )
    loop = (
        "    x = conv_2\n    for filters in [16] * 2:\n        x = block(x)\n"
        "    pool = "
    )
    edited = text(project).replace("def build_model(", block)
    edited = edited.replace("    pool = ", loop).replace("(conv_2)", "(x)")
    edited = edited.replace('f"add_{filters}"', "None")
    after = read(edited, project)
    groups = {group.name: group.nodes for group in after.model.groups}
    assert len(groups["block 1"]) == len(groups["block 2"]) == 2
    assert after.model.layer_count == project.model.layer_count + 4
    assert read(text(after), after) == after


def test_settings_that_the_script_writes_plainly(project: Project) -> None:
    edited = text(project).replace("momentum=0.9", "learning_rate=0.1, momentum=0.9")
    edited = edited.replace("SparseCategoricalCrossentropy()", "CategoricalHinge()")
    after = read(edited, project)
    assert after.plan.optimizer.params["learning_rate"] == 0.1
    assert after.plan.loss.kind == "keras.losses.CategoricalHinge"
    assert after.model == project.model


def test_metrics_and_early_stopping_go_into_the_plan(project: Project) -> None:
    fit = (
        "\nstop = keras.callbacks.EarlyStopping('val_accuracy', patience=4)\n"
        "model = build_model()\nmodel.fit(x, y, callbacks=[stop])\n"
    )
    edited = text(project).replace('["accuracy"]', '["accuracy", keras.metrics.AUC()]')
    plan = read(edited + fit, project).plan
    assert plan.metrics == (*project.plan.metrics, Spec("keras.metrics.AUC"))
    assert plan.early_stopping == EarlyStopping("val_accuracy", 4, restore_best=False)
    gone = text(project).replace('        metrics=["accuracy"],\n', "")
    assert read(gone, project).plan.metrics == ()
    assert notes(edited, project) == notes(gone, project) == {}


@pytest.mark.parametrize(
    ("code", "frozen"),
    [
        ("for each in model.layers[:2]:\n    each.trainable = False", {"conv_1"}),
        ("model.get_layer('head').trainable = not True", {"head"}),
        ("model.trainable = False", {"conv_1", "conv_2", "head"}),
        (
            "for n, each in enumerate(model.layers):\n    each.trainable = n > 1",
            {"conv_1"},
        ),
        ("model.trainable = False\nmodel.trainable = True", set()),
    ],
)
def test_layers_are_frozen_below_the_model(
    code: str, frozen: set[str], project: Project
) -> None:
    conv = replace(project.model.nodes["conv_2"], frozen=False)
    thawed = project.with_graph(MODEL, project.model.with_nodes([conv]))
    main = f"    model = build_model()\n{code}".replace("\n", "\n    ")
    edited = text(thawed).replace("    model = build_model()", main)
    assert notes(edited, thawed) == {}
    nodes = read(edited, thawed).model.nodes.values()
    assert {node.id for node in nodes if node.frozen} == frozen


PHASES = """
import keras
base = keras.applications.MobileNetV2(
    include_top=False, weights=None, input_shape=(96, 96, 3), pooling="avg"
)
base.trainable = False
inputs = keras.Input((96, 96, 3))
outputs = keras.layers.Dense(1)(base(inputs, training=False))
model = keras.Model(inputs, outputs)
model.compile(keras.optimizers.Adam(1e-3), keras.losses.BinaryCrossentropy())
history = model.fit(train, epochs=4)
base.trainable = True
model.compile(keras.optimizers.Adam(1e-5), keras.losses.BinaryCrossentropy())
model.fit(train, epochs=6)
"""


def test_a_frozen_network_that_is_trained_later_is_a_plan_of_two_phases() -> None:
    made = read(PHASES, Project())
    assert made.plan.head_first == HeadFirst(4, 0.01) and made.plan.epochs == 10
    assert made.plan.optimizer.params["learning_rate"] == 1e-3
    (backbone,) = (n for n in made.model.nodes.values() if n.kind == BACKBONE)
    assert not backbone.frozen
    counted = PHASES.replace("epochs=6", "epochs=6, initial_epoch=history.epoch[-1]")
    assert read(counted, Project()).plan.epochs == 6
    again = PHASES.replace("base.trainable = True", "")
    assert read(again, Project()).plan.head_first is None
    (note,) = read_script(again, CATALOG).notes
    assert note.line == 14 and "trained 2 times" in note.text


@pytest.mark.parametrize(
    ("loop", "first"),
    [
        ("for layer in base.layers[:20]:\n    layer.trainable = False", "conv_pw_3"),
        ("base.get_layer('conv_dw_3').trainable = False", ""),
    ],
)
def test_layers_of_a_network_are_frozen_up_to_one(loop: str, first: str) -> None:
    code = PHASES.replace("MobileNetV2(", "MobileNet(alpha=0.25, ")
    code = code.replace("base.trainable = True", f"base.trainable = True\n{loop}")
    reading = read_script(code, CATALOG)
    (layer,) = (c.layer for c in reading.calls if c.layer.kind == BACKBONE)
    assert layer.params.get("trainable_from", "") == first
    assert [note.line for note in reading.notes] == ([] if first else [13])


def test_the_layers_of_a_preset_are_not_looked_up() -> None:
    code = PHASES.replace("import keras", "import keras, keras_hub", 1)
    start, end = code.index("base = "), code.index("base.trainable")
    made = 'base = keras_hub.models.Backbone.from_preset("resnet_18_imagenet")\n'
    loop = "for layer in base.layers[:3]:\n    layer.trainable = False\n"
    reading = read_script(code[:start] + made + loop + code[end:], CATALOG)
    assert [note.line for note in reading.notes] == [5]


def notes(edited: str, project: Project) -> dict[int, str]:
    """What is noted of an edited script, by line."""
    reading = read_script(edited, CATALOG)
    before = ScriptBefore.of(text(project), CATALOG)
    found = reading_notes(edited, reading, project, before, CATALOG)
    return {note.line: note.text for note in found}


def test_an_edit_that_is_not_read_is_noted_with_its_line(project: Project) -> None:
    written = text(project)
    assert notes(written, project) == {}
    assert notes(written.replace("filters=8", "filters=9"), project) == {}
    edited = written.replace('metrics=["accuracy"]', 'metrics=["accuracy", mine]')
    ((line, note),) = notes(edited, project).items()
    assert "model.compile(" in edited.splitlines()[line - 1] and "“metrics”" in note
    edited = written.replace("keras.optimizers.SGD(momentum=0.9)", '"sgdd"')
    (note,) = notes(edited, project).values()
    assert "“optimizer” has no value" in note
    other = replace(project, name="Another")
    assert "the project “Ours”" in notes(written, other)[1]


def test_what_a_script_of_ones_own_says_besides_is_noted() -> None:
    own = (
        "import keras\nmodel = keras.Sequential([keras.Input((4,)),"
        "keras.layers.Dense(1)])\nmodel.compile('sgd', my_loss, metrics=[mine])\n"
        "model.load_weights('a.h5')\nmodel.fit(x, y, class_weight={0: 2.0})\n"
        "net = keras.applications.MobileNetV2(include_top=False, weights=None)\n"
        "for layer in net.layers if x else model.layers:\n"
        "    layer.trainable = False\n"
        "if x:\n    model.summary()\n"
    )
    reading = read_script(own, CATALOG)
    found = reading_notes(own, reading, Project(), ScriptBefore(), CATALOG)
    assert [(note.line, note.text.split("”")[0]) for note in found[:2]] == [
        (3, "“loss"),
        (4, "“load_weights"),
    ]
    assert "frozen" in found[2].text and found[2].line == 8
    assert {note.text.split("”")[0] for note in found[3:]} == {
        "“metrics",
        "“class_weight",
    }


def test_what_is_not_understood_is_named_by_its_line(project: Project) -> None:
    lines = text(project).splitlines()
    place = next(n for n, row in enumerate(lines) if "conv_1 = " in row)
    lines.insert(place, '    size = int(os.environ["SIZE"])')
    edited = "\n".join(lines).replace("filters=8", "filters=size")
    edited = edited.replace("units=10", "units=-1")
    edited = edited.replace("pool = layers.", "pool = L.")
    with pytest.raises(ScriptError) as caught:
        read(edited, project)
    messages = [each.message for each in caught.value.problems]
    assert len(messages) == 3, "and nothing about compile or summary"
    assert messages[0].startswith(f"Line {place + 2}: Conv2D, filters has no known")
    assert f"(line {place + 1})" in messages[0]
    assert "units" in messages[1]
    assert "“L” is not defined" in messages[2]


def test_using_the_finished_model_on_data_is_no_problem(project: Project) -> None:
    used = "\nprint(model(images))\nmodel.get_layer('conv_1')(images[:1]).numpy()\n"
    built = "\nmodel = build_model()"
    assert read(text(project) + built + used, project) == project
    more = used + "y = layers.Dense(3)(model(images))\nother = keras.Model(y, y)\n"
    (note,) = read_script(text(project) + built + more, CATALOG).notes
    assert "“images” is not defined" in note.text


@pytest.mark.parametrize(
    "attack",
    [
        "__import__('os').system('touch {path}')",
        "import os; os.system('touch {path}'); os.mkdir('{path}')",
        "open('{path}', 'w').write('x')",
        "eval(\"open('{path}', 'w')\"); exec(\"open('{path}', 'w')\")",
        "().__class__.__base__.__subclasses__()[0]('{path}')",
        "'{{0.__class__}}'.format(open)",
        "x = 10 ** 10 ** 10; y = 'a' * 10 ** 10; z = [0] * 10 ** 10; 1 << 10 ** 10",
        "f'{{1:>9999999999}}'; '%9999999999d' % 1; '{{:{{}}}}'.format(1, 10 ** 10)",
        "x = []\nfor i in range(10 ** 10):\n    x.append(x)",
        "x = [1]\nfor i in range(60):\n    x = [x, x]\nx == [x, x]",
        "while True:\n    pass",
        "def f(n):\n    return f(n + 1) + f(n)\nf(0)",
        "[i for i in range(40000) for j in range(40000)]",
        "f = lambda f: f(f)\nf(f)",
        "x = [0]\nfor i in range(60):\n    x += x\n    x = [*x, *x]\n",
        "x = 'a'\nfor i in range(60):\n    x = f'{{x}}{{x}}'\n",
        "x = 'a'\nfor i in range(60):\n    x = '%s%s' % (x, x)\n",
        "x = list(range(40000))\nfor i in range(20000):\n    sum(x)",
        "x = [0] * 999\nfor i in range(6):\n    x = [x] * 999\nprint(x)",
        "import math\nmath.prod([2**4000] * 40000)",
    ],
)
def test_nothing_is_run_and_nothing_takes_long(
    attack: str, project: Project, tmp_path: object
) -> None:
    path = f"{tmp_path}/made"
    edited = attack.format(path=path) + "\n" + text(project)
    try:
        after = read(edited, project)
    except Exception as error:
        assert "too large" in str(error)
    else:
        assert after == project
    assert not __import__("pathlib").Path(path).exists()


@pytest.mark.parametrize(
    "broken", ["def f(:", "(" * 500 + ")" * 500, "x = 1\0", "-" * 100_000 + "1", ""]
)
def test_what_is_no_python_or_has_no_model_is_refused(
    broken: str, project: Project
) -> None:
    with pytest.raises(Exception, match=r"Line 1|too large"):
        read(broken, project)
