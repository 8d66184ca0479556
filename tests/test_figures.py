"""Figures draw what they are given, the same way on every machine, a method always alike."""

import os
import subprocess
import sys
from itertools import combinations

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from momentum import GradientDescent, Momentum, descend, figures, surfaces, theory
from momentum.figures.labels import spread
from tools.same_bytes import OTHER_PROCESSOR


@pytest.fixture(autouse=True)
def clean_figures():
    yield
    plt.close("all")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def header_of(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def drawn(ax):
    return [np.column_stack(line.get_data()).astype(float) for line in ax.lines]


def holds(lines, points):
    return any(line.shape == np.shape(points) and np.allclose(line, points) for line in lines)


def test_lines_draw_each_series_in_its_own_colour_with_its_label():
    ax = figures.lines({"a": [1.0, 2.0], "b": [2.0, 4.0]}, ylabel="y")
    assert [line.get_ydata().tolist() for line in ax.lines] == [[1.0, 2.0], [2.0, 4.0]]
    assert texts(ax) == ["a", "b"]
    assert [text.get_color() for text in ax.texts] == [line.get_color() for line in ax.lines]


def test_end_labels_do_not_touch_where_the_lines_end_together():
    ax = figures.lines({name: [0.0, 1.0] for name in "abc"})
    ax.figure.draw_without_rendering()
    boxes = [matplotlib.text.Text.get_window_extent(text) for text in ax.texts]
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))


def test_labels_are_moved_as_little_as_possible():
    assert spread([0.0, 5.0, 5.0], 1.0) == [0.0, 4.5, 5.5]
    assert spread([0.0, 0.5, 9.0], 1.0) == [-0.25, 0.75, 9.0]


def test_a_label_has_a_line_to_the_end_of_what_it_names():
    ax = figures.lines({"a": [1.0, 2.0, 4.0], "b": [1.0, 3.0, 3.9]})
    ends = {text.get_text(): ax.transAxes.transform(text.xy) for text in ax.texts}
    for name, line in zip("ab", ax.lines):
        assert np.allclose(ends[name], ax.transData.transform(line.get_xydata()[-1]), atol=1)


def test_a_line_that_leaves_through_the_top_is_named_where_it_leaves():
    x = np.linspace(0, 4, 41)
    ax = figures.lines({"steep": x, "flat": x / 9}, x=x, ylim=(0, 2))
    ax.figure.draw_without_rendering()
    (text,) = [text for text in ax.texts if text.get_text() == "steep"]
    box, leaves = text.get_window_extent(), ax.transData.transform((2, 2))
    assert box.x0 <= leaves[0] <= box.x1 and 0 <= box.y0 - leaves[1] < 10


def test_a_name_that_would_cover_lines_stands_above_the_axes():
    x = np.linspace(0, 4, 41)
    others = {f"rake {k}": np.where(np.arange(41) % 2, 0.0, 2.0) for k in range(2)}
    ax = figures.lines({"gradient descent": 2 - x, **others}, x=x, ylim=(0, 2))
    assert header_of(ax) == ["gradient descent"]


def test_a_line_that_leaves_every_bound_is_labelled_inside_the_view():
    ax = figures.lines({"up": [1.0, 2.0, np.inf], "nowhere": [np.nan] * 3}, ylim=(0, 1.5))
    ax.figure.draw_without_rendering()
    assert sorted(texts(ax)) == ["nowhere", "up"]
    assert all(0 <= text.xy[1] <= 1.02 for text in ax.texts)


def test_paths_draw_the_run_from_its_start_over_the_minima():
    bowl = surfaces.quadratic([1.0, 4.0])
    run = descend(bowl, [2.0, 1.0], GradientDescent(0.1), 5)
    ax = figures.paths(bowl, {"gradient descent": run})
    assert header_of(ax) == ["gradient descent"]
    assert holds(drawn(ax), run.path)
    assert holds(drawn(ax), [[0.0, 0.0]])


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
    assert np.allclose(y, ledge.value(np.ravel(x)[np.newaxis]), atol=1e-5)
    assert texts(ax) == ["B"] and header_of(ax) == ["momentum"]


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
    assert holds(drawn(ax), [[0.5, 0.4]])
    assert "best" in texts(ax)


def test_every_figure_uses_the_palette_only():
    colours = {"#1f2328", "#5f6670", "#d5d9df", "#eceff3", "#ffffff"}
    assert {figures.INK, figures.MUTED, figures.GRID, figures.TINT, figures.PAPER} == colours
    ax = figures.averages([1.0, 2.0], {"a": [1.0, 1.5]})
    assert {line.get_color() for line in ax.lines} <= colours | set(figures.COLORS)


