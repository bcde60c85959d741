"""The operators' pages, and that what is changed there is derived and counted like anywhere."""

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from groups.deciding import merge_keywords
from groups.models import (
    Ecosystem,
    Facilitator,
    FormerShortName,
    Group,
    Keyword,
    Mail,
    Membership,
    Partner,
    Person,
    Revision,
    Role,
    Service,
    Task,
)
from groups.pictures import listing_name
from groups.tasks import open_task
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_keyword,
    make_mail,
    make_membership,
    make_person,
)
from tests.kept import kept, made_again
from tests.picture_files import encoded, photograph

pytestmark = pytest.mark.django_db

INLINES = ("services", "facilitators", "memberships", "partnerships", "pauses")


@pytest.fixture
def operator():
    return Person.objects.create_superuser("operator@example.org", "long and secret")


@pytest.fixture
def client(client, operator):
    client.force_login(operator)
    return client


def url(model, page, *args):
    return reverse(f"admin:groups_{model._meta.model_name}_{page}", args=args)


def form_of(group, **changes):
    """Return what the form of a group would send, with ``changes``."""
    fields = "name tagline kind short_name activity description country region".split()
    values = {name: getattr(group, name) for name in fields} if group else {}
    names = group.taggings.order_by("position").values_list("tag__name", flat=True) if group else []
    empty = {"latitude": "", "longitude": "", "member_count": "", "member_count_on": ""}
    management = {
        f"{inline}-{what}_FORMS": 0 for inline in INLINES for what in ("TOTAL", "INITIAL")
    }
    moment = {"confirmed_at_0": "", "confirmed_at_1": "", "started_in": "", "time_zone": ""}
    return {"keyword_names": ", ".join(names)} | empty | management | moment | values | changes


def save(client, group, **changes):
    """Send the form of a group; return the response, which redirects where all is well."""
    address = url(Group, "change", group.pk) if group else url(Group, "add")
    return client.post(address, form_of(group, **changes))


def act(client, model, action, objects, **fields):
    return client.post(
        url(model, "changelist"),
        {"action": action, "_selected_action": [each.pk for each in objects], **fields},
    )


# Lists


def make_things(number):
    """Make one of each record the operators have a list of."""
    ecosystem = make_ecosystem(f"eco {number}", name=f"Eco {number}", core_group=make_group())
    group = make_group(
        keywords=[f"eco {number}"], partners=[{"name": f"Partner {number}", "url": ""}]
    )
    make_membership(group, ecosystem)
    make_facilitator(group)
    make_mail(text="", html="")
    merge_keywords(make_keyword(f"kept {number}"), [make_keyword(f"merged {number}")])


LISTED = [model for model in admin.site._registry if model._meta.app_label == "groups"]


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model.__name__)
def test_a_list_costs_the_same_for_any_number_of_rows(client, django_assert_max_num_queries, model):
    make_things(0)
    with django_assert_max_num_queries(9) as first:  # session, person, counts, filters, rows
        assert client.get(url(model, "changelist")).status_code == 200
    for number in (1, 2):
        make_things(number)

    with django_assert_max_num_queries(len(first)):
        assert client.get(url(model, "changelist")).status_code == 200


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model.__name__)
def test_every_list_can_be_searched_or_says_it_cannot(client, model):
    make_things(0)

    assert client.get(url(model, "changelist"), {"q": "é'\" 0"}).status_code in (200, 302)


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model.__name__)
def test_every_record_has_a_page(client, model):
    make_things(0)

    for instance in model.objects.all():
        assert client.get(url(model, "change", instance.pk)).status_code == 200


def test_who_is_no_operator_does_not_get_in(client):
    client.force_login(make_person())

    for model in LISTED:
        assert client.get(url(model, "changelist")).status_code == 302


def test_keywords_are_found_in_any_spelling_with_their_groups(client):
    make_group(keywords=["Énergie solaire"])
    make_keyword("vélo")

    text = client.get(url(Keyword, "changelist"), {"q": "ENERGIE"}).text

    assert "Énergie solaire" in text
    assert "vélo" not in text
    assert '<td class="field-group_count">1</td>' in text


