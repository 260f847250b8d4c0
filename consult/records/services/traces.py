"""Where the words of a contribution may stand besides its own row.

Each function forgets one kind of trace. The caller holds the transaction and the row's lock.
"""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q
from wagtail.models import ModelLogEntry

from consult.contributions.models import (
    Comment,
    Complaint,
    Contribution,
    ModerationDecision,
    Report,
    Suggestion,
    SuggestionBundle,
)
from consult.contributions.selectors import difference
from consult.contributions.states import SuggestionStatus, Visibility
from consult.council.models import PackQuestion
from consult.evaluation.models import (
    AnalysisRun,
    AnalysisShard,
    ChangeCause,
    ProposalMember,
    Response,
    ResponseText,
    SuggestionDecision,
    Summary,
    TextVector,
    Theme,
    ThemeDeed,
    ThemeObjection,
    ThemeProposal,
)
from consult.evaluation.selectors import answer_hash
from consult.evaluation.services.objections import withdraw_objection
from consult.evaluation.services.summaries import request_summary
from consult.evaluation.states import ObjectionStatus, SummaryStatus, ThemeStatus
from consult.following.models import Follower, Subscription, Telling
from consult.following.services.following import forget_if_idle
from consult.following.states import Topic
from consult.participants.models import Notice
from consult.participants.states import NoticeStatus
from consult.records.redaction import GONE, is_quotable, without_name, without_quotations
from workers.analysis.vectors import vector_key

SHORT_WORD = 3  # "und", "der": anybody's words


def forget_vectors(contribution: Contribution, text: str) -> None:
    """Delete the sentence vector of the words and the key that the row has noted.

    Where others wrote the same words, theirs is computed anew.
    """
    keys = {vector_key(text), contribution.vector_key} - {""}
    TextVector.objects.filter(pk__in=keys).delete()
    Contribution.objects.filter(vector_key__in=keys).update(vector_key="")


def forget_proposals(contribution: Contribution) -> None:
    """Take the contribution out of what runs have proposed, with quotes, names and keywords.

    A keyword or a name stays where another member uses the same words.
    """
    members = ProposalMember.objects.filter(contribution=contribution)
    for proposal in ThemeProposal.objects.filter(members__in=members):
        others = _words_of_others(proposal, contribution)
        unique = [word for word in proposal.keywords if word.casefold() not in others]
        proposal.keywords = [word for word in proposal.keywords if word not in unique]
        proposal.quotes = _other_quotes(proposal.quotes, contribution)
        proposal.summary = [
            line
            for line in _other_sentences(proposal.summary, contribution)
            if not any(word in line["sentence"] for word in unique)
        ]
        if not all(word in others for word in _long_words(proposal.label)):
            _rename(proposal, ", ".join(proposal.keywords) or GONE)
        proposal.save(update_fields=["keywords", "label", "quotes", "summary"])
    members.delete()
    for job in (AnalysisRun.objects, AnalysisShard.objects):
        job.exclude(error="").update(error="")


def forget_summaries(contribution: Contribution, at: datetime) -> None:
    """Take quotes and cited sentences out of every summary; ask for new ones where they stand."""
    themes = Theme.objects.filter(assignments__contribution=contribution).distinct()
    for summary in Summary.objects.filter(theme__in=themes):
        summary.quotes = _other_quotes(summary.quotes, contribution)
        summary.sentences = _other_sentences(summary.sentences, contribution)
        summary.save(update_fields=["quotes", "sentences"])
    standing = themes.filter(
        status=ThemeStatus.CONFIRMED,
        summaries__status__in=[
            SummaryStatus.DUE, SummaryStatus.MACHINE_DRAFT, SummaryStatus.RELEASED,
        ],
    )  # fmt: skip
    for theme in standing:
        request_summary(theme=theme, at=at)