def test_a_phase_plane_draws_velocity_against_position():
    ax = figures.phase_plane({"momentum": ([1.0, 0.5], [0.0, 0.4])})
    assert holds(drawn(ax), [[1.0, 0.0], [0.5, 0.4]])
    assert header_of(ax) == ["momentum"]


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


def test_a_prediction_is_dotted_grey_beside_the_run():
    ax = figures.lines({"run": [1.0, 2.0], "theory": [1.0, 2.1]}, dashed=("theory",))
    assert [line.is_dashed() for line in ax.lines] == [False, True]
    assert ax.lines[1].get_color() == figures.MUTED


METHODS = {
    "gradient descent": figures.BLUE,
    "momentum": figures.ORANGE,
    "averaged form": figures.PURPLE,
    "Nesterov": figures.GREEN,
}
BOWL, VALLEY = surfaces.quadratic([1.0]), surfaces.quadratic([1.0, 4.0])
BALL = descend(BOWL, [2.0], GradientDescent(0.1), 5)
RUN = descend(VALLEY, [2.0, 1.0], GradientDescent(0.1), 5)
MAP = np.linspace(0.1, 1, 5), np.linspace(0, 0.9, 4), np.add.outer(np.arange(5), np.arange(4)) / 4
DRAWINGS = {
    "lines": lambda names: figures.lines({n: [2.0, 1.0 + len(n)] for n in names}).lines,
    "panels": lambda names: [ax.lines[0] for ax in figures.panels({n: [2.0, 1.0] for n in names})],
    "averages": lambda names: figures.averages([1.0], {n: [2.0, 1.0] for n in names}).lines[1:],
    "light_cone": lambda names: [
        ax.lines[0] for ax in figures.light_cone({n: np.ones((3, 2)) for n in names})
    ],
    "paths": lambda names: figures.paths(VALLEY, dict.fromkeys(names, RUN)).lines[1::2],
    "profile": lambda names: figures.profile(BOWL, dict.fromkeys(names, BALL)).lines[1:],
    "phase_plane": lambda names: figures.phase_plane(
        dict.fromkeys(names, ([1.0, 0.5], [0.0, 0.4]))
    ).lines[2::2],
    "rate_map": lambda names: (
        figures.rate_map(*MAP, segments=dict.fromkeys(names, ((0.2, 0.1), (0.8, 0.1)))).lines
    ),
}


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_a_method_has_its_colour_in_every_figure_and_in_any_order(drawing):
    for names in (list(METHODS), list(METHODS)[::-1]):
        lines = DRAWINGS[drawing](names)
        assert [line.get_color() for line in lines[: len(names)]] == [METHODS[n] for n in names]


def test_bars_have_the_colours_of_their_methods():
    (ax,) = figures.weights({"exponential, β = 0.9": [1.0, 0.9]})
    assert matplotlib.colors.to_hex(ax.patches[0].get_facecolor()) == figures.ORANGE
    (ax,) = figures.responses({"p": ([1.0, -1.0], [1.0, 0.0])})
    assert matplotlib.colors.to_hex(ax.patches[0].get_facecolor()) == figures.BLUE
    assert ax.lines[-1].get_color() == figures.ORANGE


def test_no_two_methods_look_alike_but_those_that_are_one():
    same = {"raw form": "momentum", "velocity v": "momentum", "gradient g": "gradient descent"}
    own = [look for name, look in figures.METHODS.items() if name not in same]
    assert len({look.color for look in own}) == len(own)
    for name, other in same.items():
        assert figures.METHODS[name].color == figures.METHODS[other].color


def test_a_label_may_say_more_than_the_method_and_a_beta_is_momentum():
    found = figures.looks(["momentum, β = 0.9", "Gradient descent, 5000 steps"])
    assert [look.color for look in found.values()] == [figures.ORANGE, figures.BLUE]
    assert figures.looks(["β = 0"])["β = 0"] == figures.METHODS["gradient descent"]
    alone = {name: figures.looks([name])[name] for name in ("β = 0.5", "β = 0.9", "β = 0.99")}
    assert figures.looks([*alone]) == alone and len(set(alone.values())) == 3


def test_lines_of_one_figure_differ_in_more_than_colour():
    for names in (list(METHODS), ["gradient descent", "RMSProp", "AdaGrad", "Adam"], "abcd",
                  ["β = 0", "β = 0.3", "β = 0.64", "β = 0.9", "β = 0.99"]):  # fmt: skip
        found = figures.looks(names).values()
        assert len({(look.dash, look.width) for look in found}) == len(names)
        assert len({look.mark for look in found}) == len(names)


def luminance(colour):
    parts = np.array(matplotlib.colors.to_rgb(colour))
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


