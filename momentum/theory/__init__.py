"""What mathematics predicts: rates, limits, gains and variances, in closed form.

============  =================================================================================
`rates`       one curvature: the iteration matrix, rate, stability, regimes, the ball with friction
`spread`      many curvatures: best parameters, transient growth, bounds that no method beats
`signals`     gradients from outside: coasting, gains, and what noise does
`products`    products whose factors may be at the edge of float64
============  =================================================================================

Unless a docstring says otherwise, the optimizer is momentum in its raw form, v <- beta v + g and
w <- w - learning_rate v, on a quadratic of the given curvature. beta = 0 is gradient descent.
Arguments may be arrays wherever the formula is elementwise. A result beyond float64 is infinity.
"""

from momentum.theory.rates import (
    convergence_rate,
    critical_beta,
    damped_ball,
    friction,
    iteration_matrix,
    oscillation_threshold,
    rate_contour,
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
    "iteration_matrix",
    "lower_bound",
    "optimal_condition_number",
    "optimal_learning_rate",
    "optimal_parameters",
    "oscillation_threshold",
    "rate_contour",
    "relative_steps",
    "restart_interval",
    "rmsprop_cycle",
    "stability_limit",
    "stationary_variance",
    "step_ratio",
    "step_variance",
    "transient_growth",
    "worst_case_error",
]