def forget_quotations(contribution: Contribution, text: str) -> None:
    """Cut verbatim quotations out of what staff wrote: names of themes, answers, reasons.

    A text of some length is looked for in the whole round, a short one in its own themes.
    """
    themes = Theme.objects.filter(round=contribution.round)
    if not is_quotable(text):
        themes = themes.filter(assignments__contribution=contribution).distinct()
    responses = Response.objects.filter(theme__in=themes)
    deeds = ThemeDeed.objects.filter(theme__in=themes)
    _cut(themes, ["title", "concern"], text)
    _cut(deeds, ["former_title", "former_concern"], text)
    _cut_answers(responses, text)
    _cut(ChangeCause.objects.filter(change__revision__round=contribution.round), ["note"], text)
    decided = SuggestionDecision.objects.filter(
        bundle__suggestions__contribution__round=contribution.round
    )
    _cut(decided.distinct(), ["reason"], text)
    _cut(ModerationDecision.objects.filter(contribution=contribution), ["reason"], text)
    _cut(Complaint.objects.filter(decision__contribution=contribution), ["reason"], text)
    _cut(ThemeObjection.objects.filter(assignment__theme__in=themes), ["reason"], text)
    if is_quotable(text):
        asked = PackQuestion.objects.filter(
            paper__edition__concept=contribution.round.edition.concept_id
        )
        _cut(asked, ["text", "answer"], text)
    _forget_in_log(themes, text)
    _forget_in_log(responses, text)
    for notice in Notice.objects.exclude(status=NoticeStatus.SENT):
        kept = _without_quotations(notice.context, text)
        if kept != notice.context:
            notice.context = kept
            notice.save(update_fields=["context"])


def forget_suggestion(contribution: Contribution) -> None:
    """Blank the other wording that it proposed, and in the bundle where nobody else proposes it.

    What was adopted as proposed is the concept's text by now and stays without the person.
    """
    suggestion = Suggestion.objects.filter(contribution=contribution).first()
    if suggestion is None:
        return
    bundle = SuggestionBundle.objects.select_for_update().get(pk=suggestion.bundle_id)
    for words in _own_words(bundle, suggestion.new_text):
        forget_quotations(contribution, words)
    suggestion.new_text, suggestion.credit_agreed = "", False
    suggestion.save(update_fields=["new_text", "credit_agreed"])
    others = bundle.suggestions.exclude(contribution__status=Visibility.ERASED)
    if bundle.status != SuggestionStatus.ADOPTED and not others.exists():
        bundle.new_text, bundle.effect = "", ""
        bundle.save(update_fields=["new_text", "effect"])


def forget_translations(contribution: Contribution) -> None:
    """Delete what a service made of the words."""
    contribution.translations.all().delete()


def forget_moderation(contribution: Contribution) -> None:
    """Blank what others reported about it and what its author complained."""
    Report.objects.filter(contribution=contribution).update(text=GONE, contact="", contact_hash="")
    Complaint.objects.filter(decision__contribution=contribution).update(text=GONE)


def forget_objections(contribution: Contribution) -> None:
    """Blank what its author objected; an open objection is taken back, nobody could settle it."""
    found = ThemeObjection.objects.filter(assignment__contribution=contribution)
    for objection in found.filter(status=ObjectionStatus.OPEN):
        withdraw_objection(objection=objection)
    found.update(text=GONE)


def forget_name(contribution: Contribution, name: str) -> None:
    """Take the author's name out of the case's reports, reasons and complaints."""
    complaints = Complaint.objects.filter(decision__contribution=contribution)
    for rows, field in [
        (Report.objects.filter(contribution=contribution), "text"),
        (ModerationDecision.objects.filter(contribution=contribution), "reason"),
        (complaints, "reason"),
        (ThemeObjection.objects.filter(assignment__contribution=contribution), "reason"),
    ]:
        for row in rows:
            setattr(row, field, without_name(getattr(row, field), name))
            row.save(update_fields=[field])
    complaints.update(text=GONE)
    forget_objections(contribution)
    for notice in _notices_to_reporters(contribution):
        notice.context = {
            key: without_name(value, name) if isinstance(value, str) else value
            for key, value in notice.context.items()
        }
        notice.save(update_fields=["context"])


def _own_words(bundle: SuggestionBundle, new_text: str) -> list[str]:
    # The rest is the concept's wording, which anybody may quote.
    parts = difference(bundle.op, bundle.old_text, new_text)
    return [words for op, words in parts if op == "insert" and words]


def _notices_to_reporters(contribution: Contribution):
    # They are still told how their report was decided.
    told = Q()
    for pk in Report.objects.filter(contribution=contribution).values_list("pk", flat=True):
        told |= Q(key__endswith=f":{pk}")
    about_reports = Notice.objects.filter(key__startswith="report_")
    return about_reports.filter(told) if told else about_reports.none()


