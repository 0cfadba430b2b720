"""The samples of any source in the form that a model wants."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.data.data_form import DataForm
from dlstudio.data.features.base import Fitted
from dlstudio.data.features.stored_values import CachePlace, load_stored_values
from dlstudio.data.parallel import Progress, ShouldStop
from dlstudio.data.prepared import Prepared
from dlstudio.data.row_ids import RowIds
from dlstudio.data.samples import Samples
from dlstudio.document.plan import LABEL, DataRecipe


def prepare_data(
    opened: Samples,
    recipe: DataRecipe,
    form: DataForm,
    catalog: Catalog,
    cache: Path,
    progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
    known: Mapping[str, Fitted] | None = None,
) -> Prepared:
    """The samples of any source in the form that a model wants.

    Args:
        opened: All samples of the source.
        recipe: Features, split, exclusions and corrections.
        form: Which features are used, and in which form.
        catalog: Describes the feature types.
        cache: Cache folder, which may be deleted at any time.
        progress: Called with the number of prepared and of all samples.
        should_stop: Checked often; True stops the work, which can be resumed later.
        known: What the features of a table have learned from other rows.

    Raises:
        UserError: A feature is missing, no sample can be used, or the cache cannot be
            written.
        Stopped: `should_stop` returned True.
    """
    if isinstance(opened.ids, RowIds):
        # What reads tables takes a moment to import, and other sources do not need it.
        from dlstudio.data.prepare_table import prepare_table

        return prepare_table(
            opened, recipe, form, catalog, cache, progress, should_stop, known
        )
    ((name, wanted),) = form.stored.items()
    values = load_stored_values(catalog[recipe.features[name].kind])
    assert values is not None
    place = CachePlace(cache, progress, should_stop)
    classified = LABEL in form.targets
    return values.prepare_alone(opened, recipe, wanted, place, classified)
