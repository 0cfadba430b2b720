"""The lines of a program that writes a text from another, word by word."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.engine.codegen.literals import quoted
from dlstudio.engine.codegen.token_layer import token_layer
from dlstudio.engine.codegen.token_program import (
    TokenProgram,
    TokenTask,
    accuracy_call,
    accuracy_rows,
)
from dlstudio.engine.model.argument_names import argument_names
from dlstudio.errors import UserError
from dlstudio.i18n import _

ACCURACY = "token_accuracy"
NEXT_TOKENS = '''

def next_tokens(model: keras.Model, texts: np.ndarray) -> np.ndarray:
    """The token to be written at each position: those of the text, then its end."""
    tokens = model.get_layer({layer})(tf.constant(texts)).numpy()
    positions, units = model.output_shape[1:]
    tokens = np.pad(tokens, ((0, 0), (0, positions - tokens.shape[1])))
    behind = tokens == 0
    is_end = behind & (np.cumsum(behind, axis=1) == 1)
    return np.where(is_end, units - 1, tokens)  # the last number means the end
'''
EXPORT = '''

def export(model: keras.Model, path: str) -> None:
    """A SavedModel that writes the most likely token until each text has ended."""
    length = model.get_layer({layer}).output.shape[1]
    units = model.output_shape[-1]  # one for each token, and the last for the end
    words = model.get_layer({layer}).get_vocabulary()
    words += [""] * (units - len(words))

    @tf.function
    def serve({arguments}):
        x = {entered}
        written = tf.fill(tf.shape(x[{first}]), "")
        ended = tf.fill(tf.shape(written), False)
        for place in tf.range(length):
            scores = model({{**x, {target}: written}}, training=False)[:, place, 2:]
            # Neither padding nor an unknown token is written.
            token = tf.argmax(scores, axis=-1, output_type=tf.int32)[:, None] + 2
            ended |= token == units - 1
            more = tf.strings.join([written, tf.gather(words, token)]{separator})
            written = tf.where(ended, written, more)
        return {{{result}: tf.strings.strip(written)[:, 0]}}

    archive = keras.export.ExportArchive()
    archive.track(model)
    signature = [
{signature}
    ]
    archive.add_endpoint("serving_default", serve, input_signature=signature)
    archive.write_out(path, verbose=False)
'''


def translation_program(task: TokenTask) -> TokenProgram:
    """See `TokenProgram`.

    Args:
        task: Its output predicts a text that also enters the model.

    Raises:
        UserError: No layer of the script makes the tokens, or nothing else enters.
    """
    inputs, output = task.inputs, task.output
    entry = [each for each in inputs if each.feature == output.feature]
    sources = [each for each in inputs if each.feature != output.feature]
    if len(entry) != 1 or not sources:
        raise UserError(
            _("A script needs the text that is written, and another one, as inputs.")
        )
    vectorization = token_layer(task.project, output.feature, task.names)
    layer = quoted(vectorization.name)
    arguments = argument_names([each.feature for each in sources], "input")
    entered = []
    for each, argument in zip(sources, arguments, strict=True):
        value = argument
        for step in task.data.scripts[each.feature].serve:
            value = step.replace("{value}", value)
        entered.append(f"{quoted(each.layer)}: {value}[:, None]")
    specs = [
        f"        tf.TensorSpec((None,), tf.string, name={quoted(each)}),"
        for each in arguments
    ]
    export = EXPORT.format(
        layer=layer,
        arguments=", ".join(arguments),
        entered=_dictionary(entered),
        first=quoted(sources[0].layer),
        target=quoted(entry[0].layer),
        separator="" if vectorization.split == "character" else ', separator=" "',
        result=quoted("text"),
        signature="\n".join(specs),
    )
    wanted = [metric.name for _spec, metric in output.metrics]
    functions = NEXT_TOKENS.format(layer=layer).splitlines()
    if ACCURACY in wanted:
        functions += accuracy_rows(0)
    report = 'result["perplexity"] = math.exp(result["loss"])'
    return TokenProgram(
        f"next_tokens(model, x[{quoted(entry[0].layer)}])",
        tuple(functions),
        {ACCURACY: accuracy_call(ACCURACY), "perplexity": ""},
        report=(report,) if "perplexity" in wanted else (),
        export=tuple(export.splitlines()),
    )


def _dictionary(pairs: Sequence[str]) -> str:
    """A dictionary on one line if there is a single pair."""
    if len(pairs) == 1:
        return f"{{{pairs[0]}}}"
    rows = "".join(f"            {each},\n" for each in pairs)
    return f"{{\n{rows}        }}"
