"""The data recipe and the training plan of a project."""

from __future__ import annotations

from dataclasses import dataclass, field

from dlstudio.document.feature import Feature
from dlstudio.document.values import CHECKED, FrozenMap, ParamsOf, Spec, SpecOf, Value

NO_SOURCE = Spec("")
IMAGE, LABEL = "image", "label"
"""What sources of images call their two columns."""
IMAGE_AND_CLASS: FrozenMap[str, Feature] = FrozenMap(
    {
        IMAGE: Feature("dlstudio.features.image"),
        LABEL: Feature("dlstudio.features.category"),
    }
)


@dataclass(frozen=True, slots=True)
class Split:
    """How samples are split.

    Attributes:
        mode: "random" (stratified by class unless `stratify` is off) or "folders"
            (train/val/test as given by the source; missing splits are taken from the
            training split at random).
        validation, test: Share of all samples, at least 0 and less than 1.
        group_by: Which samples stay in one split: "" (no grouping), "folder" (by the
            name of the folder `group_level` levels above the file) or "name" (by the
            match of `group_pattern` in the id).
        group_pattern: A regular expression; its first group, or else the whole match.
    """

    __pydantic_config__ = CHECKED

    mode: str = "random"
    validation: float = 0.15
    test: float = 0.15
    seed: int = 0
    stratify: bool = True
    group_by: str = ""
    group_level: int = 1
    group_pattern: str = ""


@dataclass(frozen=True, slots=True)
class DataRecipe:
    """The samples' source and how they are used; files are never modified.

    Attributes:
        source: A description of family "sources" with its parameters.
        features: The columns that are used, by the name they go by from here on.
        leave_out: Sample ids (paths relative to the source) that are not used.
        changed: Sample id → feature → value, instead of what the source says; several
            categories of a sample are separated by "|".
        moved: Sample id → "train", "validation" or "test", whatever the split says.
        checked: Findings that were looked at and are right as they are, each as its
            kind, a space and its path.
    """

    __pydantic_config__ = CHECKED

    source: SpecOf = NO_SOURCE
    split: Split = Split()
    features: FrozenMap[str, Feature] = IMAGE_AND_CLASS
    leave_out: tuple[str, ...] = ()
    changed: FrozenMap[str, ParamsOf] = field(default_factory=FrozenMap)
    moved: FrozenMap[str, str] = field(default_factory=FrozenMap)
    checked: tuple[str, ...] = ()

    def changed_values(self, feature: str) -> FrozenMap[str, Value]:
        """Sample id → value that was changed, of one feature."""
        return FrozenMap(
            (id, values[feature])
            for id, values in self.changed.items()
            if feature in values
        )


@dataclass(frozen=True, slots=True)
class EarlyStopping:
    """Stop when `monitor` has not improved by `min_delta` for `patience` epochs."""

    __pydantic_config__ = CHECKED

    monitor: str = "val_loss"
    patience: int = 5
    min_delta: float = 0.0
    restore_best: bool = True


@dataclass(frozen=True, slots=True)
class HeadFirst:
    """Two-phase training: the head alone with the other layers frozen, then all.

    Attributes:
        epochs: Number of epochs that train the head alone.
        rate: Factor for the learning rate when all layers train.
    """

    __pydantic_config__ = CHECKED

    epochs: int = 2
    rate: float = 0.1


DEFAULT_OPTIMIZER = Spec("keras.optimizers.Adam")
DEFAULT_LOSS = Spec("keras.losses.SparseCategoricalCrossentropy")
CONSTANT = Spec("dlstudio.schedules.Constant")
ACCURACY = Spec("dlstudio.metrics.accuracy")
SUPERVISED = Spec("dlstudio.methods.supervised")
THREAD, CHILD = PROCESSES = ("thread", "child")


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """Everything that determines a training besides the graph and the data.

    Attributes:
        optimizer: Optimizer with parameters; its learning_rate is the schedule's base.
        schedule: A description of family "schedules".
        class_weights: "none", "balanced" (n / (classes · count), as in scikit-learn),
            or "custom" with `class_weight` by class name.
        precision: A Keras dtype policy: "float32", "mixed_float16", "mixed_bfloat16".
        device: "auto", "cpu", "gpu:N" or "all" (MirroredStrategy).
        steps_per_execution: 0 to choose by a timed trial.
        checkpoint_minutes: Minutes between checkpoints within an epoch; 0 for none.
        deterministic: Whether results are reproducible on a GPU too (slower).
        process: "thread" (in the program's process) or "child" (in a child process,
            whose crash does not affect the program); the result is the same.
        method: How the graphs learn: a description of family "methods".
        bucket_by_length: Whether texts of similar length share a batch, without the
            padding that it does not need, if the model skips padding.
        augmented_passes: How many draws of random layers before a frozen backbone are
            computed and used in turn; 0 draws in each epoch and computes no features.
    """

    __pydantic_config__ = CHECKED

    loss: SpecOf = DEFAULT_LOSS
    optimizer: SpecOf = DEFAULT_OPTIMIZER
    schedule: SpecOf = CONSTANT
    metrics: tuple[SpecOf, ...] = (ACCURACY,)
    epochs: int = 10
    batch_size: int = 32
    early_stopping: EarlyStopping | None = None
    head_first: HeadFirst | None = None
    class_weights: str = "none"
    class_weight: FrozenMap[str, float] = field(default_factory=FrozenMap)
    precision: str = "float32"
    device: str = "auto"
    seed: int = 0
    deterministic: bool = False
    steps_per_execution: int = 0
    checkpoint_minutes: float = 10.0
    process: str = THREAD
    method: SpecOf = SUPERVISED
    bucket_by_length: bool = False
    augmented_passes: int = 0
