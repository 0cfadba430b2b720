"""Scripts that were not written by the studio: data around, several models, Keras 2."""

from __future__ import annotations

import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.engine.script_reader.given_values import ScriptInputs, of_project
from dlstudio.engine.script_reader.new_project import new_project
from dlstudio.engine.script_reader.reader import (
    ScriptError,
    ScriptReading,
    read_script,
)
from dlstudio.errors import UserError

CATALOG = Catalog.load()
TOP = "import numpy as np\nimport tensorflow as tf\nimport keras\n"
TOP += "from keras import layers\n"
DATA = """
def load(path):
    return np.load(path)

x, y = load("x.npy"), load("y.npy")
x = keras.ops.abs(layers.Rescaling(1 / 255)(x))
for epoch in range(10_000):
    for row in range(1_000):
        total = epoch * row
"""
SMALL = """
model = keras.Sequential([
    keras.Input((8, 8, 3)), layers.Flatten(), layers.Dense(2, activation="softmax")
])
"""


def read(text: str, **given: object) -> ScriptReading:
    return read_script(TOP + text, CATALOG, ScriptInputs(**given))  # type: ignore[arg-type]


def kinds(reading: ScriptReading) -> list[str]:
    project = new_project(reading, "read", CATALOG)
    return [
        node.kind.rpartition(".")[2] for node in project.graphs["model"].nodes.values()
    ]


def line_of(text: str, part: str) -> int:
    before = (TOP + text).partition(part)[0]
    return before.count("\n") + 1


def test_what_is_no_part_of_the_model_may_stay_unknown() -> None:
    after = """
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(x, y)
images = model(x[:5])
best = keras.ops.argmax(Scorer()(images))
"""
    reading = read(DATA + SMALL + after)
    assert kinds(reading) == ["InputLayer", "Flatten", "Dense"]


@pytest.mark.parametrize(
    "broken",
    [
        "model.add(make_head())",
        "model.add('relu')",
        "for _ in range(len(y)):\n    model.add(layers.Dense(3))",
        "if y.mean() > 0:\n    model.pop()",
        "while y.mean():\n    model.add(layers.Dense(3))",
        "def grow():\n    model.add(layers.Dense(3))\nfor _ in y:\n    grow()",
    ],
)
def test_a_model_that_is_partly_unknown_is_no_model(broken: str) -> None:
    with pytest.raises(ScriptError):
        read(DATA + SMALL + broken)


def test_the_wanted_model_is_not_replaced_by_one_that_is_known() -> None:
    more = "class Own(keras.Model):\n    pass\n\nmodel = Own()\n"
    for end in ("", "model.compile('adam', 'mse')\n"):
        with pytest.raises(ScriptError) as found:
            read(SMALL + more + end)
        assert found.value.lines == (line_of(SMALL, "model"),)
    other = SMALL + "net = Unknown()\nnet.compile('adam', 'mse')\n"
    with pytest.raises(ScriptError):
        read(other)


def test_one_of_several_models_is_chosen_by_its_line() -> None:
    second = "\nlarge = keras.Sequential([keras.Input((4,)), layers.Dense(7)])\n"
    text = SMALL + second + "model.compile('adam', 'mse')\n"
    reading = read(text)
    (note,) = reading.notes
    assert str(line_of(text, "large")) in note.text
    assert kinds(reading) == ["InputLayer", "Flatten", "Dense"]
    other = read(text, line=line_of(text, "large"))
    assert kinds(other) == ["InputLayer", "Dense"]
    with pytest.raises(ScriptError, match="Line 1: No model"):
        read(text, line=1)


def test_shapes_and_numbers_of_the_data_are_given() -> None:
    text = """
data = np.load("data.npy")
num_classes = len(set(data[:, -1]))
model = keras.Sequential()
model.add(layers.Dense(16, input_shape=(data.shape[1],)))
model.add(layers.Dense(num_classes))
"""
    with pytest.raises(ScriptError, match="shape has no known value"):
        read(text)
    reading = read(text, names={"num_classes": 5}, inputs=((9,),))
    project = new_project(reading, "read", CATALOG)
    first, _hidden, last = project.graphs["model"].nodes.values()
    assert first.params["shape"] == (9,) and last.params["units"] == 5
    with pytest.raises(UserError, match="does not use the name “classes”"):
        read(text, names={"classes": 5, "num_classes": 2}, inputs=((9,),))


