"""What to do about data that is missing, in the words of the sources that there are."""

from __future__ import annotations

from dlstudio.i18n import marked as _

CHOOSE_SOURCE = _(
    "The project has no data yet. Choose a folder of images, a table "
    "or a sample dataset."
)
SET_SOURCE = _(
    "Set data.source to a folder of images, or to digits for the handwritten digits."
)
CHOOSE_PATH = _("Choose the folder or file that contains the images.")
ADD_FOR_TRAINING = _("Add images to train/, or set data.split.mode to random.")
"""Where the source says what is for training, as folders do."""
ALL_EXCLUDED = _("All images are excluded.")
INCLUDE_AGAIN = _("To include images again, remove them from data.leave_out.")
