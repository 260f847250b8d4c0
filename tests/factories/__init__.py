"""One function a model; states are made by the services that lead there."""

from tests.factories.conversation import (
    make_contribution,
    make_open_round,
    make_round,
)
from tests.factories.document import make_concept, make_department, make_edition, make_section
from tests.factories.people import make_resident, make_staff

__all__ = [
    "make_concept",
    "make_contribution",
    "make_department",
    "make_edition",
    "make_open_round",
    "make_resident",
    "make_round",
    "make_section",
    "make_staff",
]
