"""Live figures: Python states them, JavaScript draws and describes them.

============  ===================================================================
`Averages`    a series, its exponential average and the weights of the past
`Cycles`      where momentum can circle for ever, and a surface on which it does
`Noise`       the cloud that noisy gradients leave around a minimum, beside the law
`Network`     the loss of a network on a plane of its weights, and runs of it
`Path`        gradient descent beside momentum on the contours of a surface
`Plateau`     the ball on the ledge, and where the coasting law stops it
`RegimeMap`   one curvature: its regimes over learning rate and beta
`Scoreboard`  many curvatures: momentum's steps for each step of gradient descent
`Translator`  one update in the words of eight libraries and papers, and their paths
`TwoCases`    a pattern of gradients and what momentum makes of it
`Valley`      one curvature over the steps: how it settles, and when
============  ===================================================================

`goal` states a goal for one of them. `Predictions` is no figure: it asks, in JupyterLab, what the
prompts of a chapter ask.

`base.py` holds what they share, `bundle.py` joins the modules in `js/`, `engine.py` runs them where
no browser does. `js/figures` has one file a figure: its facts, its words and its picture.
"""

from momentum.explorers.averages import Averages
from momentum.explorers.cycles import Cycles
from momentum.explorers.goals import goal as goal
from momentum.explorers.network import Network
from momentum.explorers.noise import Noise
from momentum.explorers.path import Path
from momentum.explorers.plateau import Plateau
from momentum.explorers.predictions import Predictions as Predictions
from momentum.explorers.regime_map import RegimeMap
from momentum.explorers.scoreboard import Scoreboard
from momentum.explorers.translator import Translator
from momentum.explorers.two_cases import TwoCases
from momentum.explorers.valley import Valley

__all__ = [
    "Averages",
    "Cycles",
    "Network",
    "Noise",
    "Path",
    "Plateau",
    "RegimeMap",
    "Scoreboard",
    "Translator",
    "TwoCases",
    "Valley",
]