# Reviews


def test_groups_are_published_together(client, operator):
    groups = [make_group(review="pending", keywords=["velo"]) for _ in range(2)]

    act(client, Group, "publish", groups)

    assert {task.decision for task in Task.objects.all()} == {"accepted"}
    assert set(Group.objects.values_list("review", "reviewed_by")) == {("published", operator.pk)}
    assert Revision.objects.first().by == operator
    assert kept() == made_again()


def test_a_refusal_asks_for_the_reason_first(client):
    group = make_group(keywords=["velo"])

    asked = act(client, Group, "refuse", [group])
    assert asked.status_code == 200
    assert Group.objects.get().review == "published"

    empty = act(client, Group, "refuse", [group], confirm="1", reason="")
    assert empty.status_code == 200
    assert Group.objects.get().review == "published"

    act(client, Group, "refuse", [group], confirm="1", reason="Not a group.")
    refused = Group.objects.get()
    assert (refused.review, refused.review_reason) == ("refused", "Not a group.")
    assert kept() == made_again()


def told():
    """Return who was told what, as `/review/` tells it."""
    return [(mail.receiver, mail.subject, mail.is_asked) for mail in Mail.objects.order_by("pk")]


def test_who_waited_is_told_once_that_a_group_is_public(client):
    groups = [make_group(review=review, name="Estran") for review in ("pending", "published")]
    for group in groups:
        make_facilitator(group, make_person(f"{group.review}@example.org"))
    open_task(Task.Kind.NEW, groups[0])

    act(client, Group, "publish", groups)
    act(client, Group, "publish", groups)

    assert told() == [("pending@example.org", "«\u202fEstran\u202f» est public", True)]
    assert Task.objects.get().decision == "accepted"


@pytest.mark.parametrize(
    ("review", "subject"),
    [
        ("pending", "«\u202fEstran\u202f» n’est pas encore public"),
        ("published", "«\u202fEstran\u202f» n’est plus public"),
    ],
)
def test_who_is_refused_is_told_why(client, operator, review, subject):
    group = make_group(review=review, name="Estran")
    make_facilitator(group, make_person("ada@example.org"))

    act(client, Group, "refuse", [group], confirm="1", reason="Not a group.")

    assert told() == [("ada@example.org", subject, review == "pending")]
    assert "> Not a group." in Mail.objects.get().text
    task = Task.objects.get()
    assert (task.decision, task.decided_by) == ("refused", operator)
    assert task.decision_reason == "Not a group."


# Groups


def test_a_group_is_added_with_its_keywords_and_waits(client, operator):
    response = save(
        client,
        None,
        name="Jardins",
        tagline="Nous cultivons.",
        kind="support",
        short_name="jardins",
        activity="active",
        keyword_names="vélo, Énergie solaire",
    )

    assert response.status_code == 302
    group = Group.objects.get()
    assert (group.review, group.shelf) == ("pending", 0)
    assert [name for name, _slug in group.card["keywords"]] == ["vélo", "Énergie solaire"]
    assert Revision.objects.get().by == operator
    assert kept() == made_again()


def test_a_change_is_counted_and_leaves_a_revision(client, operator):
    group = make_group(kind="support", keywords=["velo"], country="BJ")

    response = save(client, group, kind="thematic", country="FR", keyword_names="bus")

    assert response.status_code == 302
    assert kept() == made_again()
    assert Group.objects.get().card["keywords"] == [["bus", "bus"]]
    revision = Revision.objects.first()
    assert (revision.by, revision.entry["kind"]) == (operator, "thematic")


def test_links_added_beside_the_group_reach_its_card(client):
    group = make_group()

    response = save(
        client,
        group,
        **{
            "services-TOTAL_FORMS": 1,
            "services-0-kind": "join",
            "services-0-url": "https://example.org/join",
            "services-0-group": group.pk,
        },
    )

    assert response.status_code == 302
    assert Service.objects.get().kind == "join"
    assert Group.objects.get().card["join"] == "https://example.org/join"


