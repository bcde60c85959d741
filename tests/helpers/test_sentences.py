"""What people read, word for word, in both languages."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from helpers.arithmetic import Assessment, Facts, assess
from helpers.sentences import (
    day_in_words,
    moved_question,
    outlook,
    rhythm_in_words,
    sentence,
    short_sentence,
)

TODAY = date(2026, 10, 1)
DAY = timedelta(days=1)
# Between a number and what it counts, and before a colon; before ; ! ?
NO_BREAK, NARROW = "\u00a0", "\u202f"


def days_before(last, *gaps):
    """Return days that end with ``last`` and have these gaps between them, the newest last."""
    days = [last]
    for gap in reversed(gaps):
        days.append(days[-1] - gap * DAY)
    return days


USUAL = (24, 28, 31, 31, 31, 31, 31, 33, 35, 61, 31)
MONTHLY = (30,) * 11
AUGUST = date(2026, 8, 10)


def said(facts, language, today=TODAY):
    found = assess(facts, today)
    with translation.override(language):
        return plain(sentence(found, today)), plain(short_sentence(found, today))


def plain(text):
    """Show spaces that do not break as what can be seen in a failing test."""
    return str(text).replace(NO_BREAK, "~").replace(NARROW, "^")


@pytest.mark.parametrize(
    ("facts", "english", "french"),
    [
        pytest.param(
            Facts(days=days_before(AUGUST, *USUAL)),
            (
                "Meetings usually every 31 days (from 24 to 61). Last one on 10 August, none for "
                "52 days. Expected by 10 September; late since 21 September; the helper is alerted "
                "on 10 October.",
                "late since 21 September",
            ),
            (
                "Réunions d’habitude tous les 31~jours (de 24 à~61). La dernière a eu lieu le "
                "10~août, aucune depuis 52~jours. Prochaine fois attendue d’ici au 10~septembre^; "
                "en retard depuis le 21~septembre^; un·e helper sera prévenu·e le 10~octobre.",
                "en retard depuis le 21~septembre",
            ),
            id="late",
        ),
        pytest.param(
            Facts(indicator="news", days=days_before(date(2026, 7, 1), *MONTHLY)),
            (
                "News usually every 30 days. Last news on 1 July, none for 92 days. Expected by 31 "
                "July; late since 11 August; silent since 30 September.",
                "silent since 30 September",
            ),
            (
                "Nouvelles d’habitude tous les 30~jours. Dernière nouvelle le 1er~juillet, aucune "
                "depuis 92~jours. Prochaine fois attendue d’ici au 31~juillet^; en retard depuis "
                "le 11~août^; silence depuis le 30~septembre.",
                "silence depuis le 30~septembre",
            ),
            id="silent",
        ),
        pytest.param(
            Facts(indicator="follow_up", days=days_before(TODAY - DAY, *MONTHLY)),
            (
                "Follow-up document usually changed every 30 days. Last change on 30 September, "
                "none for 1 day. Expected by 30 October.",
                "last on 30 September",
            ),
            (
                "Document de suivi modifié d’habitude tous les 30~jours. Dernière modification le "
                "30~septembre, aucune depuis 1~jour. Prochaine fois attendue d’ici au 30~octobre.",
                "dernière fois le 30~septembre",
            ),
            id="on track",
        ),
        pytest.param(
            Facts(indicator="space", days=days_before(TODAY, 20), declared_days=30.4),
            (
                "Shared space usually changed every 27 days. Rhythm declared: monthly. Still "
                "learning. Last edit today. Expected by 28 October.",
                "last on 1 October",
            ),
            (
                "Espace partagé modifié d’habitude tous les 27~jours. Rythme déclaré~: mensuel. "
                "Rythme encore en apprentissage. Dernière contribution aujourd’hui. Prochaine fois "
                "attendue d’ici au 28~octobre.",
                "dernière fois le 1er~octobre",
            ),
            id="learning a declared rhythm",
        ),
        pytest.param(
            Facts(days=[date(2026, 9, 1)]),
            (
                "No rhythm known yet: every 30 days is assumed. Last one on 1 September, none for "
                "30 days. Expected by 1 October; late from 12 October.",
                "last on 1 September",
            ),
            (
                "Rythme encore inconnu~: on suppose tous les 30~jours. La dernière a eu lieu le "
                "1er~septembre, aucune depuis 30~jours. Prochaine fois attendue d’ici au "
                "1er~octobre^; en retard à partir du 12~octobre.",
                "dernière fois le 1er~septembre",
            ),
            id="nothing learned yet",
        ),
        pytest.param(
            Facts(indicator="space", days=days_before(TODAY - 3 * DAY, *[1] * 70)),
            (
                "A sign of life every week so far. Last edit on 28 September, none for 3 days. "
                "Expected by 5 October.",
                "last on 28 September",
            ),
            (
                "Un signe de vie chaque semaine jusqu’ici. Dernière contribution le 28~septembre, "
                "aucune depuis 3~jours. Prochaine fois attendue d’ici au 5~octobre.",
                "dernière fois le 28~septembre",
            ),
            id="without a week off",
        ),
        pytest.param(
            Facts(days=days_before(AUGUST, 9, 80, 10, 70, 12, 60, 35)),
            (
                "Meetings usually every 35 days (from 9 to 80). The rhythm is irregular. Last one "
                "on 10 August, none for 52 days. Expected by 14 September; late since 26 "
                "September; the helper is alerted on 10 October.",
                "late since 26 September",
            ),
            (
                "Réunions d’habitude tous les 35~jours (de 9 à~80). Le rythme est irrégulier. La "
                "dernière a eu lieu le 10~août, aucune depuis 52~jours. Prochaine fois attendue "
                "d’ici au 14~septembre^; en retard depuis le 26~septembre^; un·e helper sera "
                "prévenu·e le 10~octobre.",
                "en retard depuis le 26~septembre",
            ),
            id="irregular",
        ),
        pytest.param(
            Facts(days=days_before(date(2026, 7, 13), *MONTHLY), announced=[date(2026, 10, 22)]),
            (
                "The next one is announced for 22 October. Meetings usually every 30 days. Last "
                "one on 13 July, none for 80 days.",
                "announced for 22 October",
            ),
            (
                "La prochaine fois est annoncée pour le 22~octobre. Réunions d’habitude tous les "
                "30~jours. La dernière a eu lieu le 13~juillet, aucune depuis 80~jours.",
                "annoncé pour le 22~octobre",
            ),
            id="announced",
        ),
        pytest.param(
            Facts(days=days_before(date(2026, 7, 23), *MONTHLY), poll_since=date(2026, 9, 21)),
            (
                "Meetings usually every 30 days. Last one on 23 July, none for 70 days. Expected "
                "by 22 August; late since 2 September. A date poll has been open since 21 "
                "September: waiting for it until 12 October.",
                "late since 2 September",
            ),
            (
                "Réunions d’habitude tous les 30~jours. La dernière a eu lieu le 23~juillet, "
                "aucune depuis 70~jours. Prochaine fois attendue d’ici au 22~août^; en retard "
                "depuis le 2~septembre. Un sondage de date est ouvert depuis le 21~septembre~: on "
                "l’attend jusqu’au 12~octobre.",
                "en retard depuis le 2~septembre",
            ),
            id="poll",
        ),
        pytest.param(
            Facts(
                indicator="discussion",
                days=[date(2026, 9, 27)],
                weeks=[10] * 26 + [25, 24],
            ),
            (
                "24 messages last week, 25 the week before; usually 10 a week. No rhythm known "
                "yet: every 14 days is assumed. Last message on 27 September, none for 4 days.",
                "24 messages last week",
            ),
            (
                "24~messages la semaine dernière, 25 celle d’avant^; d’habitude 10 par semaine. "
                "Rythme encore inconnu~: on suppose tous les 14~jours. Dernier message le "
                "27~septembre, aucun depuis 4~jours.",
                "24~messages la semaine dernière",
            ),
            id="too busy",
        ),
        pytest.param(
            Facts(
                indicator="discussion",
                days=days_before(date(2026, 9, 27), *[14] * 5),
                weeks=[18] * 26 + [22, 23],
                most_a_week=20,
            ),
            (
                "23 messages last week, 22 the week before; more than 20 a week is too much for "
                "the group. Messages usually every 14 days. Last message on 27 September, none for "
                "4 days.",
                "23 messages last week",
            ),
            (
                "23~messages la semaine dernière, 22 celle d’avant^; plus de 20 par semaine, c’est "
                "trop pour le groupe. Messages d’habitude tous les 14~jours. Dernier message le "
                "27~septembre, aucun depuis 4~jours.",
                "23~messages la semaine dernière",
            ),
            id="more than the group can bear",
        ),
        pytest.param(
            Facts(
                indicator="discussion",
                days=days_before(date(2026, 9, 27), *[14] * 5),
                weeks=[10] * 20 + [2, 0, 1, 2],
            ),
            (
                "Messages usually every 14 days. Last message on 27 September, none for 4 days. "
                "Expected by 11 October. Much quieter than usual: 5 messages in four weeks, "
                "usually 10 a week.",
                "much quieter than usual",
            ),
            (
                "Messages d’habitude tous les 14~jours. Dernier message le 27~septembre, aucun "
                "depuis 4~jours. Prochaine fois attendue d’ici au 11~octobre. Bien plus calme que "
                "d’habitude~: 5~messages en quatre semaines, contre 10 par semaine d’habitude.",
                "bien plus calme que d’habitude",
            ),
            id="much quieter",
        ),
        pytest.param(
            Facts(days=[AUGUST], pauses=[(date(2026, 9, 1), date(2026, 11, 1))]),
            (
                "Paused until 1 November, by the group's own choice: its clocks stand still.",
                "until 1 November",
            ),
            (
                "En pause jusqu’au 1er~novembre, par choix du groupe~: ses horloges sont arrêtées.",
                "jusqu’au 1er~novembre",
            ),
            id="paused",
        ),
        pytest.param(
            Facts(days=[AUGUST], is_asleep=True),
            ("The group is asleep: its clocks stand still.", "asleep"),
            ("Le groupe est en sommeil~: ses horloges sont arrêtées.", "en sommeil"),
            id="asleep",
        ),
        pytest.param(
            Facts(has_source=False),
            (
                "No source is known and nobody has noted anything: nothing can be said.",
                "no source",
            ),
            (
                "Aucune source connue, et personne n’a rien noté~: on ne peut rien en dire.",
                "aucune source",
            ),
            id="no source",
        ),
        pytest.param(
            Facts(days=[AUGUST], collected_through=date(2026, 9, 1)),
            (
                "Nothing could be read since 1 September: the source is to be mended. This says "
                "nothing of the group.",
                "unreadable since 1 September",
            ),
            (
                "Rien n’a pu être lu depuis le 1er~septembre~: la source est à réparer. Cela ne "
                "dit rien du groupe.",
                "illisible depuis le 1er~septembre",
            ),
            id="unreadable",
        ),
        pytest.param(
            Facts(since=date(2026, 9, 11)),
            (
                "Nothing yet, followed since 11 September; the helper is alerted on 11 November.",
                "nothing yet",
            ),
            (
                "Rien encore, suivi depuis le 11~septembre^; un·e helper sera prévenu·e le "
                "11~novembre.",
                "rien encore",
            ),
            id="nothing yet",
        ),
        pytest.param(
            Facts(since=date(2026, 8, 1)),
            (
                "No rhythm known yet: every 30 days is assumed. Never started: nothing since 1 "
                "August, when following began; silent since 1 October.",
                "silent since 1 October",
            ),
            (
                "Rythme encore inconnu~: on suppose tous les 30~jours. Jamais commencé~: rien "
                "depuis le début du suivi, le 1er~août^; silence depuis le 1er~octobre.",
                "silence depuis le 1er~octobre",
            ),
            id="never started",
        ),
        pytest.param(
            Facts(is_archived=True),
            ("The group is archived.", "archived"),
            ("Le groupe est archivé.", "archivé"),
            id="archived",
        ),
    ],
)
def test_every_status_says_why_in_both_languages(facts, english, french):
    assert said(facts, "en") == english
    assert said(facts, "fr") == french


@pytest.mark.parametrize(
    ("silent_for", "english"),
    [
        (
            0,
            "Of a hundred groups as silent as this, 30 come back within a month, 54 within three; "
            "13 never do.",
        ),
        (
            30,
            "Of a hundred groups still silent 30 days after the alert, 19 never come back: a word "
            "now matters.",
        ),
        (
            200,
            "Of a hundred groups still silent 180 days after the alert, 41 never come back: a word "
            "now matters.",
        ),
    ],
)
def test_what_became_of_groups_as_silent_is_said(silent_for, english):
    quiet = Facts(days=days_before(TODAY - (61 + silent_for) * DAY, *MONTHLY))

    with translation.override("en"):
        assert outlook(assess(quiet, TODAY), TODAY) == english
        assert outlook(assess(Facts(days=[TODAY]), TODAY), TODAY) == ""


def test_whether_it_moved_is_asked_where_another_of_the_five_is_alive():
    quiet = Assessment(indicator="discussion", status="silent")
    meetings = Assessment(indicator="meetings", status="on_track", last_on=TODAY)
    news = Assessment(indicator="news", status="late", last_on=TODAY)

    with translation.override("en"):
        assert moved_question(quiet, [quiet, news, meetings]) == (
            "The list is silent, meetings go on: has it moved?"
        )
        assert moved_question(quiet, [quiet, news]) == ""
        assert moved_question(news, [quiet, news, meetings]) == ""
    with translation.override("fr"):
        assert plain(moved_question(quiet, [meetings])) == (
            "La liste est silencieuse, les réunions continuent~: a-t-elle déménagé^?"
        )


@pytest.mark.parametrize(
    ("days", "english", "french"),
    [
        (1, "every day", "tous les jours"),
        (7, "weekly", "hebdomadaire"),
        (14, "every two weeks", "tous les quinze jours"),
        (30, "monthly", "mensuel"),
        (45, "every 45 days", "tous les 45~jours"),
        (91, "quarterly", "trimestriel"),
        (365.25, "yearly", "annuel"),
    ],
)
def test_a_declared_rhythm_is_a_word_where_there_is_one(days, english, french):
    for language, expected in (("en", english), ("fr", french)):
        with translation.override(language):
            assert plain(rhythm_in_words(days)) == expected


def test_a_day_has_its_year_where_it_is_far():
    with translation.override("fr"):
        assert plain(day_in_words(date(2025, 8, 1), TODAY)) == "1er~août~2025"
        assert plain(day_in_words(date(2026, 1, 2), TODAY)) == "2~janvier"
    with translation.override("en"):
        assert day_in_words(date(2025, 8, 1), TODAY) == "1 August 2025"
