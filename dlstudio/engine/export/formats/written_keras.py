"""Exports a model that writes texts as a .keras file, with code that searches them."""

from __future__ import annotations

from pathlib import Path

import keras

from dlstudio.document.export import Snippet
from dlstudio.engine.export.exported_model import EntryPoint, ExportedModel
from dlstudio.engine.export.feature_signature import feature_signature
from dlstudio.engine.export.formats.feature_snippets import encoded_example, rows_code
from dlstudio.engine.export.inference_default import inference_by_default
from dlstudio.engine.model.model_bindings import bound_inputs
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.engine.prediction.written_texts import WrittenTexts, search_options
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark

ENTRY = "write(rows)"


def export(model: FeatureModel, written: WrittenTexts, out: Path) -> ExportedModel:
    """Write the model as it was trained: it predicts the token behind a text so far.

    The code beside it calls the model for one token after the other.

    Args:
        model: A run's model.
        written: How it writes texts.
        out: A file name that ends in .keras and does not exist.

    Raises:
        UserError: An export cannot take values of a feature's type.
    """
    signature = feature_signature(model)
    keras.saving.save_model(inference_by_default(model.whole), out)
    result = signature.outputs[0].value
    load = _load_code(model, written)
    code = f'results = {{"{result}": np.array(write(rows))}}\n'
    values = {e.argument: encoded_example(model, e) for e in signature.inputs}
    shown = "\n".join((load, rows_code(values), "print(write(rows)[0])\n"))
    return ExportedModel(
        path=out,
        load=_python(load),
        entries={ENTRY: EntryPoint("encoded", code)},
        runtime=("keras", "tensorflow"),
        snippets=(_python(shown),),
        notes=lambda: (
            _(
                "The file has the model alone. It takes the inputs and the text so "
                "far, and gives the probability of each token that may follow at each "
                "position; the last one is that of the end. The code beside it writes "
                "a whole text. A SavedModel does this itself."
            ),
        ),
    )


def _python(text: str) -> Snippet:
    return Snippet(mark("From Python"), "python", text)


def _load_code(model: FeatureModel, written: WrittenTexts) -> str:
    """Python that loads the model, with a function that writes texts."""
    (output,) = model.outputs
    options = search_options(output.binding)
    signature = feature_signature(model)
    arguments = {each.name: each.argument for each in signature.inputs}
    entered = ", ".join(
        "texts" if each.feature == output.name else _argument(arguments[each.feature])
        for each in bound_inputs(model.project)
    )
    separator = '""' if written.tokens.separator == "" else '" "'
    fields = {
        "@layer": f'"{written.tokens.layer.name}"',
        "@length": str(written.tokens.length),
        "@separator": separator,
        "@inputs": entered,
        "@width": str(options.beam_width),
        "@penalty": repr(options.length_penalty),
        "@scores": "tf.nn.softmax(scores)" if output.from_logits else "scores",
    }
    text = _LOAD
    for field, value in fields.items():
        text = text.replace(field, value)
    return text


def _argument(name: str) -> str:
    return f'tf.gather(rows["{name}"], where)'


_LOAD = """\
import keras
import numpy as np
import tensorflow as tf

model = keras.saving.load_model(@model)
words = model.get_layer(@layer).get_vocabulary()


@tf.function(reduce_retracing=True)
def predict(*inputs):
    return model(list(inputs), training=False)


def write(rows, width=@width, penalty=@penalty):
    \"\"\"The likeliest texts by beam search, which is greedy with a width of 1.\"\"\"
    count = len(next(iter(rows.values())))
    # Log probability, tokens, and whether the text has ended.
    beams = [[(0.0, [], False)] for _ in range(count)]
    for place in range(@length):
        where = [row for row, beam in enumerate(beams) for _ in beam]
        texts = [[text(each)] for beam in beams for each in beam]
        texts = tf.constant(texts)
        scores = tf.cast(predict(@inputs)[:, place], "float32")
        logs = np.log(np.maximum(@scores, 1e-9))
        logs[:, :2] = -1e9  # neither padding nor unknown tokens
        given = iter(logs)
        beams = [best([(e, next(given)) for e in b], width, penalty) for b in beams]
        if all(ended for beam in beams for _, _, ended in beam):
            break
    return [text(beam[0]) for beam in beams]


def best(beam, width, penalty):
    found = []
    for (total, tokens, ended), log in beam:
        if ended:
            found.append((total, tokens, True))
            continue
        for token in np.argsort(-log, kind="stable")[:width].tolist():
            ends = token == len(log) - 1
            more = [] if ends else [token]
            found.append((total + log[token], tokens + more, ends))
    found.sort(key=lambda each: -each[0] / ((5 + size(each)) / 6) ** penalty)
    return found[:width]


def text(found):
    return @separator.join(words[each] for each in found[1]).strip()


def size(found):
    return len(found[1]) + found[2]
"""
