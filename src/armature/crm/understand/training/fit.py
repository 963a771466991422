"""Finding the weights: a softmax regression with a penalty, in the space of the sentences (they are fewer than columns)."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def softmax(scores: Floats) -> Floats:
    """Scores of each row as shares of one."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def fit(likeness: Floats, answers: Ints, classes: int, balance: Floats, penalty: float, steps: int = 400) -> Floats:
    """How much each sentence has a share in the weights of each class. Convex, so it ends in one place."""
    count = len(answers)
    wanted = np.eye(classes)[answers]
    shares = ahead = np.zeros((count, classes))
    pace = 1 / (0.5 * _largest(likeness) * balance.max() / count + penalty)
    for step in range(steps):
        miss = (softmax(likeness @ ahead) - wanted) * balance[:, None] / count
        after = ahead - pace * (miss + penalty * ahead)
        ahead = after + step / (step + 3) * (after - shares)
        shares = after
    return shares


def _largest(matrix: Floats) -> float:
    vector = np.ones(len(matrix))
    for _ in range(30):
        vector = matrix @ vector
        vector /= np.linalg.norm(vector)
    return float(vector @ matrix @ vector)


def balance_of(answers: Ints, groups: Ints) -> Floats:
    """Rare classes count more, and so do languages with fewer sentences: by the root of how rare."""
    pairs = [1 / np.bincount(each)[each] for each in (answers, groups)]
    weight = np.sqrt(pairs[0] * pairs[1])
    return np.asarray(weight / weight.mean())
