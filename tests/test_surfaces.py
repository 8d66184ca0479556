"""Facts about the cost surfaces: gradients, minima, the plateau, noise, regression."""

import inspect
import pickle
from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest

from momentum import surfaces
from momentum.surfaces import least_squares, noisy, plateau, quadratic

ROWS = np.random.default_rng(3).normal(size=(40, 3))
TARGETS = np.random.default_rng(4).normal(size=40)

# name, factory, keyword arguments, the coordinates x where the second derivative jumps
TABLE = [
    ("bowl", "quadratic", {}, ()),
    ("line", "quadratic", {"curvatures": 2.5}, ()),
    ("pass", "quadratic", {"curvatures": [1.0, -2.0, 0.0, 30.0]}, ()),
    ("huber", "huber", {}, (-1.0, 1.0)),
    ("steep huber", "huber", {"curvature": 3.0, "threshold": 0.7}, (-0.7, 0.7)),
    ("plateau", "plateau", {}, (0.0, 2.0, 3.0)),
    ("no plateau", "plateau", {"width": 0.0}, (0.0, 1.0)),
    ("plateau 2-D", "plateau", {"width": 1.5, "dim": 2}, (0.0, 1.5, 2.5)),
    ("double well", "double_well", {}, ()),
    ("left tilt", "double_well", {"tilt": -1.2}, ()),
    ("even wells", "double_well", {"tilt": 0.0}, ()),
    ("saddle", "saddle", {}, ()),
    ("rosenbrock", "rosenbrock", {}, ()),
    ("mild rosenbrock", "rosenbrock", {"steepness": 2.0}, ()),
    ("himmelblau", "himmelblau", {}, ()),
    ("log cosh", "log_cosh", {}, ()),
    ("steep log cosh", "log_cosh", {"curvature": 7.0}, ()),
    ("bent", "bent", {}, (1.0, 2.0)),
    ("chain", "chain", {"dim": 5, "condition_number": 20.0}, ()),
    ("one spring", "chain", {"dim": 1}, ()),
    ("in the polygon", "cycling", {"learning_rate": 0.01}, ()),  # test_cycles goes beyond
    ("regression", "least_squares", {"features": ROWS, "targets": TARGETS}, ()),
]
POLYNOMIALS = [row for row in TABLE if row[1] not in ("least_squares", "log_cosh")]


def over(table):
    """Run a test for every surface of the table."""
    rows = [(getattr(surfaces, factory)(**given), kinks) for _, factory, given, kinks in table]
    return pytest.mark.parametrize("surface, kinks", rows, ids=[row[0] for row in table])


def random_points(surface, n, seed=0):
    low, high = np.array(surface.view).T
    return np.random.default_rng(seed).uniform(low, high, (n, surface.dim)).T


def five_point_slope(surface, w, axis, h=2.0**-7):
    """The derivative along `axis`: exact for polynomials up to degree 4, but for rounding."""
    e = np.zeros_like(w)
    e[axis] = h
    near = surface.value(w + e) - surface.value(w - e)
    far = surface.value(w + 2 * e) - surface.value(w - 2 * e)
    return (8 * near - far) / (12 * h)


def test_the_table_holds_every_factory():
    public = {
        name
        for name, f in vars(surfaces).items()
        if inspect.isfunction(f) and f.__module__.startswith(surfaces.__name__) and name[0] != "_"
    }
    assert public == {factory for _, factory, _, _ in TABLE} | {"noisy"}


@over(TABLE)
def test_gradient_is_the_central_difference_of_the_value(surface, kinks):
    w = random_points(surface, 300)
    w = w[:, [all(abs(x - kink) > 0.02 for kink in kinks) for x in w[0]]]
    exact = 1e-12 if surface.name != "log cosh" else 1e-9  # no polynomial: h**4 is left
    tolerance = exact * (1 + abs(surface.value(w)).max())
    assert w.shape[1] > 250
    for axis, slope in enumerate(surface.gradient(w)):
        assert abs(slope - five_point_slope(surface, w, axis)).max() < tolerance


@over(TABLE)
def test_gradient_has_no_jump_at_a_kink_of_the_curvature(surface, kinks):
    for x in kinks:
        w = np.full((surface.dim, 2), 0.3)
        w[0] = x - 1e-9, x + 1e-9
        before, after = surface.gradient(w).T
        assert abs(after - before).max() < 1e-7


