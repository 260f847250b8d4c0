"""Erasure and the audit chain with several workers at once."""

from functools import partial

from django.utils import timezone

from consult.contributions.models import Comment
from consult.participants.models import ErasureRequest
from consult.participants.states import ErasureScope, ErasureStatus
from consult.records.models import AuditLink
from consult.records.services.audit_chain import first_break, noted_roots, seal_entries
from consult.records.services.erasure import request_erasure, run_next_erasure
from tests.factories import make_contribution, make_open_round, make_resident
from tests.faults.conftest import THREADS


def test_many_workers_carry_out_each_request_once(crowd):
    at = timezone.now()
    round_ = make_open_round(at=at)
    people = [make_resident() for _number in range(3)]
    for person in people:
        make_contribution(round_, at=at, participant=person)
        request_erasure(user=person, scope=ErasureScope.WORDS, at=at)
    done = crowd([partial(run_next_erasure, at=at)] * THREADS)
    while run_next_erasure(at=at):
        done.append(True)
    assert done.count(True) == len(people)
    assert {row.status for row in ErasureRequest.objects.all()} == {ErasureStatus.DONE}
    assert set(Comment.objects.values_list("comment", flat=True)) == {""}


def test_many_workers_seal_each_entry_once(crowd):
    at = timezone.now()
    make_open_round(at=at)
    sealed = crowd([partial(seal_entries, at=at)] * THREADS)
    assert sorted(sealed)[:-1] == [0] * (THREADS - 1)
    assert max(sealed) == AuditLink.objects.count()
    assert first_break(noted_roots()) is None
