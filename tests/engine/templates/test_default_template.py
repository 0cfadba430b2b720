"""Which templates fit which data."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.default_template import (
    check_fitting,
    default_template,
    fitting_templates,
)
from dlstudio.engine.templates.image_and_table import with_example_image
from dlstudio.engine.templates.image_default import reason_text
from dlstudio.engine.templates.table_features import example_features
from dlstudio.errors import UserError

CATALOG = Catalog.load()
IMAGES = TemplateContext("it", classes=2)
UNLABELED = replace(IMAGES, classes=0)
CLASSIFYING = ("image-cnn", "image-mlp", "image-resnet", "image-transfer")
RECONSTRUCTING = ("image-autoencoder", "image-vae")
TABLES = ("table-mlp", "table-wide-deep")


@pytest.mark.parametrize(
    ("context", "names", "first"),
    [
        (IMAGES, (*CLASSIFYING, *RECONSTRUCTING), "image-cnn"),
        (UNLABELED, RECONSTRUCTING, "image-autoencoder"),
        (replace(IMAGES, table=example_features()), TABLES, "table-mlp"),
        (
            replace(IMAGES, table=with_example_image(example_features())),
            (*RECONSTRUCTING, "image-and-table", *TABLES),
            "image-and-table",
        ),
    ],
)
def test_templates_fit_by_what_the_data_has(
    context: TemplateContext, names: tuple[str, ...], first: str
) -> None:
    assert fitting_templates(context, CATALOG) == names
    assert default_template(context).endswith(f".{first}")
    for each in CATALOG.family("templates"):
        if each.name in names or not each.extra["needs_data"]:
            check_fitting(each, context, CATALOG)
            continue
        with pytest.raises(UserError, match=each.name) as caught:
            check_fitting(each, context, CATALOG)
        assert ", ".join(names) in caught.value.hint


def test_one_class_is_too_few_to_classify() -> None:
    alone = replace(IMAGES, classes=1)
    assert default_template(alone).endswith(".image-autoencoder")
    assert "only one class" in reason_text(alone)
    assert default_template(replace(alone, has_several_labels=True)).endswith(
        ".image-cnn"
    )
    assert "image-cnn" in fitting_templates(alone, CATALOG)


@pytest.mark.parametrize(
    ("titled", "said"), [(False, "--feature"), (True, "type Text")]
)
def test_templates_of_pairs_say_which_columns_they_need(
    titled: bool, said: str
) -> None:
    table = replace(IMAGES, table=example_features())
    pairs = CATALOG.find("templates", "translate-gru")
    with pytest.raises(UserError) as caught:
        check_fitting(pairs, table, CATALOG, titled=titled)
    assert said in (caught.value.hint or "")