@over(POLYNOMIALS)
def test_a_batch_equals_a_loop_over_its_points_bit_for_bit(surface, kinks):
    w = random_points(surface, 60, seed=1).reshape(surface.dim, 5, 12)
    values, gradients = surface.value(w), surface.gradient(w)
    assert values.shape == (5, 12) and gradients.shape == w.shape
    for i, j in np.ndindex(5, 12):
        assert surface.value(w[:, i, j]) == values[i, j]
        assert np.array_equal(surface.gradient(w[:, i, j]), gradients[:, i, j])


def test_a_batch_of_regressions_equals_a_loop_to_rounding():
    surface = least_squares(ROWS, TARGETS)
    w = random_points(surface, 60, seed=1).reshape(3, 5, 12)
    values, gradients = surface.value(w), surface.gradient(w)
    assert values.shape == (5, 12) and gradients.shape == w.shape
    for i, j in np.ndindex(5, 12):
        assert surface.value(w[:, i, j]) == pytest.approx(values[i, j], rel=1e-14)
        assert surface.gradient(w[:, i, j]) == pytest.approx(gradients[:, i, j], abs=1e-14)


@over(TABLE)
def test_the_gradient_vanishes_at_every_minimum(surface, kinks):
    for minimum in surface.minima:
        assert minimum.shape == (surface.dim,)
        assert abs(surface.gradient(minimum)).max() < 1e-13 * (1 + abs(minimum).max()) ** 4


@over(TABLE)
def test_every_minimum_is_lower_than_its_neighbourhood(surface, kinks):
    rng = np.random.default_rng(5)
    direction = rng.normal(size=(surface.dim, 400))
    direction *= rng.uniform(1e-3, 0.2, 400) / np.sqrt((direction**2).sum(axis=0))
    for minimum in surface.minima:
        assert (surface.value(minimum[:, np.newaxis] + direction) > surface.value(minimum)).all()


@over(TABLE)
def test_the_best_minimum_comes_first_and_none_in_view_is_lower(surface, kinks):
    values = [float(surface.value(minimum)) for minimum in surface.minima]
    assert values == pytest.approx(sorted(values), abs=1e-20)
    if values:
        assert surface.value(random_points(surface, 3000, seed=2)).min() >= values[0]


@over(TABLE)
def test_the_minima_lie_in_view(surface, kinks):
    low, high = np.array(surface.view).T
    assert (low < high).all() and len(low) == surface.dim
    assert all(((low < w) & (w < high)).all() for w in surface.minima)


