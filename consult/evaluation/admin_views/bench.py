"""What the theme workshop shows. The number of queries does not grow with the contributions.

A closed round has a few hundred proposals and themes: they are read whole, in one query each, and
give the lists, their counts, the targets for moving and the neighbours. Contributions are read
one page at a time.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import registry

from consult.contributions.admin_views.places import language_of, places_of
from consult.contributions.models import Contribution
from consult.contributions.states import Visibility
from consult.evaluation.models import (
    AnalysisRun,
    Assignment,
    ProposalMember,
    Summary,
    Theme,
    ThemeProposal,
)
from consult.evaluation.selectors import (
    confirmed_themes,
    ledger_sums,
    open_proposals,
    unanswered_themes,
    unassigned,
)
from consult.evaluation.states import RunStatus, SummaryStatus, ThemeKind, ThemeStatus
from consult.rounds.models import ConsultationRound
from workers.analysis.stopwords import STOPWORDS

LIST_PAGE = 30
MEMBER_PAGE = 25
FEW_VOICES = 3
NEIGHBOURS = 6
LOG_LINES = 12

LISTS = {
    "vorschlaege": _("Vorschläge"),
    "bestaetigt": _("Bestätigt"),
    "einzelstimmen": _("Einzelstimmen"),
    "ohne-thema": _("Ohne Thema"),
    "buendel": _("Bündel"),
}