def test_lines_that_mean_something_stand_out_from_the_paper():
    def contrast(colour):
        return (luminance(figures.PAPER) + 0.05) / (luminance(colour) + 0.05)

    looks = [*figures.METHODS.values(), *figures.BETAS.values(), *figures.looks("abcd").values()]
    assert min(contrast(look.color) for look in looks) >= 4.5
    assert contrast(figures.CONTOUR) >= 2


PHONE = 358  # pixels that a figure has on a screen of 390


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_words_are_at_least_12_pixels_high_on_a_phone(drawing):
    with plt.rc_context(figures.STYLE):
        figure = DRAWINGS[drawing](["momentum"])[0].figure
        figure.draw_without_rendering()
        words = [text for text in figure.findobj(matplotlib.text.Text) if text.get_text()]
        sizes = {text.get_fontsize() * PHONE / 72 / figure.get_figwidth() for text in words}
    assert min(sizes) >= 12


def test_rounding_keeps_six_digits_and_what_is_not_finite():
    values = np.array([0.0, 1 / 3, -2e-300, 7e300, np.inf, np.nan])
    assert np.allclose(figures.steady(values), values, rtol=1e-6, atol=0, equal_nan=True)
    values = np.linspace(0.1, 3, 500)
    assert np.array_equal(figures.steady(values * (1 + 1e-15)), figures.steady(values))


DRAW = """
import io, hashlib
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from momentum import GradientDescent, data, descend, figures, surfaces, theory
plt.rcParams.update(figures.STYLE)
def show(axes):
    drawn = io.BytesIO()
    np.ravel(axes)[0].figure.savefig(drawn, format="svg", metadata={"Date": None})
    print(hashlib.sha256(drawn.getvalue()).hexdigest())
etas, betas = np.linspace(0.002, 4.2, 400), np.linspace(0, 0.999, 300)
show(figures.rate_map(etas, betas, theory.convergence_rate(1.0, etas[:, np.newaxis], betas)))
for kappa, end in ((100, 0.04), (10, 0.4)):
    etas = np.linspace(end / 80, end, 300)
    rates = theory.convergence_rate([1, kappa], etas[:, np.newaxis], betas)
    show(figures.rate_map(etas, betas, rates))
table = data.penguins()
scaled = (table - table.mean(axis=0)) / table.std(axis=0)
cost = surfaces.least_squares(scaled[:, :2], scaled[:, 2])
run = descend(cost, [-0.6, 0.0], GradientDescent(0.1), 150)
show(figures.paths(cost, {"gradient descent": run}))
"""


def test_the_same_bytes_are_drawn_without_vector_units_and_with_another_blas(root):
    hashes = []
    for settings in ({}, OTHER_PROCESSOR):
        environment = {**os.environ, **settings}
        command = [sys.executable, "-W", "error::ImportWarning", "-c", DRAW]
        done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        hashes.append(done.stdout.split())
    assert hashes[0] == hashes[1] and len(set(hashes[0])) == 4


def test_contour_labels_stand_once_each_and_clear_of_what_is_drawn_over_the_map():
    etas, betas = np.linspace(0.002, 3.2, 300), np.linspace(0, 0.6, 200)
    rates = theory.convergence_rate(1.0, etas[:, np.newaxis], betas)
    segments = {"momentum": ((0.25, 0.25), (2.25, 0.25)), "gradient descent": ((0.2, 0), (1.8, 0))}
    with plt.rc_context(figures.STYLE):
        ax = figures.rate_map(etas, betas, rates, levels=[0.5, 0.8], segments=segments)
        ax.figure.draw_without_rendering()
        boxes = {text.get_text(): text.get_window_extent() for text in ax.texts}
    assert sorted(text.get_text() for text in ax.texts) == sorted([*segments, "0.5", "0.8"])
    assert not any(a.overlaps(b) for a, b in combinations(boxes.values(), 2))
    lines = [line.get_path().transformed(ax.transData) for line in ax.lines]
    for level in ("0.5", "0.8"):
        assert not any(line.intersects_bbox(boxes[level], filled=False) for line in lines)


def test_the_lines_of_equal_ratio_differ_in_their_dash_and_are_explained():
    etas, betas = np.linspace(0.1, 1.9, 19), np.linspace(0, 0.9, 10)
    ratios = np.geomspace(0.1, 10, 19)[:, np.newaxis] * np.ones(10)
    (ax,) = figures.scoreboard(etas, betas, {"one": ratios})
    samples = ax.get_legend().get_lines()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["5", "1", "0.5", "0.2"]
    assert len({str(line._dash_pattern) for line in samples}) == 4
