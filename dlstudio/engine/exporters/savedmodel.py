"""SavedModel: two signatures, labels as an asset, nothing but TensorFlow inside."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import tensorflow as tf

from dlstudio.data.decode import GRAPH_FORMATS, prepare_in_graph
from dlstudio.engine.exported import Exported
from dlstudio.engine.exporters.labels import labels_text
from dlstudio.engine.trained import Trained

LOADER = Path(__file__).with_name("loaders") / "savedmodel.py"
THRESHOLD = 0.5


def export(trained: Trained, out: Path) -> Exported:
    """Write `trained` as a SavedModel folder.

    Signatures, each giving `scores` float32 (n, classes) and `labels` string:

    - `serving_default`: `images` float32 (n, height, width, channels), 0 to 255;
    - `serve_bytes`: `image_bytes` string (n,), pictures as they lie on disk; EXIF
      rotation is honoured inside the graph.

    `labels` is (n,), or for tagging (n, classes) with "" where a label is not given.

    Args:
        trained: The model.
        out: A folder that is not there yet.
    """
    with tempfile.TemporaryDirectory(prefix=".labels-", dir=out.parent) as folder:
        labels = Path(folder) / "labels.txt"
        labels.write_text(labels_text(trained.classes), "utf-8", newline="\n")
        module = tf.Module()
        module.labels = tf.saved_model.Asset(str(labels))
        module.kept = [variable.value for variable in trained.model.variables]
        tf.saved_model.save(module, str(out), signatures=_signatures(trained))
    return Exported(
        path=out,
        loader=LOADER,
        entries={"serving_default": "pixels", "serve_bytes": "bytes"},
        to_scores=lambda scores: scores,
        usage=USAGE,
        formats=GRAPH_FORMATS,
    )


def _signatures(trained: Trained) -> dict[str, Any]:
    spec = trained.picture
    images = tf.TensorSpec(trained.model.inputs[0].shape, tf.float32, name="images")
    encoded = tf.TensorSpec((None,), tf.string, name="image_bytes")
    prepared = tf.TensorSpec(spec.shape, tf.uint8)

    def serving_default(images: Any) -> dict[str, Any]:
        scores = trained.scores_of(images)
        return {"scores": scores, "labels": _labels(trained, scores)}

    def serve_bytes(image_bytes: Any) -> dict[str, Any]:
        def prepare(one: Any) -> Any:
            return prepare_in_graph(one, spec)

        pixels = tf.map_fn(prepare, image_bytes, fn_output_signature=prepared)
        return serving_default(pixels)

    return {
        "serving_default": _plain(serving_default, images),
        "serve_bytes": _plain(serve_bytes, encoded),
    }


def _plain(function: Any, spec: Any) -> Any:
    """A graph function of one tensor; nothing in it is Python control flow."""
    return tf.function(function, input_signature=[spec], autograph=False)


def _labels(trained: Trained, scores: Any) -> Any:
    names = tf.constant(trained.classes)
    if trained.multi_label:
        return tf.where(scores >= THRESHOLD, names[None, :], "")
    return tf.gather(names, tf.argmax(scores, axis=1))


USAGE = """\
```python
import tensorflow as tf

model = tf.saved_model.load("{name}")
ask = model.signatures["serve_bytes"]
with open("{picture}", "rb") as file:
    answer = ask(image_bytes=tf.constant([file.read()]))
print(answer["labels"].numpy(), answer["scores"].numpy())
```

The other entry, `model.signatures["serving_default"]`, takes `images=`: float32 pixels
of 0 to 255, one picture a row.

TensorFlow Serving:

```sh
docker run -p 8501:8501 -e MODEL_NAME=model \\
  -v "$PWD/{name}:/models/model/1" tensorflow/serving
printf '{{"signature_name": "serve_bytes", "instances":
  [{{"image_bytes": {{"b64": "%s"}}}}]}}' "$(base64 < "{picture}" | tr -d '\\n')" |
  curl -d @- http://localhost:8501/v1/models/model:predict
```

C++:

```cpp
tensorflow::SavedModelBundleLite model;
TF_CHECK_OK(tensorflow::LoadSavedModel(
    {{}}, {{}}, "{name}", {{tensorflow::kSavedModelTagServe}}, &model));
const auto& ask = model.GetSignatures().at("serve_bytes");
tensorflow::Tensor pictures(tensorflow::DT_STRING, {{1}});
pictures.vec<tensorflow::tstring>()(0) = encoded;  // the file's bytes
std::vector<tensorflow::Tensor> answer;
TF_CHECK_OK(model.GetSession()->Run(
    {{{{ask.inputs().at("image_bytes").name(), pictures}}}},
    {{ask.outputs().at("labels").name(), ask.outputs().at("scores").name()}},
    {{}}, &answer));
```
"""
