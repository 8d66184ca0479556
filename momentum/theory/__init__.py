"""What mathematics predicts: rates, limits, gains and variances, in closed form.

============  =================================================================================
`regimes`     one curvature: the roots of a step, the regimes, the limits between them
`rates`       one curvature: the iteration matrix, the rate, the ball with friction
`spread`      many curvatures: best parameters, transient growth, bounds that no method beats
`signals`     gradients from outside: coasting, gains, and what noise does
`noise`       noise of another kind: shuffled epochs, single examples
`cycles`      beyond bowls: where momentum can circle for ever, and where it cannot
`products`    products whose factors may be at the edge of float64
============  =================================================================================

Unless a docstring says otherwise, the optimizer is momentum in its raw form, v <- beta v + g and
w <- w - learning_rate v, on a quadratic of the given curvature. beta = 0 is gradient descent.
Arguments may be arrays wherever the formula is elementwise. A result beyond float64 is infinity.
"""

from momentum.theory.cycles import has_cycle, safe_beta
from momentum.theory.noise import shuffled_variance, streaming_rate
from momentum.theory.rates import (
    convergence_rate,
    damped_ball,
    friction,
    iteration_matrix,
    rate_contour,
)
from momentum.theory.regimes import (
    critical_beta,
    oscillation_period,
    oscillation_threshold,
    regime,
    roots,
    stability_limit,
)
from momentum.theory.signals import (
    coasting_distance,
    crossover_period,
    gain,
    rmsprop_cycle,
    stationary_variance,
    step_variance,
)
from momentum.theory.spread import (
    chebyshev_error,
    lower_bound,
    optimal_condition_number,
    optimal_learning_rate,
    optimal_parameters,
    relative_steps,
    restart_interval,
    step_ratio,
    transient_growth,
    worst_case_error,
)

__all__ = [
    "chebyshev_error",
    "coasting_distance",
    "convergence_rate",
    "critical_beta",
    "crossover_period",
    "damped_ball",
    "friction",
    "gain",
    "has_cycle",
    "iteration_matrix",
    "lower_bound",
    "optimal_condition_number",
    "optimal_learning_rate",
    "optimal_parameters",
    "oscillation_period",
    "oscillation_threshold",
    "rate_contour",
    "regime",
    "relative_steps",
    "restart_interval",
    "rmsprop_cycle",
    "roots",
    "safe_beta",
    "shuffled_variance",
    "stability_limit",
    "stationary_variance",
    "step_ratio",
    "step_variance",
    "streaming_rate",
    "transient_growth",
    "worst_case_error",
]