# What is worth drawing: the ranges in which these surfaces are customarily shown.
SYMMETRIC = {"saddle": 1.5, "himmelblau": 5.0, "log_cosh": 4.0, "huber": 4.0, "double_well": 1.8}
VIEWS = {
    **{name: ((-end, end),) for name, end in SYMMETRIC.items()},
    "rosenbrock": ((-2.0, 2.0), (-1.0, 3.0)),
    "bent": ((-3.0, 4.0),),
    "plateau": ((-3.5, 6.5),),
    "quadratic": ((-3.0, 3.0),),
    "chain": ((-0.5, 1.5),),
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_is_one_range_for_each_coordinate(name):
    surface = getattr(surfaces, name)()
    ranges = VIEWS[name] if len(VIEWS[name]) == surface.dim else VIEWS[name] * surface.dim
    assert surface.view == ranges


def test_views_move_with_what_they_show():
    assert plateau(7.0, dim=2).view == ((-3.5, 11.5), (-2.5, 2.5))
    assert plateau(7.0).view == ((-3.5, 11.5),)
    assert surfaces.huber(threshold=0.5).view == ((-2.0, 2.0),)
    surface = least_squares(ROWS, TARGETS)
    assert np.mean(surface.view, axis=1) == pytest.approx(surface.minima[0])
    assert np.diff(surface.view) == pytest.approx(2.0)


def test_a_surface_cannot_be_changed_and_is_equal_to_itself_alone():
    bowl, same = quadratic(), quadratic()
    for field in fields(bowl):
        with pytest.raises(FrozenInstanceError):
            setattr(bowl, field.name, None)
    assert bowl == bowl and bowl != same and len({bowl, same}) == 2


def test_values_and_gradients_are_float64_whatever_the_functions_return():
    steps = surfaces.Surface("steps", 2, lambda x, y: 3, lambda x, y: (1, 2))
    for w in ([0.5, 0.5], [[0.5, 1.0]] * 2):
        assert steps.value(w).dtype == steps.gradient(w).dtype == np.float64
        assert (steps.value(w) == 3).all() and (steps.gradient(w).T == [1, 2]).all()


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_a_surface_travels_as_the_recipe_that_makes_it_anew(row):
    surface = getattr(surfaces, row[1])(**row[2])
    again = pickle.loads(pickle.dumps(surface))
    assert again is not surface and (again.name, again.view) == (surface.name, surface.view)
    w = random_points(surface, 20)
    assert np.array_equal(again.value(w), surface.value(w))
    assert again.recipe.func is getattr(surfaces, row[1])


def test_what_the_caller_changes_later_is_not_in_the_recipe():
    curvatures, features, targets = [1.0, 2.0], ROWS.copy(), TARGETS.copy()
    for surface, later in (
        (quadratic(curvatures), curvatures),
        (quadratic(curvatures=curvatures), curvatures),
        (least_squares(features, targets=targets), targets),
        (least_squares(features, targets), features),
    ):
        w = random_points(surface, 20)
        later[0] = 77.0
        assert np.array_equal(surface.recipe().value(w), surface.value(w))


def test_noise_is_made_anew_from_the_same_surface_and_generator():
    bowl, rng = quadratic(), np.random.default_rng(0)
    recipe = noisy(bowl, 0.1, rng=rng).recipe
    assert recipe.args == (bowl, 0.1) and recipe.keywords["rng"] is rng


def test_a_changed_surface_travels_as_changed():
    tall = replace(surfaces.saddle(), f=np.hypot, partials=np.hypot)
    assert tall.recipe is None and pickle.loads(pickle.dumps(tall)).f is np.hypot


def test_a_surface_of_your_own_travels_as_what_states_it():
    own = surfaces.Surface("own", 1, np.sin, np.cos, (np.array([4.5]),), ((0.0, 9.0),), True)
    again = pickle.loads(pickle.dumps(own))
    assert (again.name, again.dim, again.f, again.partials) == ("own", 1, np.sin, np.cos)
    assert again.minima[0] == 4.5 and again.view == own.view and again.random is True


def test_a_surface_is_shown_by_its_name_and_dimension():
    assert repr(quadratic([1.0, 2.0])) == "Surface(name='quadratic', dim=2)"


NAMES = {"log_cosh": "log cosh", "double_well": "double well"}


def test_each_surface_has_the_name_of_its_factory_in_words():
    plain = ("bent", "chain", "cycling", "himmelblau", "huber", "plateau", "quadratic")
    for name in (*plain, "rosenbrock", "saddle", *NAMES):
        assert getattr(surfaces, name)().name == NAMES.get(name, name)
    assert least_squares(ROWS, TARGETS).name == "least squares"
    assert noisy(quadratic(), 0.1, np.random.default_rng(0)).name == "noisy quadratic"


def test_only_noise_and_mini_batches_are_random():
    rng = np.random.default_rng(0)
    assert noisy(quadratic(), 0.0, rng).random is True
    assert least_squares(ROWS, TARGETS, batch_size=2, rng=rng).random is True
    assert least_squares(ROWS, TARGETS).random is quadratic().random is False


def test_the_defaults_are_those_of_the_literature_and_the_book():
    assert quadratic().gradient([1.0, 1.0]).tolist() == [1.0, 10.0]
    assert surfaces.rosenbrock().value([0.0, 1.0]) == 101.0
    assert surfaces.huber().gradient([[0.5, 2.0]]).tolist() == [[0.5, 1.0]]
    assert surfaces.log_cosh().gradient([1.0])[0] == np.tanh(1.0)
    assert surfaces.double_well().value([1.0]) == 0.3
    assert plateau().minima[0].tolist() == [4.0] and plateau().dim == 1
    row = surfaces.chain()
    assert row.dim == 40 and row.minima[0][0] == pytest.approx(9 / 11)


def test_a_tilt_at_the_limit_is_refused_and_the_next_smaller_one_taken():
    limit = 8 / 27**0.5
    for tilt in (limit, -limit):
        with pytest.raises(ValueError, match=r"^tilt must be between -1.5396 and 1.5396, got"):
            surfaces.double_well(tilt)
        assert len(surfaces.double_well(np.nextafter(tilt, 0)).minima) == 2


def test_values_far_out_overflow_without_a_warning():
    far = [[1e200, -1e200, np.inf, np.nan]] * 2
    for surface in (quadratic(), surfaces.himmelblau(), surfaces.rosenbrock()):
        assert np.isinf(surface.value(far)).sum() + np.isnan(surface.value(far)).sum() == 4
        assert not np.isfinite(surface.gradient(far)[:, 2:]).any()


@pytest.mark.parametrize(
    "surface, count",
    [
        (quadratic([1.0, 2.0]), 1),
        (quadratic([1.0, -2.0]), 0),
        (quadratic([1.0, 0.0]), 0),
        (surfaces.double_well(), 2),
        (surfaces.saddle(), 2),
        (surfaces.himmelblau(), 4),
        (plateau(), 1),
    ],
    ids=lambda p: getattr(p, "name", str(p)),
)
def test_each_surface_has_as_many_minima_as_it_should(surface, count):
    assert len({tuple(w.round(3)) for w in surface.minima}) == len(surface.minima) == count


def test_curvatures_are_the_second_differences_of_the_quadratic():
    bowl = quadratic([1.0, 10.0, -3.0])
    for axis, curvature in enumerate([1.0, 10.0, -3.0]):
        e = np.eye(3)[axis]
        assert bowl.value(e) + bowl.value(-e) - 2 * bowl.value(0 * e) == curvature


def test_huber_gradient_never_exceeds_curvature_times_threshold():
    surface = surfaces.huber(3.0, 0.5)
    slopes = surface.gradient(np.linspace(-9, 9, 2001)[np.newaxis])
    assert slopes.max() == 1.5 and slopes.min() == -1.5


WIDTHS = [1e-3, 0.1, 2.0, 7.3]


@pytest.mark.parametrize("dim", [1, 2])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_plateau_is_exactly_flat_over_its_whole_width(width, dim):
    w = np.zeros((dim, 1001))
    w[0] = np.linspace(0.0, width, 1001)
    assert (plateau(width, dim=dim).gradient(w) == 0.0).all()
    assert (plateau(width, dim=dim).value(w) == 1.0).all()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_plateau_ends_at_its_edges(width):
    slopes = plateau(width).gradient([[-1e-9, width + 1e-9]])
    assert slopes == pytest.approx(np.array([[-1e-9, -1e-9]]), rel=1e-5)


@pytest.mark.parametrize("width", [0.0, *WIDTHS])
def test_the_plateau_surface_falls_all_the_way_from_A_to_C(width):
    x = np.linspace(-5.0, width + 1.999, 4000)[np.newaxis]
    assert (plateau(width).gradient(x) <= 0).all()
    assert (np.diff(plateau(width).value(x)) <= 1e-15).all()


@pytest.mark.parametrize("width", [0.0, *WIDTHS])
def test_the_plateau_slopes_are_x_then_minus_u_then_u_minus_2(width):
    u = np.array([0.25, 0.5, 0.999, 1.001, 1.5, 2.0, 3.0])
    expected = np.where(u < 1, -u, u - 2)
    assert plateau(width).gradient([[-3.0, -0.5]]).tolist() == [[-3.0, -0.5]]
    assert plateau(width).gradient([u + width])[0] == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("width", [0.0, *WIDTHS])
def test_the_plateau_is_continuous_at_its_joints(width):
    for joint in (0.0, width, width + 1.0):
        sides = np.array([[np.nextafter(joint, -9), joint, np.nextafter(joint, 99)]])
        assert np.ptp(plateau(width).value(sides)) < 1e-14
        assert np.ptp(plateau(width).gradient(sides)) < 1e-14


def test_the_plateau_bottom_C_lies_2_behind_its_edge_at_value_0():
    for width in WIDTHS:
        assert plateau(width).minima[0].tolist() == [width + 2.0]
        assert plateau(width).value([width + 2.0]) == pytest.approx(0.0, abs=1e-14)


def test_the_second_coordinate_of_the_plateau_adds_half_its_square():
    line, plane = plateau(1.5), plateau(1.5, dim=2)
    w = random_points(plane, 200)
    assert plane.value(w) == pytest.approx(line.value(w[:1]) + w[1] ** 2 / 2, abs=1e-13)
    assert np.array_equal(plane.gradient(w), [line.gradient(w[:1])[0], w[1]])


def test_positive_tilt_makes_the_left_well_the_better_one():
    for tilt in (0.01, 0.3, 1.5):
        left, right = surfaces.double_well(tilt).minima
        assert left[0] < 0 < right[0]
        mirrored = surfaces.double_well(-tilt).minima
        assert [-w[0] for w in mirrored] == pytest.approx([left[0], right[0]], abs=1e-9)


def test_the_wells_merge_at_the_stated_limit_of_the_tilt():
    limit = 8 / 27**0.5
    assert len(surfaces.double_well(0.9999 * limit).minima) == 2
    x = np.linspace(0, 2, 100001)[np.newaxis]
    assert surfaces.double_well(0.9999 * limit).gradient(x).min() < 0
    slope = surfaces.double_well(0.0).gradient(x) + 1.0001 * limit
    assert slope.min() > 0


def test_the_saddle_holds_a_run_on_its_ridge():
    points = np.array([np.linspace(-2, 2, 101), np.zeros(101)])
    assert (surfaces.saddle().gradient(points)[1] == 0).all()


def noise_of(scale, n, seed):
    rough = noisy(quadratic([1.0, 10.0]), scale, np.random.default_rng(seed))
    w = np.broadcast_to(np.array([[2.0], [-1.0]]), (2, n))
    return rough.gradient(w) - quadratic([1.0, 10.0]).gradient(w)


def test_gradient_noise_is_unbiased_with_the_stated_standard_deviation():
    noise = noise_of(0.5, 40000, seed=1)
    assert abs(noise.mean(axis=1)).max() < 4 * 0.5 / 200
    assert noise.std(axis=1) == pytest.approx(0.5, rel=0.02)


def test_gradient_noise_is_independent_between_coordinates_points_and_calls():
    rough = noisy(quadratic([1.0, 1.0]), 1.0, np.random.default_rng(2))
    first, second = rough.gradient(np.zeros((2, 20000))), rough.gradient(np.zeros((2, 20000)))
    pairs = [(first[0], first[1]), (first[0][1:], first[0][:-1]), (first[0], second[0])]
    assert max(abs(np.corrcoef(a, b)[0, 1]) for a, b in pairs) < 4 / 20000**0.5


def test_gradient_noise_is_reproduced_by_its_seed_and_changed_by_another():
    assert np.array_equal(noise_of(0.5, 50, seed=3), noise_of(0.5, 50, seed=3))
    assert not np.array_equal(noise_of(0.5, 50, seed=3), noise_of(0.5, 50, seed=4))


def test_the_noise_is_what_the_generator_draws_next():
    w = np.array([[2.0] * 5, [-1.0] * 5])
    drawn = np.random.default_rng(7).normal(0.0, 0.5, (2, 5))
    rough = noisy(quadratic(), 0.5, np.random.default_rng(7))
    assert np.array_equal(rough.gradient(w), quadratic().gradient(w) + drawn)


def test_noise_leaves_the_value_and_the_minima_exact():
    plain = surfaces.himmelblau()
    rough = noisy(plain, 5.0, np.random.default_rng(0))
    w = random_points(plain, 50)
    assert np.array_equal(rough.value(w), plain.value(w))
    assert rough.minima is plain.minima


def test_noise_of_scale_0_is_no_noise():
    assert not noise_of(0.0, 50, seed=0).any()


def test_least_squares_gradient_is_the_normal_equations_residual():
    w = np.array([0.3, -1.0, 2.0])
    expected = ROWS.T @ (ROWS @ w - TARGETS) / len(ROWS)
    assert least_squares(ROWS, TARGETS).gradient(w) == pytest.approx(expected, abs=1e-14)


def test_least_squares_minimum_solves_the_normal_equations():
    solution = np.linalg.solve(ROWS.T @ ROWS, ROWS.T @ TARGETS)
    assert least_squares(ROWS, TARGETS).minima[0] == pytest.approx(solution, abs=1e-13)


def mini_batch_gradients(batch_size, n, seed=6):
    rng = np.random.default_rng(seed)
    surface = least_squares(ROWS, TARGETS, batch_size=batch_size, rng=rng)
    return np.array([surface.gradient([0.3, -1.0, 2.0]) for _ in range(n)])


def test_mini_batch_gradients_are_unbiased():
    drawn = mini_batch_gradients(5, 8000)
    full = least_squares(ROWS, TARGETS).gradient([0.3, -1.0, 2.0])
    standard_error = drawn.std(axis=0) / 8000**0.5
    assert (abs(drawn.mean(axis=0) - full) < 4 * standard_error).all()
    assert (standard_error < 0.05 * abs(full).max()).all()


def test_mini_batch_variance_is_that_of_one_row_over_the_batch_size():
    w = np.array([0.3, -1.0, 2.0])
    one_row = (ROWS.T * (ROWS @ w - TARGETS)).var(axis=1)
    for size in (1, 4, 100):
        variance = mini_batch_gradients(size, 8000).var(axis=0)
        assert variance == pytest.approx(one_row / size, rel=0.12)


def test_a_batch_of_one_row_gives_the_gradient_of_that_row():
    w = np.array([0.3, -1.0, 2.0])
    rows = ROWS * (ROWS @ w - TARGETS)[:, np.newaxis]
    for g in mini_batch_gradients(1, 50):
        assert abs(rows - g).max(axis=1).min() < 1e-14


def test_a_mini_batch_of_equal_rows_has_the_full_gradient():
    same = np.tile([[1.0, 2.0]], (16, 1)), np.full(16, 3.0)
    drawn = least_squares(*same, batch_size=4, rng=np.random.default_rng(0))
    full = least_squares(*same)
    for w in random_points(full, 20).T:
        assert drawn.gradient(w) == pytest.approx(full.gradient(w), rel=1e-14)


def test_mini_batches_leave_the_value_that_of_all_rows():
    drawn = least_squares(ROWS, TARGETS, batch_size=2, rng=np.random.default_rng(0))
    w = random_points(drawn, 30)
    expected = [((ROWS @ p - TARGETS) ** 2).sum() / 80 for p in w.T]
    assert drawn.value(w) == pytest.approx(expected, rel=1e-13)


def test_log_cosh_is_a_bowl_within_and_a_straight_line_without():
    soft, far = surfaces.log_cosh(3.0), np.array([[1e-4, 40.0, 1000.0]])
    assert soft.gradient(far)[0] == pytest.approx([3e-4, 3.0, 3.0], rel=1e-8)
    assert soft.value(far)[1:] == pytest.approx(3 * (far[0, 1:] - np.log(2)), rel=1e-15)
    x = np.linspace(-3, 3, 61)
    assert soft.value(x[np.newaxis]) == pytest.approx(3 * np.log(np.cosh(x)), abs=1e-14)


@pytest.mark.parametrize("dim", [1, 2, 30])
@pytest.mark.parametrize("kappa", [1.5, 100.0])
def test_the_curvatures_of_the_chain_lie_between_1_and_its_condition_number(dim, kappa):
    row = surfaces.chain(dim, condition_number=kappa)
    origin = row.gradient(np.zeros(dim))
    hessian = np.column_stack([row.gradient(e) - origin for e in np.eye(dim)])
    curvatures = np.linalg.eigvalsh(hessian)
    assert curvatures[0] >= 1.0 and curvatures[-1] <= kappa
    if dim == 30:
        assert curvatures[0] < 1.0 + 0.01 * kappa and curvatures[-1] > 0.98 * kappa


def test_the_gradient_of_the_chain_is_zero_one_place_beyond_what_has_moved():
    row = surfaces.chain(8)
    for reached in range(7):
        w = np.array([1.0] * reached + [0.0] * (8 - reached))
        assert (row.gradient(w)[reached + 1 :] == 0).all()
        assert row.gradient(w)[reached] != 0
