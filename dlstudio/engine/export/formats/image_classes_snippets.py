"""Code that calls an exported SavedModel: Python, TensorFlow Serving, shell, C++."""

from __future__ import annotations

from dlstudio.document.export import Snippet
from dlstudio.engine.export.exported_model import EntryPoint
from dlstudio.engine.export.formats.labels import PRINT_SCORES, READ_NAMES
from dlstudio.i18n import marked as mark

LABELS = "/assets/labels.txt"
_LOAD = f"""\
import tensorflow as tf

model = tf.saved_model.load(@model)
{READ_NAMES}"""
_ANSWER = """\
scores, labels = answer["scores"].numpy(), answer["labels"].numpy()
"""
_BYTES = f"""\
answer = model.signatures["serve_bytes"](image_bytes=tf.constant(files))
{_ANSWER}"""
_PIXELS = f"""\
answer = model.signatures["serving_default"](images=tf.constant(images))
{_ANSWER}"""
_READ = """\
with open(@file, "rb") as file:
    files = [file.read()]
"""
_PRINT_LABEL = "print(labels[0].decode())\n"
_PRINT_LABELS = "print([label.decode() for label in labels[0] if label])\n"

LOAD = Snippet("", "python", _LOAD, LABELS)
ENTRIES = {
    "serving_default": EntryPoint("pixels", _PIXELS),
    "serve_bytes": EntryPoint("bytes", _BYTES),
}

_SERVING = """\
docker run -p 8501:8501 -e MODEL_NAME=model \\
  -v @mount:/models/model/1 tensorflow/serving

printf '{"signature_name": "serve_bytes", "instances":
  [{"image_bytes": {"b64": "%s"}}]}' "$(base64 < @file | tr -d '\\n')" |
  curl -d @- http://localhost:8501/v1/models/model:predict
"""

_CLI = """\
saved_model_cli show --dir @model --all
saved_model_cli run --dir @model --tag_set serve \\
  --signature_def serving_default --inputs images=images.npy
"""

_CPP = """\
tensorflow::SavedModelBundleLite model;
TF_CHECK_OK(tensorflow::LoadSavedModel(
    {}, {}, @model, {"serve"}, &model));
const auto& ask = model.GetSignatures().at("serve_bytes");
tensorflow::Tensor images(tensorflow::DT_STRING, {1});
images.vec<tensorflow::tstring>()(0) = encoded;  // the file's bytes
std::vector<tensorflow::Tensor> answer;
TF_CHECK_OK(model.GetSession()->Run(
    {{ask.inputs().at("image_bytes").name(), images}},
    {ask.outputs().at("labels").name(), ask.outputs().at("scores").name()},
    {}, &answer));
"""


def shown(has_several_labels: bool) -> tuple[Snippet, ...]:
    """The snippets that are shown beside an export.

    Args:
        has_several_labels: Whether a sample may have any number of labels.
    """
    label = _PRINT_LABELS if has_several_labels else _PRINT_LABEL
    python = "\n".join((_LOAD, _READ, _BYTES + label + PRINT_SCORES))
    return (
        Snippet(mark("From Python"), "python", python, LABELS),
        Snippet(mark("With TensorFlow Serving"), "sh", _SERVING),
        Snippet(mark("With saved_model_cli"), "sh", _CLI),
        Snippet(mark("From C++"), "cpp", _CPP),
    )
