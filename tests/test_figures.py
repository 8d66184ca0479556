"""Figures draw what they are given: the data, the labels, the places."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from momentum import GradientDescent, Momentum, descend, figures, surfaces


@pytest.fixture(autouse=True)
def clean_figures():
    yield
    plt.close("all")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_lines_draw_each_series_in_its_own_colour_with_its_label():
    ax = figures.lines({"a": [1.0, 2.0], "b": [2.0, 4.0]}, ylabel="y")
    assert [line.get_ydata().tolist() for line in ax.lines] == [[1.0, 2.0], [2.0, 4.0]]
    assert texts(ax) == ["a", "b"]
    assert [text.get_color() for text in ax.texts] == [line.get_color() for line in ax.lines]


def test_end_labels_do_not_touch_where_the_lines_end_together():
    ax = figures.lines({name: [0.0, 1.0] for name in "abc"})
    heights = sorted(text.xy[1] for text in ax.texts)
    assert np.diff(heights).min() * ax.bbox.height > plt.rcParams["font.size"]


def test_a_line_that_leaves_every_bound_is_labelled_inside_the_view():
    ax = figures.lines({"up": [1.0, 2.0, np.inf], "nowhere": [np.nan] * 3}, ylim=(0, 1.5))
    assert all(0 <= text.xy[1] <= 1.2 for text in ax.texts)


def test_paths_draw_the_run_from_its_start_over_the_minima():
    bowl = surfaces.quadratic([1.0, 4.0])
    run = descend(bowl, [2.0, 1.0], GradientDescent(0.1), 5)
    ax = figures.paths(bowl, {"gradient descent": run})
    assert texts(ax) == ["gradient descent"]
    drawn = [np.column_stack(line.get_data()).tolist() for line in ax.lines]
    assert run.path.tolist() in drawn
    assert [[0.0, 0.0]] in drawn


def test_a_diverging_path_keeps_the_points_that_can_be_seen():
    bowl = surfaces.quadratic([1.0, 10.0])
    run = descend(bowl, [1.0, 1.0], GradientDescent(0.21), 3000)
    kept = figures.terrain._distinct(run.path, bowl.view)
    assert np.isfinite(kept).all()
    assert (abs(kept[:, 1]) <= 3).sum() >= 10


def test_a_batch_of_runs_is_refused_with_its_shape():
    run = descend(surfaces.saddle(), np.ones((2, 3)), GradientDescent(0.1), 2)
    with pytest.raises(ValueError, match=r"single runs, got a path of shape \(3, 2, 3\)"):
        figures.paths(surfaces.saddle(), {"runs": run})


def test_a_profile_has_its_balls_on_the_curve_and_its_places_named():
    ledge = surfaces.plateau()
    run = descend(ledge, [-3.0], Momentum(0.1, 0.9), 20)
    ax = figures.profile(ledge, {"momentum": run}, places={"B": 1.0})
    x, y = ax.lines[1].get_data()
    assert np.allclose(y, ledge.value(np.ravel(x)[np.newaxis]))
    assert texts(ax) == ["B", "momentum"]


def test_weights_and_responses_have_a_panel_a_column():
    axes = figures.weights({"one": [1.0, 0.5], "two": [0.5, 0.5]})
    assert [[bar.get_height() for bar in ax.patches] for ax in axes] == [[1.0, 0.5], [0.5, 0.5]]
    axes = figures.responses({"p": ([1.0, -1.0], [1.0, 0.0])})
    assert [bar.get_height() for bar in axes[0].patches] == [1.0, -1.0]
    assert axes[0].lines[1].get_ydata().tolist() == [1.0, 0.0]


def test_panels_label_each_line_above_its_own_panel():
    axes = figures.panels({"a": [0.0, 1.0], "b": [1.0, 0.0]}, ylabel="w")
    assert [ax.get_title(loc="left") for ax in axes] == ["a", "b"]


def test_a_rate_map_marks_its_points():
    rates, betas = np.linspace(0.1, 1, 5), np.linspace(0, 0.9, 4)
    grid = np.add.outer(rates, betas)
    ax = figures.rate_map(rates, betas, grid, points={"best": (0.5, 0.4)})
    assert [0.5, 0.4] in [list(np.ravel(line.get_data())) for line in ax.lines]
    assert "best" in texts(ax)


def test_every_figure_uses_the_palette_only():
    colours = {"#1f2328", "#5f6670", "#d5d9df", "#eceff3", "#ffffff"}
    assert {figures.INK, figures.MUTED, figures.GRID, figures.TINT, figures.PAPER} == colours
    ax = figures.averages([1.0, 2.0], {"a": [1.0, 1.5]})
    assert {line.get_color() for line in ax.lines} <= colours | set(figures.COLORS)


def test_a_phase_plane_draws_velocity_against_position():
    ax = figures.phase_plane({"momentum": ([1.0, 0.5], [0.0, 0.4])})
    drawn = [np.column_stack(line.get_data()).tolist() for line in ax.lines]
    assert [[1.0, 0.0], [0.5, 0.4]] in drawn
    assert texts(ax) == ["momentum"]


def test_the_scoreboard_tints_where_momentum_is_faster_and_where_it_is_slower():
    etas, betas = np.linspace(0.1, 1.9, 19), np.linspace(0, 0.9, 10)
    ratios = np.where(etas[:, np.newaxis] > 1, 0.5, 3.0) * np.ones(10)
    (ax,) = figures.scoreboard(etas, betas, {"one": ratios}, names={"here": (1.0, 0.5)})
    tints = [c for drawn in ax.collections for c in drawn.get_facecolor()]
    found = {matplotlib.colors.to_hex(c) for c in tints if c[3] > 0}
    assert {figures.PALE_BLUE, figures.PALE_ORANGE} <= found
    assert (ax.get_title(loc="left"), "here" in texts(ax)) == ("one", True)


def test_the_light_cone_has_a_dot_for_each_coordinate_that_moved():
    shares = np.array([[0.0, 0.0], [1.0, 0.0], [0.9, 0.001]])
    (ax,) = figures.light_cone({"gd": shares})
    *dots, edge = ax.lines
    placed = sorted(tuple(xy) for line in dots for xy in np.column_stack(line.get_data()).tolist())
    assert placed == [(1.0, 1.0), (2.0, 1.0), (2.0, 2.0)]
    sizes = {tuple(np.column_stack(line.get_data())[0]): line.get_markersize() for line in dots}
    assert sizes[(2.0, 2.0)] < sizes[(1.0, 1.0)]
    assert edge.get_xdata()[1] - edge.get_xdata()[0] == 2


def test_a_name_on_the_map_points_at_what_it_names():
    rates, betas = np.linspace(0.1, 3, 30), np.linspace(0, 0.9, 10)
    grid = np.where(rates[:, np.newaxis] > 2, 1.5, 0.5) * np.ones(10)
    ax = figures.rate_map(rates, betas, grid, names={"in": (1, 0.5), "out": ((1, 0.2), (2.5, 0.3))})
    placed = {t.get_text(): t.get_position() for t in ax.texts if t.get_text()}
    assert placed["in"] == (1, 0.5) and placed["out"] == (1, 0.2)
    assert [2.5, 0.3] in [np.column_stack(line.get_data())[0].tolist() for line in ax.lines]


def test_a_dashed_line_is_dashed():
    ax = figures.lines({"run": [1.0, 2.0], "theory": [1.0, 2.1]}, dashed=("theory",))
    assert [line.is_dashed() for line in ax.lines] == [False, True]