def test_a_new_short_name_leaves_the_old_one_redirecting(client):
    group = make_group(short_name="jardin")

    save(client, group, short_name="jardins")

    assert Group.objects.named("jardin") == Group.objects.get(short_name="jardins") == group


@pytest.mark.parametrize(
    "fields",
    [
        {"short_name": "admin"},
        {"short_name": "fr"},
        {"short_name": "É"},
        {"name": ""},
        {"tagline": ""},
        {"latitude": "6.5"},
        {"latitude": "99", "longitude": "0"},
        {"country": "bj"},
        {"member_count": "-1"},
        {"member_count_on": "2025-01-01"},
        {"keyword_names": ", ".join(f"word {number}" for number in range(13))},
        {"keyword_names": "x" * 51},
    ],
)
def test_what_breaks_a_rule_gets_a_sentence_and_changes_nothing(client, fields):
    group = make_group(keywords=["velo"])
    before = kept()

    response = save(client, group, **fields)

    assert response.status_code == 200
    assert 'class="errorlist' in response.text
    assert kept() == before


def test_a_short_name_that_redirects_to_another_group_gets_a_sentence(client):
    FormerShortName.objects.create(short_name="jardin", group=make_group())

    response = save(client, make_group(), short_name="jardin")

    assert response.status_code == 200
    assert 'class="errorlist' in response.text


def test_a_deleted_group_is_counted_no_more_and_its_name_is_kept(client):
    group = make_group(short_name="jardins", keywords=["velo"], latitude=6.5, longitude=2.6)

    client.post(url(Group, "delete", group.pk), {"post": "yes"})

    assert Group.objects.count() == 0
    assert kept() == made_again()
    assert FormerShortName.objects.get().short_name == "jardins"


def test_groups_deleted_together_are_counted_no_more(client):
    groups = [make_group(keywords=["velo"]) for _ in range(3)]

    act(client, Group, "delete_selected", groups[:2], post="yes")

    assert list(Group.objects.all()) == groups[2:]
    assert kept() == made_again()


# Keywords


def test_a_corrected_spelling_reaches_the_cards(client):
    make_group(keywords=["velo"])

    client.post(url(Keyword, "change", make_keyword("velo").pk), {"name": "Vélo"})

    assert [name for name, _slug in Group.objects.get().card["keywords"]] == ["Vélo"]
    assert kept() == made_again()


def test_a_spelling_another_keyword_has_gets_a_sentence(client):
    make_keyword("velo")
    bus = make_keyword("bus")

    response = client.post(url(Keyword, "change", bus.pk), {"name": "Vélo"})

    assert response.status_code == 200
    assert 'class="errorlist' in response.text


def test_merging_asks_which_spelling_stays(client):
    make_group(keywords=["velo"])
    make_group(keywords=["bicyclette"])
    words = [make_keyword("velo"), make_keyword("bicyclette")]

    assert act(client, Keyword, "merge", words).status_code == 200
    assert Keyword.objects.count() == 2

    act(client, Keyword, "merge", words, confirm="1", kept=words[0].pk)
    assert list(Keyword.objects.all()) == words[:1]
    assert kept() == made_again()


def test_a_keyword_with_an_ecosystem_has_to_be_the_one_that_is_kept(client):
    ecosystem = make_ecosystem("rivages")
    bus = make_keyword("bus")

    response = act(client, Keyword, "merge", [ecosystem.keyword, bus], confirm="1", kept=bus.pk)

    assert response.status_code == 302
    assert Keyword.objects.count() == 2


def test_a_deleted_keyword_is_on_no_card_and_in_no_count(client):
    make_group(keywords=["velo", "bus"])

    client.post(url(Keyword, "delete", make_keyword("velo").pk), {"post": "yes"})

    assert [name for name, _slug in Group.objects.get().card["keywords"]] == ["bus"]
    assert kept() == made_again()


