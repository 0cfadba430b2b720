"""The parameters of a training plan, described like those of a layer."""

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
            summary=_("The quantity that training minimizes."),
        ),
        Param(
            "optimizer",
            "object",
            required=True,
            family="optimizers",
            summary=_("How the weights are updated after each batch."),
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
            summary=_("Number of passes over the training samples."),
        ),
        Param(
            "batch_size",
            "int",
            default=32,
            minimum=1,
            summary=_(
                "Samples per step. Larger batches are faster but need more memory."
            ),
        ),
        Param(
            "metrics",
            "objects",
            default=(),
            family="plain_metrics",
            summary=_("Metrics shown next to the loss."),
        ),
        Param(
            "early_stopping",
            "bool",
            default=False,
            summary=_(
                "Stop when the model no longer improves, and keep the best weights."
            ),
        ),
        Param(
            "early_stopping.monitor",
            "monitor",
            default="val_loss",
            summary=_("Metric to monitor."),
        ),
        Param(
            "early_stopping.patience",
            "int",
            default=5,
            minimum=1,
            summary=_("Epochs without improvement before training stops."),
        ),
        Param(
            "early_stopping.restore_best",
            "bool",
            default=True,
            summary=_("Keep the weights of the best epoch instead of the last."),
        ),
        Param(
            "head_first",
            "bool",
            default=False,
            summary=_(
                "Train in two phases: first only the head, with the other "
                "layers frozen, then all layers at a lower learning rate."
            ),
        ),
        Param(
            "head_first.epochs",
            "int",
            default=2,
            minimum=1,
            summary=_("Epochs in which only the head is trained."),
        ),
        Param(
            "head_first.rate",
            "float",
            default=0.1,
            minimum=0,
            open_minimum=True,
            summary=_("Factor for the learning rate when all layers are trained."),
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
            summary=_("Device to train on; “all” uses every GPU."),
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
                "“child” trains in a separate process: if it crashes or runs "
                "out of memory, the window keeps running, and the GPU memory "
                "is freed at the end."
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
            summary=_("Gives the same result every time on a GPU too; slower."),
            advanced=True,
        ),
        Param(
            "steps_per_execution",
            "int",
            default=0,
            minimum=0,
            maximum=1024,
            summary=_("Steps run in one call; 0 chooses the fastest number."),
            advanced=True,
        ),
        Param(
            "bucket_by_length",
            "bool",
            default=False,
            summary=_(
                "Put texts of similar length into the same batch, without padding "
                "that it does not need, if the model skips padding; faster."
            ),
            advanced=True,
        ),
        Param(
            "augmented_passes",
            "int",
            default=0,
            minimum=0,
            maximum=100,
            summary=_(
                "With augmentation before a frozen pretrained network: how many "
                "augmented versions of each sample are computed once and used in turn. "
                "0 augments anew in each epoch, which is slower."
            ),
            advanced=True,
        ),
        Param(
            "method",
            "object",
            "dlstudio.methods.supervised",
            family="methods",
            summary=_(
                "How the model learns. Variational is for models with a Sampling layer."
            ),
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
