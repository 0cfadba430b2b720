"""Schedules: their shapes, and that they fit their descriptions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.catalog.store import Catalog
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.model.instantiate import make
from dlstudio.engine.training.schedules import (
    Constant,
    Cosine,
    Exponential,
    OneCycle,
    OnPlateau,
    Step,
)
from dlstudio.errors import UserError

CATALOG = Catalog.load()


def at(schedule: object, *places: float, epochs: int = 10) -> list[float]:
    found = schedule.factors(np.array(places, np.float64), epochs)
    return found.round(6).tolist()


def test_constant_with_and_without_warm_up() -> None:
    assert at(Constant(), 0, 5) == [1, 1]
    first, half, after = at(Constant(warmup_epochs=2), 0, 1, 3)
    assert 0 < first < 0.01 and half == pytest.approx(0.5, abs=0.01) and after == 1


def test_step_and_exponential() -> None:
    assert at(Step(every_epochs=2, factor=0.1), 0, 1.9, 2, 4) == [1, 1, 0.1, 0.01]
    assert at(Exponential(0.5), 0, 1, 2) == [1, 0.5, 0.25]


def test_cosine_falls_to_its_share() -> None:
    assert at(Cosine(final=0.2), 0, 5, 10) == [1, 0.6, 0.2]
    assert at(Cosine(warmup_epochs=2), 2, 6, 10) == [1, 0.5, 0]


def test_one_cycle_rises_and_falls() -> None:
    rule = OneCycle(start=0.1, final=0.01, rise=0.5)
    assert at(rule, 0, 5, 10) == [0.1, 1, 0.01]
    climb = at(rule, *np.linspace(0, 5, 20))
    assert climb == sorted(climb)


def test_a_plateau_leaves_the_factor_to_the_state() -> None:
    assert at(OnPlateau(), 0, 9) == [1, 1]


@pytest.mark.parametrize("description", CATALOG.family("schedules"))
def test_each_description_makes_its_schedule(description: object) -> None:
    spec = Spec(description.kind, FrozenMap(description.defaults()))
    made = make(spec, CATALOG, "schedules")
    fields = set(made.__dataclass_fields__)
    assert fields == {param.name for param in description.params}
    assert made == type(made)()


@given(
    st.sampled_from([d.kind for d in CATALOG.family("schedules")]),
    st.integers(1, 50),
    st.integers(1, 40),
)
def test_factors_are_shares_and_never_negative(
    kind: str, epochs: int, steps: int
) -> None:
    schedule = make(Spec(kind), CATALOG, "schedules")
    places = np.arange(epochs * steps) / steps
    factors = schedule.factors(places, epochs)
    assert factors.shape == places.shape
    assert np.all((factors >= 0) & (factors <= 1 + 1e-12))
    # In blocks or at once: a resumed training computes the same rates.
    cut = len(places) // 3
    pieces = [schedule.factors(p, epochs) for p in (places[:cut], places[cut:])]
    assert np.concatenate(pieces).tobytes() == factors.tobytes()


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(UserError):
        make(
            Spec("dlstudio.schedules.Step", FrozenMap({"speed": 1})),
            CATALOG,
            "schedules",
        )