def test_keywords_deleted_together_are_on_no_card_and_in_no_count(client):
    make_group(keywords=["velo", "bus", "train"])
    words = [make_keyword("velo"), make_keyword("bus")]

    act(client, Keyword, "delete_selected", words, post="yes")

    assert [name for name, _slug in Group.objects.get().card["keywords"]] == ["train"]
    assert kept() == made_again()


# Ecosystems and memberships


def ecosystem_form(keyword, **changes):
    return {
        "keyword": keyword.pk,
        "name": "Rivages",
        "tagline": "",
        "description": "",
        "accent": "indigo",
        "core_group": "",
        "charter_version": 1,
        "admission": "reviewed",
        "allowed_origins": "[]",
        **{
            f"{inline}-{what}_FORMS": 0
            for inline in ("charter_rules", "roles")
            for what in ("TOTAL", "INITIAL")
        },
        **changes,
    }


@pytest.mark.parametrize("admission", ["open", "reviewed"])
def test_a_new_ecosystem_counts_each_group_once(client, admission):
    for _ in range(2):
        make_group(keywords=["rivages", "velo"], latitude=6.5, longitude=2.6)

    response = client.post(
        url(Ecosystem, "add"), ecosystem_form(make_keyword("rivages"), admission=admission)
    )

    assert response.status_code == 302
    assert kept() == made_again()


def test_another_admission_lists_or_hides_at_once(client):
    make_group(keywords=["rivages"])
    ecosystem = make_ecosystem("rivages", admission="open")

    client.post(url(Ecosystem, "change", ecosystem.pk), ecosystem_form(ecosystem.keyword))

    assert Group.objects.in_ecosystem(ecosystem).count() == 0
    assert kept() == made_again()


def test_another_keyword_moves_what_is_listed(client):
    make_group(keywords=["rivages"])
    make_group(keywords=["rives"])
    ecosystem = make_ecosystem("rivages", admission="reviewed")

    client.post(url(Ecosystem, "change", ecosystem.pk), ecosystem_form(make_keyword("rives")))

    assert Group.objects.in_ecosystem(make_keyword("rivages")).count() == 1
    assert Group.objects.in_ecosystem(make_keyword("rives")).count() == 0
    assert kept() == made_again()


def test_a_deleted_ecosystem_leaves_its_keyword_to_everybody(client):
    make_group(keywords=["rivages"])
    ecosystem = make_ecosystem("rivages", admission="reviewed")

    client.post(url(Ecosystem, "delete", ecosystem.pk), {"post": "yes"})

    assert Group.objects.in_ecosystem(make_keyword("rivages")).count() == 1
    assert kept() == made_again()


def role_row(number, role=None, **fields):
    """Return what the form of an ecosystem sends of one role, with what nobody may type."""
    row = {"id": role.pk if role else "", "withdrawn_at_0": "", "withdrawn_at_1": ""}
    forged = {"given_by": 1, "withdrawn_by": 1, "given_at_0": "2001-01-01", "given_at_1": "00:00"}
    return {f"roles-{number}-{name}": value for name, value in (row | forged | fields).items()}


def test_who_gives_and_withdraws_a_role_is_written_down(client, operator):
    ecosystem = make_ecosystem("rivages")
    address = url(Ecosystem, "change", ecosystem.pk)
    form = ecosystem_form(ecosystem.keyword, **{"roles-TOTAL_FORMS": 1})
    who = {"person": make_person().pk, "ecosystem": ecosystem.pk, "kind": "helper"}
    before = timezone.now()

    assert client.post(address, form | role_row(0, **who)).status_code == 302

    role = Role.objects.get()
    assert (role.given_by, role.withdrawn_by) == (operator, None)
    assert before <= role.given_at <= timezone.now()

    second = Person.objects.create_superuser("second@example.org", "long and secret")
    client.force_login(second)
    form["roles-INITIAL_FORMS"] = 1
    gone = {"withdrawn_at_0": "2026-11-21", "withdrawn_at_1": "12:00:00"}
    assert client.post(address, form | role_row(0, role, **who, **gone)).status_code == 302
    client.force_login(operator)
    assert client.post(address, form | role_row(0, role, **who, **gone)).status_code == 302

    role.refresh_from_db()
    assert (role.given_by, role.withdrawn_by) == (operator, second)

    assert client.post(address, form | role_row(0, role, **who)).status_code == 302

    role.refresh_from_db()
    assert (role.withdrawn_at, role.withdrawn_by) == (None, None)