def forget_notices(contribution: Contribution) -> None:
    """Delete the mails about it, sent or not."""
    decisions = list(contribution.decisions.values_list("pk", flat=True))
    complaints = Complaint.objects.filter(decision__in=decisions).values_list("pk", flat=True)
    keys = [f"decision:{pk}" for pk in decisions] + [f"complaint:{pk}" for pk in complaints]
    about = Q(key__in=[*keys, f"receipt:{contribution.ref}"])
    for kind in ("answer", "suggestion"):
        about |= Q(key__startswith=f"{kind}:", key__endswith=f":{contribution.ref}")
    objections = ThemeObjection.objects.filter(assignment__contribution=contribution)
    keys = [f"objection:{pk}" for pk in objections.values_list("pk", flat=True)]
    about |= Q(key__in=[*keys, f"understood:{contribution.ref}"])
    Notice.objects.filter(about).delete()
    for notice in Notice.objects.filter(template="news").exclude(status=NoticeStatus.SENT):
        if contribution.ref in json.dumps(notice.context):
            notice.delete()


def forget_followers(contribution: Contribution) -> None:
    """End whatever follows a contribution whose words are gone."""
    about = {"topic": Topic.CONTRIBUTION, "object": contribution.ref}
    Subscription.objects.filter(**about).delete()
    Telling.objects.filter(**about).delete()


def forget_guest_as_follower(contribution: Contribution, addresses: Iterable[str]) -> None:
    """End what guests follow as authors; an address that is left with nothing is forgotten.

    `addresses` are hashes, taken before the link to them was deleted.
    """
    for follower in Follower.objects.filter(user=None, email_hash__in=list(addresses)):
        for rows in (follower.subscriptions, follower.tellings):
            rows.filter(topic=Topic.CONTRIBUTION, object=contribution.ref).delete()
        forget_if_idle(follower)


def _cut(rows, fields: list[str], text: str) -> None:
    for row in rows:
        former = [getattr(row, field) for field in fields]
        kept = [without_quotations(value, text) for value in former]
        if kept != former:
            for field, value in zip(fields, kept, strict=True):
                setattr(row, field, value)
            row.save(update_fields=fields)


def _cut_answers(responses, text: str) -> None:
    """Cut answers and their versions; a version that rendered an answer still renders it."""
    versions = ResponseText.objects.filter(response__in=responses).select_related("response")
    in_step = [row for row in versions if row.source_hash == answer_hash(row.response)]
    _cut(responses, ["reason"], text)
    _cut(versions, ["reason"], text)
    for row in in_step:
        now = Response.objects.get(pk=row.response_id)
        ResponseText.objects.filter(pk=row.pk).update(source_hash=answer_hash(now))


def _forget_in_log(rows, text: str) -> None:
    for entry in _entries(rows):
        entry.label = without_quotations(entry.label, text)
        said = {key: entry.data[key] for key in ("title", "concern") if key in entry.data}
        entry.data |= _without_quotations(said, text)
        # Not its save(): that validates what Wagtail itself wrote.
        ModelLogEntry.objects.filter(pk=entry.pk).update(label=entry.label, data=entry.data)


def _without_quotations(said: Any, text: str) -> Any:
    match said:
        case str():
            return without_quotations(said, text)
        case dict():
            return {key: _without_quotations(value, text) for key, value in said.items()}
        case list():
            return [_without_quotations(value, text) for value in said]
    return said


def _entries(rows) -> Iterable[ModelLogEntry]:
    model: type[Model] = rows.model
    return ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        object_id__in=[str(pk) for pk in rows.values_list("pk", flat=True)],
    )


def _words_of_others(proposal: ThemeProposal, contribution: Contribution) -> str:
    others = proposal.members.exclude(contribution=contribution).values("contribution")
    texts = Comment.objects.filter(contribution__in=others).values_list("comment", flat=True)
    return "\n".join(texts).casefold()


def _long_words(label: str) -> list[str]:
    return [word for word in re.findall(r"\w+", label.casefold()) if len(word) > SHORT_WORD]


def _rename(proposal: ThemeProposal, label: str) -> None:
    """Give a proposal another name, and the theme that a person has confirmed under that name."""
    former, proposal.label = proposal.label, label
    for theme in Theme.objects.filter(from_proposal=proposal, title=former):
        theme.title = label
        theme.save(update_fields=["title"])
        _forget_in_log(Theme.objects.filter(pk=theme.pk), former)
        theme.deeds.filter(former_title=former).update(former_title=label)
        _forget_in_log(Response.objects.filter(theme=theme), former)


def _other_quotes(quotes: list[dict[str, str]], contribution: Contribution):
    return [quote for quote in quotes if quote["ref"] != contribution.ref]


def _other_sentences(sentences: list[dict[str, Any]], contribution: Contribution):
    # What counts or cites the contribution would be wrong without it.
    return [line for line in sentences if contribution.ref not in line["cites"]]
