"""Names of the catalog's families, as used in messages."""

from __future__ import annotations

from dlstudio.i18n import _, marked

_TITLES = {
    "activations": marked("activations"),
    "callbacks": marked("callbacks"),
    "constraints": marked("constraints"),
    "features": marked("feature types"),
    "formats": marked("export formats"),
    "heads": marked("heads"),
    "initializers": marked("initializers"),
    "keras_schedules": marked("learning rate schedules"),
    "layers": marked("layers"),
    "losses": marked("losses"),
    "methods": marked("training methods"),
    "metrics": marked("metrics"),
    "ops": marked("operations"),
    "optimizers": marked("optimizers"),
    "plain_metrics": marked("metrics"),
    "regularizers": marked("regularizers"),
    "schedules": marked("learning rate schedules"),
    "sources": marked("data sources"),
    "templates": marked("templates"),
}


def family_title(family: str) -> str:
    """The family as in "one of the optimizers", in the current language."""
    return _(_TITLES.get(family, family))
