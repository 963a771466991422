"""Why they said it: the starter reader suggests language, intent, kind of issue and feeling, and shows its words.

A pure function of the text: tables and weights come in as values, and how texts are cut into batches changes nothing.
"""

from armature.arm.understand.feeling import Lexicon, read_lexicon
from armature.arm.understand.language import Detect
from armature.arm.understand.starter import StarterReader
from armature.arm.understand.weights import Weights

__all__ = ["Detect", "Lexicon", "StarterReader", "Weights", "read_lexicon"]