def test_a_sequential_without_an_input_takes_the_given_or_the_projects() -> None:
    text = "model = keras.Sequential([layers.Flatten(), layers.Dense(2)])\n"
    with pytest.raises(ScriptError, match="needs an Input"):
        read(text)
    assert kinds(read(text, inputs=((6, 6),))) == ["InputLayer", "Flatten", "Dense"]
    project = new_project(read(SMALL), "read", CATALOG)
    given = of_project(ScriptInputs(), project)
    assert given.inputs == ((8, 8, 3),)
    assert of_project(ScriptInputs(), Project()) == ScriptInputs()


def test_two_inputs_take_two_shapes() -> None:
    text = """
rows, words = load()
one = keras.Input(shape=rows.shape[1:])
two = keras.Input(shape=(words.shape[1],), dtype="int")
both = layers.concatenate([one, layers.Embedding(9, 3)(two)[:, 0]])
model = keras.Model([one, two], layers.Dense(1)(both))
"""
    reading = read(text, inputs=((4,), (None,)))
    nodes = new_project(reading, "read", CATALOG).graphs["model"].nodes.values()
    found = [node.params for node in nodes if node.kind.endswith("InputLayer")]
    assert [params["shape"] for params in found] == [(4,), (None,)]
    assert found[1]["dtype"] == "int64"


def test_names_of_keras_2_are_those_of_today() -> None:
    text = """
model = tf.keras.models.Sequential()
model.add(layers.Embedding(100, 8, input_length=20, weights=[load()]))
model.add(layers.LeakyReLU(alpha=0.2))
model.compile(tf.keras.optimizers.RMSprop(lr=1e-4), "mse")
"""
    reading = read(text, inputs=((20,),))
    project = new_project(reading, "read", CATALOG)
    leaky = list(project.graphs["model"].nodes.values())[-1]
    assert leaky.params["negative_slope"] == 0.2
    assert dict(project.plan.optimizer.params)["learning_rate"] == 1e-4
    assert "weights" in reading.notes[0].text


def test_a_network_begins_a_sequential() -> None:
    text = """
base = keras.applications.MobileNet(include_top=False, input_shape=(96, 96, 3))
base.trainable = False
model = keras.Sequential([base, layers.GlobalAveragePooling2D(), layers.Dense(3)])
"""
    project = new_project(read(text), "read", CATALOG)
    image, network, *_rest = project.graphs["model"].nodes.values()
    assert image.params["shape"] == (96, 96, 3)
    assert network.frozen and network.params["preprocess"] is False


def test_a_model_of_unknown_layers_is_called_without_an_end() -> None:
    text = """
part = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
part.add(make())
image = keras.Input((4,))
model = keras.Model(image, part(image))
"""
    with pytest.raises(ScriptError, match="Sequential has no known value"):
        read(text)


def test_functions_of_tensorflow_and_the_old_backend_have_other_names() -> None:
    text = """
words = keras.Input((6,), dtype="int64")
x = tf.one_hot(words, depth=9)
flat = layers.Reshape((np.prod(keras.backend.int_shape(x)[1:]),))(x)
model = keras.Model(words, flat)
"""
    nodes = list(
        new_project(read(text), "read", CATALOG).graphs["model"].nodes.values()
    )
    assert nodes[1].params["num_classes"] == 9
    assert nodes[2].params["target_shape"] == (54,)


BLOCK = """
class Block(layers.Layer):
    def __init__(self, width=4):
        super().__init__()
        self.norm, self.dense = layers.LayerNormalization(), layers.Dense(width)

    def call(self, x, mask=None, training=None):
        {body}
        return self.dense(self.norm(x))

words = keras.Input((6,))
block = Block()
model = keras.Model(words, block(block({given})))
"""


def test_an_object_of_a_class_shares_its_layers_between_calls() -> None:
    text = BLOCK.format(body="pass", given="layers.Dense(4)(words)")
    project = new_project(read(text), "read", CATALOG)
    graph = project.graphs["model"]
    assert [group.name.partition(" ")[0] for group in graph.groups] == ["Block"] * 2
    owners = [node for node in graph.nodes.values() if node.shares is not None]
    assert len(owners) == 2