def test_who_adds_and_ends_a_facilitator_is_written_down(client, operator):
    group, person = make_group(), make_person()
    row = {
        "facilitators-TOTAL_FORMS": 1,
        "facilitators-0-group": group.pk,
        "facilitators-0-person": person.pk,
        "facilitators-0-added_by": person.pk,
    }
    assert save(client, group, **row).status_code == 302
    facilitator = Facilitator.objects.get()
    assert (facilitator.added_by, facilitator.ended_by) == (operator, None)

    row |= {"facilitators-INITIAL_FORMS": 1, "facilitators-0-id": facilitator.pk}
    row |= {"facilitators-0-ended_at_0": "2026-11-21", "facilitators-0-ended_at_1": "12:00:00"}
    assert save(client, group, **row).status_code == 302

    facilitator.refresh_from_db()
    assert (facilitator.added_by, facilitator.ended_by) == (operator, operator)


def membership_form(group, ecosystem, **changes):
    return {
        "group": group.pk,
        "ecosystem": ecosystem.pk,
        "status": "accepted",
        "reason": "",
        "asked_at_0": "2025-03-10",
        "asked_at_1": "12:00:00",
        "decided_at_0": "",
        "decided_at_1": "",
        "decided_by": "",
        "charter_version": "",
        "charter_accepted_at_0": "",
        "charter_accepted_at_1": "",
        "charter_accepted_by": "",
        **changes,
    }


def test_a_new_membership_lists_a_group_and_counts_it_once(client):
    group = make_group(keywords=["rivages", "velo"], latitude=6.5, longitude=2.6)
    ecosystem = make_ecosystem("rivages", admission="reviewed")

    response = client.post(url(Membership, "add"), membership_form(group, ecosystem))

    assert response.status_code == 302
    assert list(Group.objects.in_ecosystem(ecosystem)) == [group]
    assert kept() == made_again()


def test_a_membership_that_ends_hides_the_group(client):
    group = make_group(keywords=["rivages"])
    membership = make_membership(group, make_ecosystem("rivages", admission="reviewed"))

    client.post(
        url(Membership, "change", membership.pk),
        membership_form(group, membership.ecosystem, status="left"),
    )

    assert Group.objects.in_ecosystem(membership.ecosystem).count() == 0
    assert kept() == made_again()


def test_a_membership_given_to_another_group_counts_both(client):
    first, second = make_group(keywords=["rivages"]), make_group(keywords=["rivages"])
    membership = make_membership(first, make_ecosystem("rivages", admission="reviewed"))

    client.post(
        url(Membership, "change", membership.pk),
        membership_form(second, membership.ecosystem),
    )

    assert list(Group.objects.in_ecosystem(membership.ecosystem)) == [second]
    assert kept() == made_again()


def test_a_refusal_of_a_membership_needs_a_reason(client):
    group, ecosystem = make_group(), make_ecosystem()

    response = client.post(
        url(Membership, "add"), membership_form(group, ecosystem, status="refused")
    )

    assert response.status_code == 200
    assert Membership.objects.count() == 0


# The rest


def test_a_partner_that_is_there_already_gets_a_sentence(client):
    make_group(partners=[{"name": "Fonds", "url": ""}])

    response = client.post(url(Partner, "add"), {"name": "FONDS", "url": ""})

    assert response.status_code == 200
    assert 'class="errorlist' in response.text


