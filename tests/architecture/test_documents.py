"""What docs/ says is what the code does."""

import ast
import importlib
import inspect
import re

from django.db.models import TextChoices

from consult.contributions.states import Rule, SuggestionStatus, Visibility
from consult.council.states import (
    DecisionStatus,
    MeetingStatus,
    MotionStatus,
    PaperStatus,
    QuestionStatus,
    StepStatus,
)
from consult.documents.states import DocumentStatus
from consult.evaluation.states import (
    ObjectionStatus,
    ResponseStatus,
    RevisionStatus,
    RunStatus,
    SummaryStatus,
    ThemeStatus,
)
from consult.intake.states import CardStatus, ImportStatus, NoteStatus, StatementStatus
from consult.participants.states import ErasureStatus, NoticeStatus, Role
from consult.records.states import BarrierStatus
from consult.rounds.states import RoundStatus
from drafts.actionplan.states import MeasureStatus
from drafts.editions.states import EditionStatus
from tests.architecture.source import ROOT, functions, modules

PROCESS = (ROOT / "docs" / "process.md").read_text()
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()

MACHINES = {
    "Edition": EditionStatus,
    "Consultation round": RoundStatus,
    "Contribution": Visibility,
    "Suggestion": SuggestionStatus,
    "Analysis run and its steps": RunStatus,
    "Theme": ThemeStatus,
    "Objection": ObjectionStatus,
    "Summary": SummaryStatus,
    "Response": ResponseStatus,
    "Revision": RevisionStatus,
    "Paper": PaperStatus,
    "Route step": StepStatus,
    "Meeting": MeetingStatus,
    "Decision": DecisionStatus,
    "Amendment motion": MotionStatus,
    "Question to the office": QuestionStatus,
    "Document": DocumentStatus,
    "Measure after adoption": MeasureStatus,
    "Note": NoteStatus,
    "Import": ImportStatus,
    "Card": CardStatus,
    "Statement": StatementStatus,
    "Notice": NoticeStatus,
    "Erasure on request": ErasureStatus,
    "Barrier report": BarrierStatus,
}


def _vocabularies() -> list[type[TextChoices]]:
    found = []
    for path in sorted(ROOT.glob("*/*/states.py")):
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        found += [
            kind
            for _name, kind in inspect.getmembers(module, inspect.isclass)
            if issubclass(kind, TextChoices) and kind.__module__ == module.__name__
        ]
    return sorted(set(found), key=lambda kind: kind.__name__)


def test_every_word_of_every_states_file_is_documented():
    missing = [
        (kind.__name__, value)
        for kind in _vocabularies()
        if kind is not Rule
        for value in kind.values
        if f"`{value}`" not in PROCESS
    ]
    assert missing == []
    first, *_others, last = Rule.values
    assert f"`{first}` to `{last}`" in PROCESS


def test_each_state_machine_names_its_states_and_no_others():
    for name, kind in MACHINES.items():
        [text] = re.findall(rf"\*\*{name}\*\*[^:\n]*: ([^\n]*)", PROCESS)
        sentence = re.split(r"\*\*|; its |\. ", text)[0]
        assert re.findall(r"`(\w+)`", sentence) == kind.values, name


def test_every_deed_of_the_table_is_a_function():
    table = PROCESS.partition("## The deeds in their order")[2].partition("## States")[0]
    deeds = {
        name for row in table.splitlines() if row.startswith("| 1") or re.match(r"\| \d", row)
        for name in re.findall(r"`([a-z]\w+)`", row)
    }  # fmt: skip
    known = {name for path, name, _node in functions() if "services" in path}
    assert len(deeds) > 30
    assert deeds - known == set()


def test_every_role_is_documented():
    for role in Role:
        assert f"| `{role}` |" in PROCESS


def test_every_setting_that_is_read_is_documented():
    read = set()
    for _path, tree in modules():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            called = ast.unparse(node.func)
            first = node.args[0]
            is_reader = called in {
                "env.text", "env.words", "env.keys", "env.switch", "env.path", "os.environ.get",
            }  # fmt: skip
            if is_reader and isinstance(first, ast.Constant):
                read.add(first.value)
            if called == "env.database":
                read.add("DATABASE_URL")
    assert {"SECRET_KEY", "REDIS_URL", "QUEUE", "PORT"} <= read
    read.remove("XDG_RUNTIME_DIR")  # the operating system's, not ours
    assert {name for name in read if f"`{name}`" not in OPERATIONS} == set()


def test_every_decision_is_numbered_without_a_gap():
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
