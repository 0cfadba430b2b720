"""What the rooms show for a model that gives images back."""

from __future__ import annotations

from dlstudio.i18n import marked
from dlstudio.ui.heads.head_view import HeadView

IMAGES = HeadView(
    live_title=marked("Reconstructions"),
    live="dlstudio.ui.heads.image_live:LiveImages",
    predict="dlstudio.ui.predict.reconstruction_page:ReconstructionPage",
    parts=(("encoder", marked("Encoder")), ("decoder", marked("Decoder"))),
)
