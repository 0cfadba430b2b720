"""Learning distributions of latent vectors."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations, Param
from dlstudio.i18n import marked as _

VARIATIONAL = Description(
    kind="dlstudio.methods.variational",
    family="methods",
    implementation="",
    title=_("Variational"),
    summary=_(
        "Like supervised; the latent vectors that Sampling layers draw also learn to "
        "be normally distributed."
    ),
    params=(
        Param(
            "beta",
            "float",
            default=1.0,
            minimum=0,
            summary=_(
                "Weight of the divergence from the normal distribution. Smaller gives "
                "sharper reconstructions, larger gives better samples."
            ),
        ),
    ),
    # What is reported beside the total loss: of a single output, and of the method.
    extra={"output_loss": "reconstruction_loss", "losses": ("kl_loss",)},
    implementations=Implementations(
        engine="dlstudio.engine.methods.variational:VARIATIONAL",
        view="dlstudio.ui.heads.generator_view:GENERATOR",
    ),
)