@pytest.mark.parametrize(
    ("body", "given", "message"),
    [
        ("x = x if training else 2 * x", "words", "whether the model is being trained"),
        ("x = x * self.add_weight((4,))", "words", "“add_weight” is never run"),
        ("self.add_loss(x)", "words", "“add_loss” is not read"),
        ("x = 2 * x", "layers.Embedding(9, 4, mask_zero=True)(words)", "takes a mask"),
        ("x = self.other(x)", "words", "“other” is never run"),
    ],
)
def test_what_a_class_does_besides_layers_is_named(
    body: str, given: str, message: str
) -> None:
    with pytest.raises(ScriptError, match=message):
        read(BLOCK.format(body=body, given=given))


def test_a_model_of_a_class_needs_the_shape_of_its_input() -> None:
    text = """
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(3)

    def call(self, inputs):
        return self.dense(inputs)

class Own(keras.Model):
    def train_step(self, data):
        return {"loss": data}

net = Net()
net.trainable = False
net.compile("sgd", "mse")
net.fit(x, y, epochs=3)
"""
    with pytest.raises(ScriptError, match="enters “Net” is not known"):
        read(text)
    reading = read(text, inputs=((5,),))
    assert kinds(reading) == ["InputLayer", "Dense"]
    project = new_project(reading, "read", CATALOG)
    assert project.plan.epochs == 3 and list(project.model.nodes.values())[1].frozen
    ends = "i = keras.Input((2,))\nmodel = Own(i, layers.Dense(1)(i))\n"
    (note,) = read(text + ends + "model.compile('sgd', 'mse')\n").notes[-1:]
    assert "train_step" in note.text
    with pytest.raises(ScriptError, match="train_step"):
        read(text + "model = Own()\nmodel.compile('sgd', 'mse')\n", inputs=((5,),))


def test_a_sampling_layer_of_others_is_not_taken_for_ours() -> None:
    text = """
class Sampling(layers.Layer):
    def call(self, inputs):
        mean, spread = inputs
        return mean + spread * keras.random.normal(keras.ops.shape(mean))

i = keras.Input((2,))
model = keras.Model(i, Sampling()([i, i]))
"""
    with pytest.raises(ScriptError, match=r"random\.normal"):
        read(text)


@pytest.mark.parametrize(
    "attack",
    [
        "self.x = []\n        self.x.append(self.x)\n        self.trainable = False",
        "self.x = self\n        self.trainable = False",
        "self.x = Net()",
        "self.x = [[[[0] * 99] * 99] * 99] * 99\n        self.trainable = False",
    ],
)
def test_objects_that_hold_themselves_are_read_to_an_end(attack: str) -> None:
    text = f"""
class Net(keras.Model):
    def __init__(self):
        {attack}

    def call(self, x, mask=None):
        return self(x)

net = Net()
i = keras.Input((2,))
model = keras.Model(i, net(i))
"""
    with pytest.raises(UserError):
        read(text)


@pytest.mark.parametrize(
    "hidden",
    [
        "for _ in load():\n            self.parts.append(layers.Dense(4))",
        "if load():\n            self.last = layers.Dense(4)",
        "if load():\n            self.grow()",
        "while load():\n            grow(self)",
    ],
)
def test_an_object_that_is_partly_unknown_is_no_model(hidden: str) -> None:
    text = f"""
class Net(keras.Model):
    def __init__(self):
        self.parts = [layers.Dense(4)]
        self.last = layers.Dense(1)
        {hidden}

    def grow(self):
        self.parts.append(layers.Dense(5))

    def call(self, x):
        for part in self.parts:
            x = part(x)
        return self.last(x)

i = keras.Input((2,))
model = keras.Model(i, Net()(i))
"""
    with pytest.raises(ScriptError):
        read(text)


def test_an_object_may_be_trained_in_a_loop_of_its_own() -> None:
    text = """
class Net(keras.Model):
    def __init__(self):
        self.units = 1

    def build(self, shape):
        self.last = layers.Dense(self.units)

    def call(self, x):
        return self.last(x)

model = Net()
for batch in load():
    loss = model(batch)
    print(model.losses, model.count_params(), model.units)
"""
    assert kinds(read(text, inputs=((3,),))) == ["InputLayer", "Dense"]


def test_a_model_may_be_trained_by_functions_of_the_script() -> None:
    after = """
def step(images, labels):
    with tf.GradientTape() as tape:
        loss = keras.losses.mse(labels, model(images, training=True))
    return tape.gradient(loss, model.trainable_weights)

for batch in y:
    step(batch, batch)
    print(model(batch))
"""
    assert kinds(read(DATA + SMALL + after)) == ["InputLayer", "Flatten", "Dense"]
