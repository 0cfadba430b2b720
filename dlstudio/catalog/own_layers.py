"""dlstudio's own layers: those that Keras does not have."""

from __future__ import annotations

from dlstudio.catalog.categories import CATEGORIES
from dlstudio.catalog.nodes import TRAINING
from dlstudio.catalog.schema import Description, Param, Ports
from dlstudio.i18n import marked as _

OWN_LAYERS = (
    Description(
        kind="dlstudio.layers.Sampling",
        family="layers",
        implementation="dlstudio.engine.model.reparametrization:Sampling",
        category="regularization",
        summary=_(
            "Draws a vector near a mean, as far from it as a variance says; gives the "
            "mean outside of training. For variational autoencoders."
        ),
        doc=(
            "Draws from a normal distribution by the reparametrization trick:\n"
            "`mean + exp(log_variance / 2) * noise`, so that gradients reach both\n"
            "(Kingma & Welling, “Auto-Encoding Variational Bayes”, 2013).\n\n"
            "With the training method “variational”, the divergence of this\n"
            "distribution from the standard normal one is added to the loss.\n\n"
            "Exports do not contain it: they use the mean. Before Keras can open\n"
            "a run's `model.keras`, `dlstudio.engine.model.reparametrization` must be\n"
            "imported."
        ),
        params=(
            Param(
                "seed",
                "int",
                optional=True,
                minimum=0,
                maximum=4294967295,
                summary=_("Seed of its random numbers; empty to use the plan's seed."),
                advanced=True,
            ),
            Param(
                "name",
                "text",
                optional=True,
                summary=_("Name of the layer, unique within a model."),
                advanced=True,
            ),
        ),
        inputs=Ports(2, 2, names=("mean", "log_variance"), positional=2),
        call=(TRAINING,),
        color=CATEGORIES["regularization"].color,
        icon=CATEGORIES["regularization"].icon,
        example_inputs=((None, 6), (None, 6)),
    ),
)