def test_revisions_are_read_and_never_written(client):
    make_group()
    revision = Revision.objects.get()

    assert client.get(url(Revision, "add")).status_code == 403
    assert client.post(url(Revision, "change", revision.pk), {"why": "x"}).status_code == 403
    assert client.post(url(Revision, "delete", revision.pk), {"post": "yes"}).status_code == 403


def test_an_operator_is_made_by_address_alone(client):
    client.post(
        url(Person, "add"),
        {"email": "Bob@Example.org", "usable_password": "false", "password1": "", "password2": ""},
    )

    assert Person.objects.filter(email="bob@example.org").exists()


# Pictures


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(kind="PNG", size=(960, 80)):
    return SimpleUploadedFile("x.html", encoded(photograph(size), kind), "text/html")


def test_the_banner_of_a_group_is_stored_shown_kept_and_taken_away(client, folder):
    group = make_group(review="published")

    assert save(client, group, banner=upload()).status_code == 302

    banner = Group.objects.get().banner.name
    assert picture_files_in(folder) == {banner, listing_name(banner)}
    assert listing_name(banner) in client.get("/groups/").text
    assert kept() == made_again()

    save(client, group, name="Another name")

    assert Group.objects.get().banner.name == banner

    save(client, group, **{"banner-clear": "on"})

    assert Group.objects.get().banner.name == ""
    assert listing_name(banner) not in client.get("/groups/").text


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (lambda: SimpleUploadedFile("x.png", b"<svg/>", "image/png"), "SVG"),
        (lambda: upload(size=(100, 80)), "480"),
        (lambda: SimpleUploadedFile("x.png", b"\0", "image/png"), "JPEG"),
    ],
)
def test_a_banner_that_is_not_taken_is_explained_to_operators_too(client, folder, file, sentence):
    group = make_group()

    response = save(client, group, banner=file())

    assert sentence in response.text
    assert Group.objects.get().banner.name == ""
    assert picture_files_in(folder) == set()


def test_a_picture_cannot_be_given_and_taken_away_at_once(client, folder):
    response = save(client, make_group(), banner=upload(), **{"banner-clear": "on"})

    assert response.status_code == 200
    assert Group.objects.get().banner.name == ""


@pytest.mark.parametrize("how", ["renamed", "deleted", "deleted with others"])
def test_whoever_keeps_a_copy_hears_that_a_partner_changed(client, how):
    group = make_group(partners=[{"name": "Friends", "url": ""}])
    partner, before = Partner.objects.get(), group.changed_at

    if how == "renamed":
        client.post(url(Partner, "change", partner.pk), {"name": "Old friends"})
    elif how == "deleted":
        client.post(url(Partner, "delete", partner.pk), {"post": "yes"})
    else:
        act(client, Partner, "delete_selected", [partner], post="yes")

    assert not Partner.objects.filter(name="Friends").exists()
    group.refresh_from_db()
    assert group.changed_at > before


def test_the_logo_of_a_partner_and_the_banner_of_an_ecosystem_are_stored(client, folder):
    make_group(partners=[{"name": "Friends", "url": ""}])
    partner = Partner.objects.get()
    client.post(url(Partner, "change", partner.pk), {"name": "Friends", "logo": upload("JPEG")})
    ecosystem = make_ecosystem()
    form = {
        f"{inline}-{what}_FORMS": 0
        for inline in ("charter_rules", "roles")
        for what in ("TOTAL", "INITIAL")
    }
    form |= {"keyword": ecosystem.keyword_id, "name": "Rivages", "accent": "indigo"}
    form |= {"charter_version": 1, "admission": "open", "allowed_origins": "[]"}
    client.post(url(Ecosystem, "change", ecosystem.pk), form | {"banner": upload("WEBP")})

    logo, banner = Partner.objects.get().logo.name, Ecosystem.objects.get().banner.name
    assert logo.startswith("logos/")
    assert picture_files_in(folder) == {logo, banner, listing_name(banner)}


