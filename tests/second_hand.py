"""The second hand of the live figures: their facts by the package, their numbers by decimals.

`facts_of(explorer)` gives every fact that the explorer's JavaScript gives, by the same names, from
`theory`, `descend` and `averages` alone.
"""

from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import numpy as np

from momentum import averages, conventions, explorers, networks, theory
from momentum.data import digits
from momentum.descent import FAR, SETTLED
from momentum.explorers.path import SURFACES
from momentum.optimizers import Momentum, Nesterov
from momentum.theory.regimes import TINY


def facts_of(one):
    with np.errstate(all="ignore"):  # runs that diverge
        return HANDS[one._kind](one)


def averages_facts(one):
    data, beta = one.data(), one.beta
    series, start = data["series"][one.series], data["starts"][one.initial]
    own, (low, high) = np.array(series["values"]), series["view"]
    values, point = own.copy(), one.point if one.point >= 0 else len(own) // 2
    if one.point >= 0 and low <= one.value <= high:
        values[point] = one.value
    average = averages.ema(values, beta, **start)
    whole = averages.ema_weights(beta, len(own)).sum() if "debias" in start else 1.0
    missing = values[0] - averages.ema(values, beta, initial=0.0)[0]
    newest = averages.ema_weights(beta, data["newest"]).sum()
    return {
        "zero": "initial" in start, "debiased": "debias" in start,
        "own": own, "values": values, "average": average,
        "before": averages.ema(own, beta, **start),
        "point": point, "from": own[point], "to": values[point],
        "halfLife": averages.half_life(beta), "size": averages.effective_sample_size(beta),
        "newest": data["newest"], "share": 100 * newest / whole,
        "last": values[-1], "end": round_half_up(average[-1], 9),
        "missing": abs(missing), "sign": np.sign(missing),
        "percent": 100 * (1 - averages.ema_weights(beta, 1)[0]),
        "weights": averages.ema_weights(beta, data["ages"]) / whole,
    }  # fmt: skip


def cycles_facts(one):
    given = 1 / one.condition_number, 1.0, one.eta_largest, one.beta
    limit, safe = theory.stability_limit(one.beta), theory.safe_beta(*given[:3])
    eta, beta, best = theory.optimal_parameters(*given[:2])
    diverges = one.eta_largest >= limit
    return {
        "corners": one.corners, "limit": limit, "diverges": diverges,
        "safe": safe, "isSafe": one.beta < safe, "best": best, "eta": eta, "beta": beta,
        "rate": theory.convergence_rate(given[:2], *given[2:]), "step": one.step,
        **cycling_run(one, [] if diverges else one.trajectory().path, one.corners or 3),
    }  # fmt: skip


def cycling_run(one, path, corners):
    """Return a corner of the polygon and the run; no step of a run that has no path."""
    ring, low = np.exp(2j * np.pi * np.arange(corners) / corners), 1 / one.condition_number
    pull = (1 + one.beta) * ring[0] - ring[1] - one.beta * ring[-1]
    corner = (pull - low * one.eta_largest) / (one.eta_largest * (1 - low))
    x, y = np.transpose(path) if len(path) else ([], [])
    distances = np.hypot(x, y)
    return {
        "count": corners, "corner": [corner.real, corner.imag], "x": x, "y": y,
        "distances": distances, "at": distances[one.step] if len(path) else np.nan,
    }  # fmt: skip


def network_facts(one):
    data, t = one.data(), one.step
    axes, middle, share = plane_of_all_runs()
    runs = {"gd": one.path(gradient_descent=True), "momentum": one.path()}
    shown = {name: shown_of(path, axes, middle) for name, path in runs.items()}
    missed = {
        name: sum(map(str.__ne__, run["read"][10 * t :], "0123456789"))
        for name, run in shown.items()
    }
    return shown | {
        "step": t, "share": share, "learning_rate": data["learning_rate"],
        "memory": one.optimizer.beta, "rate": one.optimizer.learning_rate,
        "gdLoss": shown["gd"]["loss"][t], "loss": shown["momentum"]["loss"][t],
        "gdWrong": missed["gd"], "wrong": missed["momentum"],
    }  # fmt: skip


