"""All checks of one kind of channel."""

from armature.conformance.answering import Answered
from armature.conformance.calling import Called
from armature.conformance.hearing import Heard
from armature.conformance.knowing import Known
from armature.conformance.shuffling import InAnyOrder


class Conforms(Called, Answered, InAnyOrder, Heard, Known):
    """A subclass has a fixture ``world``; see ``armature.conformance``. ``kind_name`` heads its column in the table."""

    kind_name = ""