def picture_files_in(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


# Mail


@pytest.mark.parametrize("outcome", ["unknown", "refused"])
def test_a_mail_that_may_not_have_left_is_sent_again_by_a_word(client, outcome):
    lost = make_mail(outcome=outcome, problem="451 later")
    sent = make_mail(outcome="sent", sent_at=timezone.now())

    response = act(client, Mail, "send_again", [lost, sent])

    assert response.status_code == 302
    assert list(Mail.objects.order_by("pk").values_list("outcome", flat=True)) == ["queued", "sent"]
    assert "1 courriel décidé." in client.get(url(Mail, "changelist")).text


def test_a_mail_that_is_let_be_keeps_nothing(client):
    make_mail(outcome="unknown")

    act(client, Mail, "let_be", Mail.objects.all())

    assert Mail.objects.values_list("outcome", "text", "html").get() == ("unknown", "", "")


def test_a_mail_is_shown_without_its_links_and_cannot_be_written(client):
    mail = make_mail(text="https://example.org/l/secret/", html="https://example.org/l/secret/")

    page = client.get(url(Mail, "change", mail.pk))

    assert mail.subject in page.text
    assert "secret" not in page.text
    assert client.post(url(Mail, "change", mail.pk), {"subject": "x"}).status_code == 403
    assert client.get(url(Mail, "add")).status_code == 403
    assert client.get(url(Mail, "delete", mail.pk)).status_code == 403


# The queue


def test_publishing_and_refusing_settle_what_waited_for_it(client, operator):
    accepted, refused = (make_group(review="pending") for _ in range(2))
    for group in (accepted, refused):
        open_task(Task.Kind.NEW, group)

    act(client, Group, "publish", [accepted])
    act(client, Group, "refuse", [refused], confirm="1", reason="Not a group.")

    assert dict(Task.objects.values_list("group", "decision")) == {
        accepted.pk: "accepted",
        refused.pk: "refused",
    }
    assert {task.decided_by for task in Task.objects.all()} == {operator}


def test_a_group_added_here_waits_in_the_queue(client):
    save(
        client,
        None,
        name="Jardins",
        tagline="One line.",
        kind="territorial",
        short_name="jardins",
        activity="active",
    )

    assert list(Task.objects.values_list("kind", "group__short_name")) == [("new", "jardins")]


def test_an_operators_change_is_not_listed_for_a_look_but_another_host_is(client):
    group = make_group(services={"home": "https://example.org/"})
    service = group.services.get()
    links = {
        "services-TOTAL_FORMS": 1,
        "services-INITIAL_FORMS": 1,
        "services-0-id": service.pk,
        "services-0-group": group.pk,
        "services-0-kind": "home",
    }
    save(client, group, tagline="Other.", **links, **{"services-0-url": "https://example.org/"})
    assert Task.objects.count() == 0

    group = Group.objects.get()
    save(client, group, **links, **{"services-0-url": "https://example.net/"})

    assert Task.objects.get().kind == "look"


def test_a_membership_decided_here_waits_no_more(client, operator):
    ecosystem = make_ecosystem(admission="reviewed")
    group = make_group(keywords=["rivages"])
    membership = Membership.objects.get()
    address = url(Membership, "change", membership.pk)

    client.post(address, membership_form(group, ecosystem, status="accepted"))

    task = Task.objects.get()
    assert (task.decision, task.decided_by) == ("settled", operator)


def test_a_group_is_deleted_with_what_waits_for_it(client):
    group = make_group()
    open_task(Task.Kind.STALE, group)

    client.post(url(Group, "delete", group.pk), {"post": "yes"})

    assert (Group.objects.count(), Task.objects.count()) == (0, 0)


def test_tasks_are_read_and_never_written(client):
    task = open_task(Task.Kind.STALE, make_group(name="Estran"))

    assert "Estran" in client.get(url(Task, "changelist")).text
    assert client.get(url(Task, "change", task.pk)).status_code == 200
    assert client.post(url(Task, "change", task.pk), {}).status_code == 403
    assert client.get(url(Task, "add")).status_code == 403
    assert client.get(url(Task, "delete", task.pk)).status_code == 403