@cache
def plane_of_all_runs():
    """Return the first two principal directions of all runs, by singular values, and the rest."""
    runs = [
        explorers.Network(batch=batch, compared=compared, beta=beta)
        for batch in ("all 512", "32")
        for compared in ("the same η", "equal progress")
        for beta in explorers.Network.values("beta")
    ]
    paths = [one.path() for one in runs]
    paths += [one.path(gradient_descent=True) for one in runs[:: len(runs) // 2]]
    points = np.concatenate(paths)
    middle = points.mean(axis=0)
    _, sizes, directions = np.linalg.svd(points - middle, full_matrices=False)
    way = np.subtract(*runs[-1].path()[[-1, 0]])  # of the last run: both directions rise
    axes = directions[:2] * np.sign(directions[:2] @ way)[:, np.newaxis]
    return axes, middle, round(100 * (sizes[:2] ** 2).sum() / (sizes**2).sum(), 1)


def shown_of(path, axes, middle):
    """Return the places of a run on the plane, its losses over 512 images, and what it reads."""
    images, labels = digits()
    x, network = images.reshape(-1, 64) / 16, networks.Classifier(64, 16, 10)
    firsts = [512 + labels[512:].tolist().index(digit) for digit in range(10)]
    places = np.round((path - middle) @ axes.T, 2)
    return {
        "x": places[:, 0], "y": places[:, 1],
        "loss": np.array([round(network.loss(w, x[:512], labels[:512]), 3) for w in path]),
        "read": "".join(str(k) for w in path for k in network.predict(w, x[firsts])),
    }  # fmt: skip


def noise_facts(one):
    data, noise, limit = one.data(), 1 / one.batch, theory.stability_limit(one.beta)
    rules = {"gd": (one.learning_rate, 0.0), "momentum": (one.optimizer.learning_rate, one.beta)}
    laws = {name: laws_of_noise(*rule, data["curvatures"], noise) for name, rule in rules.items()}
    runs = {
        name: one.trajectory(gradient_descent=name == "gd").path if law["stable"] else None
        for name, law in laws.items()
    }
    shown = slice(data["before"], data["before"] + data["shown"] + 1)
    for name, path in runs.items():
        laws[name] |= dict(zip("xy", [[], []] if path is None else path[shown].T))
    gd, momentum = laws.values()
    return laws | measured_noise(runs["momentum"], data["before"], data["every"]) | {
        "noise": noise, "rate": rules["momentum"][0], "limit": limit, "step": one.step,
        "ratios": np.divide(momentum["predicted"], gd["predicted"]),
        "ratio": np.divide(*(np.sum(law["predicted"]) for law in (momentum, gd))),
        "stepRatio": np.divide(*(np.sum(law["predictedSteps"]) for law in (momentum, gd))),
    }  # fmt: skip


def laws_of_noise(learning_rate, beta, curvatures, noise):
    """Return what theory predicts of a run; no variances from the limit on."""
    regime = theory.regime(max(curvatures), learning_rate, beta)
    stable, given = regime not in ("limit", "diverging"), (learning_rate, beta, curvatures, noise)
    both = theory.stationary_variance, theory.step_variance
    variances = [law(*given) if stable else np.full(2, np.nan) for law in both]
    return {"stable": stable, "predicted": variances[0], "predictedSteps": variances[1]}


def measured_noise(path, before, every):
    """Return every so many places of a settled run, and the mean squares of places and steps."""
    if path is None:
        return {"cloud": [[], []], "measured": [np.nan] * 2, "measuredSteps": [np.nan] * 2}
    squares = [
        (one[-len(path) + before + 1 :] ** 2).mean(axis=0) for one in (path, np.diff(path, axis=0))
    ]
    return {
        "cloud": path[before + every :: every].T.tolist(),
        "measured": squares[0], "measuredSteps": squares[1],
    }  # fmt: skip


def path_facts(one):
    t, run = one.step, one.trajectory()
    shown = next(count for count in (50, 100, 200) if t <= count)
    at, to, shares = run.path[t], run.path[t + 1], shares_of_path(one)
    worked = WORKED[one.rule](one, run.gradients[: t + 1])
    large = np.concatenate([to, run.gradients[t], worked.get("v", to)])
    return {
        "start": one.start, "moved": one.start != [one.start_x, one.start_y],
        "gd": one_path(one, one.trajectory(gradient_descent=True), shown),
        "run": one_path(one, run, shown), "kind": type(one.optimizer).__name__,
        "step": t, "at": at, "to": to, "g": run.gradients[t], **worked,
        "far": not (abs(large) <= FAR).all(),
        "share": 100 * shares[0], "shares": shares[: one.data()["bars"]],
    }  # fmt: skip


def one_path(one, run, shown):
    minima = np.array(SURFACES[one.surface].minima)
    distances = np.linalg.norm(run.path[-1] - minima, axis=1)
    nearest = {"distance": distances.min(), "minimum": minima[distances.argmin()]}
    path, gradients = run.path.ravel(), run.gradients.ravel()
    return {
        "path": path, "gradients": gradients, "dim": 2, "diverged": run.diverged,
        "nearest": nearest, "costs": run.values[: shown + 1],
    }  # fmt: skip


def shares_of_path(one):
    """Return the share of each gradient, or of its square, the newest first.

    Nesterov's are those of a gradient of 1 at one step alone, in the steps that follow it.
    """
    count = one.step + 1
    if one.rule == "AdaGrad":
        return np.ones(count) / count
    weights = averages.ema_weights(one.beta, count, raw=True)
    if one.rule == "Nesterov":
        impulse, state = np.eye(1, count)[0], 0.0
        for k, g in enumerate(impulse):
            w, state = Nesterov(1.0, one.beta).step(0.0, g, state)
            weights[k] = -w
    return weights / weights.sum()


def states_of(one, gradients):
    """Return the state of the rule before the last step, and after it."""
    before, after = None, one.optimizer.init(np.zeros(2))
    for g in gradients:
        before, (_, after) = after, one.optimizer.step(np.zeros(2), g, after)
    return before, after


def with_velocity(one, gradients):
    """Return the step of momentum or Nesterov; its parts are steps of the rule, too."""
    (before, v), g, zero = states_of(one, gradients), gradients[-1], np.zeros(2)
    move, past, newest = (
        one.optimizer.step(zero, *given)[0] for given in ((g, before), (zero, before), (g, zero))
    )
    return {
        "kept": one.beta * before, "v": v, "move": -move, "past": past, "newest": newest
    }  # fmt: skip


def with_root(one, gradients):
    """Return the step of AdaGrad or RMSProp."""
    _, s = states_of(one, gradients)
    root = np.sqrt(s)
    move = one.learning_rate * gradients[-1] / (root + one.optimizer.epsilon)
    return {"root": root, "move": move, "past": np.zeros(2), "newest": -move}


def with_both(one, gradients):
    """Return the step of Adam."""
    before, (m, s, power1, power2) = states_of(one, gradients)
    mean, root, rule = m / (1 - power1), np.sqrt(s / (1 - power2)), one.optimizer
    move = one.learning_rate * mean / (root + rule.epsilon)
    past = -one.learning_rate * (one.beta * before[0] / (1 - power1)) / (root + rule.epsilon)
    return {
        "v": m, "mean": mean, "root": root, "move": move, "past": past, "newest": -move - past
    }  # fmt: skip


WORKED = {
    "momentum": with_velocity, "Nesterov": with_velocity, "AdaGrad": with_root,
    "RMSProp": with_root, "Adam": with_both,
}  # fmt: skip


def plateau_facts(one):
    run, width, t = one.trajectory(), one.width, one.step
    x, moves = run.path[:, 0], np.append(np.diff(run.path[:, 0]), np.nan)
    enters = (x[:-1] < 0) & (x[1:] >= 0) & (moves[:-1] > 1e-12) & np.isfinite(moves[:-1])
    entry = int(enters.argmax()) + 1 if enters.any() else 0
    last = moves[entry - 1] if entry else np.nan
    return {
        "path": x, "entry": entry, "flat": run.gradients[0, 0] == 0,
        "outcome": outcome(run, entry, width, one.beta), "period": repeats_after(x),
        "end": x[-1], "lastStep": last,
        "rest": x[entry] + theory.coasting_distance(last, one.beta) if entry else np.nan,
        "step": t, "at": x[t], "move": moves[t], "still": still_from(x), "leaps": x[entry] > width,
        "crosses": (x[entry:] > width).any(), "returns": (x[entry:] < 0).any(),
        "limit": theory.stability_limit(one.beta), "view": [-6.5, width + 5],
    }  # fmt: skip


def still_from(x):
    """Return the step from which a ball is within 0.005 of its end, or where it is lost."""
    if not np.isfinite(x[-1]):
        return int(np.isfinite(x).argmin())
    moves = np.flatnonzero(abs(x - x[-1]) > 0.005)
    return int(moves[-1]) + 1 if len(moves) else 0


def outcome(run, entry, width, beta):
    """Return where a ball ends, in one word; one that would coast more than 0.0005 far `moves`."""
    x, late = run.path[:, 0], run.path[-100:, 0]
    if run.diverged:
        return "diverges"
    if x[0] < 0 and not entry and late.min() > -0.005:
        return "edge"
    if 0 <= x[-1] <= width and theory.coasting_distance(abs(x[-1] - x[-2]), beta) <= 0.0005:
        return "ledge"
    return "C" if abs(late - (width + 2)).max() <= 0.005 else "moves"


def repeats_after(x):
    """Return after how many steps, of 2 to 60, a run that moves repeats itself; 0 if not."""
    if not abs(x[-1] - x[-2]) > 1e-3:
        return 0
    return next((p for p in range(2, 61) if (abs(x[-p:] - x[-2 * p : -p]) < 1e-6).all()), 0)


def regime_map_facts(one):
    run, shown = one.trajectory(), one.data()["shown"]
    pair, form = (1.0, one.eta_lambda, one.beta), {"nesterov": one.method == "Nesterov"}
    rate, velocities = theory.convergence_rate(*pair, **form), [0.0]
    for g in run.gradients[:shown, 0].tolist():
        velocities.append(Momentum(1.0, one.beta).step(0.0, g, velocities[-1])[1])
    return form | {
        "rate": rate, "regime": theory.regime(*pair, **form),
        "limit": theory.stability_limit(one.beta, **form),
        "period": theory.oscillation_period(*pair, **form),
        "time": run.settling_time(), "predicted": theory.relative_steps(SETTLED, rate),
        "gdDiverges": theory.regime(1.0, one.eta_lambda, 0.0) == "diverging",
        "rawConverges": theory.regime(*pair) not in ("diverging", "limit"),
        "path": run.path[: shown + 1, 0], "velocities": velocities,
        "step": one.step, "at": run.path[one.step, 0], "velocity": velocities[one.step],
    }  # fmt: skip


def scoreboard_facts(one):
    spread, best = (1 / one.condition_number, 1.0), one.against == one.data()["best"]
    best_pair = dict(zip(("learning_rate", "beta", "rate"), theory.optimal_parameters(*spread)))
    ratio = theory.relative_steps(theory.optimal_learning_rate(*spread)[1], best_pair["rate"])
    return {
        "atBest": best, "limit": theory.stability_limit(one.beta),
        "boards": [board(one, kappa, best) for kappa in (1.0, one.condition_number)],
        "share": 100 * np.sqrt(one.beta), "best": best_pair | {"ratio": ratio},
    }  # fmt: skip


def board(one, kappa, best):
    """Return one board; where gradient descent settles in one step there is no curve to win by."""
    data, wins = one.data(), kappa > 1 or not best
    end = theory.stability_limit(one.beta if best else 0.0) if wins else data["edge"]
    rates = both_rates(one, kappa, best, one.eta_largest)
    grid = np.array([x for x in data["grid"] if x < end * (1 - TINY)])
    heights = np.log10(theory.relative_steps(*both_rates(one, kappa, best, grid)))
    last = 3 if best else -2 if one.beta else 0
    curve = [[*grid, end], [*np.clip(heights, -2, 3), last]] if wins else [[], []]
    ratio = theory.relative_steps(*rates)
    return {
        "kappa": kappa, "wins": wins, "end": end, "rates": rates, "ratio": ratio, "curve": curve
    }  # fmt: skip


def both_rates(one, kappa, best, x):
    """Return both rates over a spread, gradient descent's first; infinite from the limit on."""

    def rate(beta):
        stable = np.less(x, theory.stability_limit(beta) * (1 - TINY))
        return np.where(stable, theory.convergence_rate([1 / kappa, 1.0], x, beta), np.inf)[()]

    return [theory.optimal_learning_rate(1 / kappa, 1.0)[1] if best else rate(0.0), rate(one.beta)]


def translator_facts(one):
    form, (out, into) = one.form, one.both()
    outside, inside = one.path(out), one.path(into)
    torch = one.path(form) if form.dampening and form.momentum else np.array([])
    eta, _, ahead = conventions.raw(form, nearest=True)
    gaps, apart = inside - outside, abs(torch - outside[: len(torch)])
    return {
        "eta": eta, "ahead": ahead, "calls": one.calls(), "at": one.at, "then": one.later * eta,
        "outside": outside, "inside": inside, "torch": torch, "changes": one.later != 1,
        "first": gaps[one.at + 1] if one.at + 1 < len(gaps) else 0.0, "most": abs(gaps).max(),
        "apart": apart.max(initial=0.0),
    }  # fmt: skip


def two_cases_facts(one):
    data, beta, by_hand = one.data(), one.beta, one.pattern == "drawn by hand"
    swings, t = one.pattern == "period", np.arange(data["steps"])
    omega = {"alternating": np.pi, "period": 2 * np.pi / one.period}.get(one.pattern, 0.0)
    response = response_to(omega, beta)
    g, v = np.cos(omega * t), (response * np.exp(1j * omega * t)).real
    if by_hand:  # for ever, so that it is a sum of cosines, too
        g = np.array([{"+": 1.0, "0": 0.0, "-": -1.0}[sign] for sign in one.drawn])
        omegas = 2 * np.pi * np.fft.fftfreq(len(g))
        v = np.fft.ifft(np.fft.fft(g) * response_to(omegas, beta)).real
    return {
        "byHand": by_hand, "swings": swings, "omega": omega, "gain": theory.gain(beta, omega),
        "crossover": theory.crossover_period(beta), "g": g, "v": v, "mean": g.mean(),
        "amplified": g.mean() * theory.gain(beta), "low": v.min(), "high": v.max(),
        "lag": -np.angle(response) / omega if swings else 0.0,
        "curve": theory.gain(beta, 2 * np.pi / np.array(data["periods"])),
        "constant": theory.gain(beta),
    }  # fmt: skip


def response_to(omega, beta):
    """Return the velocity in the long run for the gradient e^(i omega t), in units of it."""
    return 1 / (1 - beta * np.exp(-1j * omega))


def valley_facts(one):
    runs = [valley_run(one, 0.0, True), valley_run(one, one.beta, False)]
    longest = max([run["time"] for run in runs if run["regime"] != "diverging"], default=0)
    fits = [count for count in one.data()["shown"] if max(longest, one.step) <= count]
    return {
        "runs": runs, "steps": one.steps, "shown": fits[0] if fits else one.steps,
        "step": one.step, "at": [run["path"][one.step] for run in runs],
    }  # fmt: skip


def valley_run(one, beta, plain):
    run, pair = one.trajectory(gradient_descent=plain), (1.0, one.eta_lambda, beta)
    return {
        "path": run.path[:, 0], "regime": theory.regime(*pair),
        "rate": theory.convergence_rate(*pair), "period": theory.oscillation_period(*pair),
        "time": run.settling_time(), "overshoot": 100 * np.maximum(0.0, -run.path.min()),
    }  # fmt: skip


HANDS = {
    "averages": averages_facts, "cycles": cycles_facts, "network": network_facts,
    "noise": noise_facts, "path": path_facts, "plateau": plateau_facts,
    "regime_map": regime_map_facts, "scoreboard": scoreboard_facts,
    "translator": translator_facts, "two_cases": two_cases_facts, "valley": valley_facts,
}  # fmt: skip


def fixed(x, digits):
    """Print a number as a figure does: rounded half away from zero, infinity in words."""
    if not np.isfinite(x):
        return "undefined" if np.isnan(x) else "infinity" if x > 0 else "minus infinity"
    if abs(x) >= 1e15:
        exact = Decimal(x)
        shown = exact.quantize(Decimal(1).scaleb(exact.adjusted() - 2), ROUND_HALF_UP)
        mantissa, exponent = f"{shown:.2e}".split("e")
        return f"{mantissa}e{int(exponent):+d}".replace("-", "−")
    exact = Decimal(x).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{abs(exact) if exact == 0 else exact:f}".replace("-", "−")


def trimmed(x, digits):
    """Print a number with at most so many digits."""
    text = fixed(x, digits)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def round_half_up(x, digits):
    return float(Decimal(x).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
