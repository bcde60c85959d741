"""What the helpers' part knows about a person, for `groups.privacy`: given, or forgotten."""

from groups.privacy import columns

from .models import (
    Alert,
    Announcement,
    CheckIn,
    Digest,
    Follow,
    HelpRequest,
    Look,
    Nudge,
    SeasonAnswer,
    Sighting,
    Source,
    Transition,
)


def export(person):
    """Return what is kept about ``person`` as plain values, without the words of others."""
    return {
        "follows": columns(
            Follow.objects.filter(person=person), "group__short_name since ended_at"
        ),
        "digest": columns(Digest.objects.filter(person=person), "weekday hour planned_on"),
        "kind_words": columns(
            Nudge.objects.filter(by=person), "group__short_name sent_at way language text outcome"
        ),
        "outcomes_noted": columns(
            Nudge.objects.filter(outcome_by=person),
            "group__short_name outcome outcome_at until_day",
        ),
        "help_asked_for": columns(
            HelpRequest.objects.filter(by=person),
            "group__short_name occasion words asked_at settled_at",
        ),
        "help_given": columns(
            HelpRequest.objects.filter(settled_by=person),
            "group__short_name occasion asked_at settled_at",
        ),
        "signs_noted": columns(
            Sighting.objects.filter(person=person),
            "group__short_name indicator day count noted_at",
        ),
        "announcements": columns(
            Announcement.objects.filter(person=person),
            "group__short_name indicator kind day noted_at",
        ),
        "changes_of_indicators": columns(
            Transition.objects.filter(by=person),
            "rhythm__group__short_name rhythm__indicator before after at cause",
        ),
        "alerts_taken": columns(
            Alert.objects.filter(taken_by=person),
            "rhythm__group__short_name rhythm__indicator opened_on taken_at",
        ),
        "alerts_snoozed": columns(
            Alert.objects.filter(snoozed_by=person),
            "rhythm__group__short_name rhythm__indicator opened_on snoozed_until",
        ),
        "alerts_closed": columns(
            Alert.objects.filter(closed_by=person),
            "rhythm__group__short_name rhythm__indicator opened_on closed_at closed_why",
        ),
        "seasons_answered": columns(
            SeasonAnswer.objects.filter(by=person), "group__short_name key accepted answered_at"
        ),
        "sources_accepted": columns(
            Source.objects.filter(accepted_by=person),
            "group__short_name indicator kind url accepted_at",
        ),
        "sources_stopped": columns(
            Source.objects.filter(stopped_by=person),
            "group__short_name indicator kind url stopped_at",
        ),
        "check_ins": columns(
            CheckIn.objects.filter(person=person),
            "group__short_name month indicators asked_at expires_at answered_at",
        ),
        "addresses_looked_at": columns(
            Look.objects.filter(asked_by=person), "group__short_name url asked_at"
        ),
    }


def forget(person):
    """Empty what ``person`` wrote, which may name them; that a word was sent stays counted."""
    Nudge.objects.filter(by=person).update(text="")
    HelpRequest.objects.filter(by=person).update(words="")
