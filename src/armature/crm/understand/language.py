"""Language detection by the tables of py3langid, for batches and a chosen set of languages."""

from collections.abc import Sequence
from functools import cache
import math

import numpy as np
import numpy.typing as npt

from armature.arm.understand import Detect

CHOSEN = (
    "ar bg ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv nl no pl pt ro ru sk sl sr sv th tr uk vi zh"
).split()


@cache
def detector() -> Detect:
    """Loads the tables once."""
    from py3langid.langid import LanguageIdentifier, MODEL_FILE

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(CHOSEN)

    def detect(texts):
        out = []
        for t in texts:
            l, c = identifier.classify(t)
            out.append((l, float(c)))
        return out

    return detect
