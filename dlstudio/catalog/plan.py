"""The parameters of a training plan, described as those of a layer are."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Param
from dlstudio.i18n import marked as _

PLAN = Description(
    kind="dlstudio.plan",
    family="plan",
    implementation="dlstudio.document.plan:TrainingPlan",
    summary=_("How the model is trained."),
    params=(
        Param(
            "loss",
            "object",
            required=True,
            family="losses",
            summary=_("What the training makes as small as it can."),
        ),
        Param(
            "optimizer",
            "object",
            required=True,
            family="optimizers",
            summary=_("How the weights are changed after each batch."),
        ),
        Param(
            "schedule",
            "object",
            required=True,
            family="schedules",
            summary=_("How the learning rate changes over the epochs."),
        ),
        Param(
            "epochs",
            "int",
            default=10,
            minimum=1,
            summary=_("How often every training sample is seen."),
        ),
        Param(
            "batch_size",
            "int",
            default=32,
            minimum=1,
            summary=_("Samples per step; more is faster and needs more memory."),
        ),
        Param(
            "metrics",
            "objects",
            default=(),
            family="plain_metrics",
            summary=_("Figures shown beside the loss."),
        ),
        Param(
            "early_stopping",
            "bool",
            default=False,
            summary=_("Stop when there is no progress, and keep the best weights."),
        ),
        Param(
            "early_stopping.monitor",
            "monitor",
            default="val_loss",
            summary=_("What is watched."),
        ),
        Param(
            "early_stopping.patience",
            "int",
            default=5,
            minimum=1,
            summary=_("Epochs without progress before it stops."),
        ),
        Param(
            "early_stopping.restore_best",
            "bool",
            default=True,
            summary=_("Keep the weights of the best epoch, not of the last."),
        ),
        Param(
            "head_first",
            "bool",
            default=False,
            summary=_(
                "Two phases: the layers before the head are frozen at first, then all"
                " of them train with a lower rate."
            ),
        ),
        Param(
            "head_first.epochs",
            "int",
            default=2,
            minimum=1,
            summary=_("Epochs that the head trains alone."),
        ),
        Param(
            "head_first.rate",
            "float",
            default=0.1,
            minimum=0,
            open_minimum=True,
            summary=_("Factor of the learning rate when all layers train."),
        ),
        Param(
            "class_weights",
            "enum",
            default="none",
            choices=("none", "balanced", "custom"),
            summary=_("“balanced” gives rare classes more weight."),
        ),
        Param(
            "device",
            "enum",
            default="auto",
            choices=("auto", "cpu", "gpu:0", "all"),
            summary=_("Where it is computed; “all” uses every GPU."),
        ),
        Param(
            "precision",
            "enum",
            default="float32",
            choices=("float32", "mixed_float16", "mixed_bfloat16"),
            summary=_("Mixed precision is faster on newer GPUs."),
        ),
        Param(
            "process",
            "enum",
            default="thread",
            choices=("thread", "child"),
            summary=_(
                "“child” trains in a process of its own: if it crashes or memory runs"
                " out, the window lives, and a GPU's memory is given back at the end."
            ),
        ),
        Param(
            "seed",
            "int",
            default=0,
            minimum=0,
            maximum=4294967295,
            summary=_("The same seed gives the same training."),
            advanced=True,
        ),
        Param(
            "deterministic",
            "bool",
            default=False,
            summary=_("The same result every time on a GPU too; slower."),
            advanced=True,
        ),
        Param(
            "steps_per_execution",
            "int",
            default=0,
            minimum=0,
            maximum=1024,
            summary=_("Steps done in one go; 0 finds the fastest."),
            advanced=True,
        ),
        Param(
            "checkpoint_minutes",
            "float",
            default=10.0,
            minimum=0,
            summary=_("Minutes between checkpoints within an epoch; 0 for none."),
            advanced=True,
        ),
    ),
)
