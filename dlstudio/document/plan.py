"""The data recipe and the training plan of a project."""

from __future__ import annotations

from dataclasses import dataclass, field

from dlstudio.document.values import CHECKED, FrozenMap, Spec, SpecOf

NO_SOURCE = Spec("")


@dataclass(frozen=True, slots=True)
class Split:
    """How samples are divided.

    Attributes:
        mode: "random" (stratified by class unless `stratify` is off) or "folders"
            (train/val/test as the source itself says; what is missing is taken
            from the training part at random).
        validation, test: Share of all samples, 0 to less than 1.
        group_by: Which samples stay together: "" (each by itself), "folder" (those
            of the folder `group_level` steps above the file, by its name) or "name"
            (those whose id gives the same for `group_pattern`).
        group_pattern: A regular expression; its first group, or else all it finds.
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
    """Where samples come from and what is done to them; the files stay untouched.

    Attributes:
        source: A description of family "sources" with its parameters.
        leave_out: Sample ids (paths relative to the source) that are not used.
        relabel: Sample id → class name, instead of what the source says.
        moved: Sample id → "train", "validation" or "test", whatever the split says.
        checked: Findings that were looked at and are right as they are, each as its
            kind, a space and its path.
    """

    __pydantic_config__ = CHECKED

    source: SpecOf = NO_SOURCE
    split: Split = Split()
    leave_out: tuple[str, ...] = ()
    relabel: FrozenMap[str, str] = field(default_factory=FrozenMap)
    moved: FrozenMap[str, str] = field(default_factory=FrozenMap)
    checked: tuple[str, ...] = ()


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
    """Two phases: the head alone while the layers before it are frozen, then all.

    Attributes:
        epochs: How many the head trains alone.
        rate: Factor of the learning rate when all layers train.
    """

    __pydantic_config__ = CHECKED

    epochs: int = 2
    rate: float = 0.1


DEFAULT_OPTIMIZER = Spec("keras.optimizers.Adam")
DEFAULT_LOSS = Spec("keras.losses.SparseCategoricalCrossentropy")
CONSTANT = Spec("dlstudio.schedules.Constant")
ACCURACY = Spec("dlstudio.metrics.accuracy")
THREAD, CHILD = PROCESSES = ("thread", "child")


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """Everything that decides a training, beside the graph and the data.

    Attributes:
        optimizer: With its parameters; its learning_rate is the schedule's base.
        schedule: A description of family "schedules".
        class_weights: "none", "balanced" (n / (classes · count), as scikit-learn's),
            or "custom" with `class_weight` by class name.
        precision: A Keras dtype policy: "float32", "mixed_float16", "mixed_bfloat16".
        device: "auto", "cpu", "gpu:N" or "all" (MirroredStrategy).
        steps_per_execution: 0 means chosen by a timed trial.
        checkpoint_minutes: Time between checkpoints within an epoch; 0 for none.
        deterministic: Also on a GPU the same result every time (slower).
        process: "thread" (in the program's own process) or "child" (in one of its
            own, which may crash alone); the result is the same.
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
