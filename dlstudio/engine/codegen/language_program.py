"""The lines of a program that predicts the next token of a text, and writes more."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.catalog.features.continuous_text import CONTINUOUS_TEXT
from dlstudio.data.features.base import settings
from dlstudio.engine.codegen.literals import quoted
from dlstudio.engine.codegen.token_layer import token_layer
from dlstudio.engine.codegen.token_program import (
    TokenProgram,
    TokenTask,
    accuracy_call,
    accuracy_rows,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _

ACCURACY = "token_accuracy"
NEXT_TOKENS = '''

def next_tokens(model: keras.Model, texts: np.ndarray) -> np.ndarray:
    """The token behind each one of the texts; 0 behind the end."""
    tokens = model.get_layer({layer})(tf.constant(texts)).numpy()
    return np.pad(tokens[:, 1:], ((0, 0), (0, 1)))
'''
LAST = {
    "characters": '''

def end_of(texts: tf.Tensor) -> tf.Tensor:
    """The last {size} characters of each text, which is what the model sees."""
    start = tf.strings.length(texts, unit="UTF8_CHAR") - {size}
    count = tf.fill(tf.shape(texts), {size})
    return tf.strings.substr(texts, tf.maximum(start, 0), count, unit="UTF8_CHAR")
''',
    "words": '''

def end_of(texts: tf.Tensor) -> tf.Tensor:
    """The last {size} words of each text, which is what the model sees."""
    words = tf.strings.split(texts)[:, -{size}:]
    return tf.strings.reduce_join(words, axis=-1, separator=" ")
''',
}
EXPORT = '''

def export(model: keras.Model, path: str) -> None:
    """A SavedModel that takes texts, says what may follow, and writes on."""
    words = model.get_layer({layer}).get_vocabulary()

    def scores_of(texts):
        x = tf.reshape(end_of(texts), (-1, 1))
        tokens = model.get_layer({layer})(x)
        scores = model(x, training=False)
        last = tf.math.count_nonzero(tokens, axis=1) - 1
        return tf.gather(scores, tf.maximum(last, 0), axis=1, batch_dims=1)

    def serve({argument}):
        return {{{result}: {scores}}}

    @tf.function
    def write({argument}, length):
        texts = {argument}
        for _ in tf.range(length):
            # Neither padding nor an unknown token is written.
            token = tf.argmax(scores_of(texts)[:, 2 : len(words)], axis=-1) + 2
            texts = {joined}
        return {{"text": texts}}

    archive = keras.export.ExportArchive()
    archive.track(model)
    texts = tf.TensorSpec((None,), tf.string, name={name})
    length = tf.TensorSpec((), tf.int32, name="length")
    archive.add_endpoint("serving_default", serve, input_signature=[texts])
    archive.add_endpoint("write", write, input_signature=[texts, length])
    archive.write_out(path, verbose=False)
'''


def language_program(task: TokenTask) -> TokenProgram:
    """See `TokenProgram`.

    Args:
        task: Its output predicts the next token of its only input.

    Raises:
        UserError: No layer of the script makes the tokens.
    """
    inputs, output = task.inputs, task.output
    if len(inputs) != 1:
        raise UserError(_("A script predicts the tokens of a single text only."))
    vectorization = token_layer(task.project, inputs[0].feature, task.names)
    layer, feature = quoted(vectorization.name), task.data.features[output.feature]
    given = settings(feature, CONTINUOUS_TEXT)
    size = int(given["window"])
    argument = "text"
    last = LAST[given["unit"]].format(size=size) if size else ""
    separator = "" if vectorization.split == "character" else ', separator=" "'
    joined = f"tf.strings.join([texts, tf.gather(words, token)]{separator})"
    scores = f"scores_of({argument})"
    if output.from_logits:
        scores = f"tf.nn.softmax({scores})"
    export = EXPORT.format(
        layer=layer,
        argument=argument,
        name=quoted(argument),
        result=quoted("scores"),
        scores=scores,
        joined=joined,
    )
    if not size:
        export = export.replace("end_of(texts)", "texts")
    wanted = [metric.name for _spec, metric in output.metrics]
    functions = NEXT_TOKENS.format(layer=layer).splitlines()
    if ACCURACY in wanted:
        functions += accuracy_rows(0)
    return TokenProgram(
        "next_tokens(model, x)",
        tuple(functions),
        {ACCURACY: accuracy_call(ACCURACY), "perplexity": "", "bits_per_character": ""},
        report=tuple(_report(wanted)),
        export=(*last.splitlines(), *export.splitlines()),
    )


def _report(wanted: Sequence[str]) -> list[str]:
    """What else is said of the loss."""
    rows = []
    if "perplexity" in wanted:
        rows.append('result["perplexity"] = math.exp(result["loss"])')
    if "bits_per_character" in wanted:
        rows.append('result["bits_per_character"] = result["loss"] / math.log(2)')
    return rows
