"""What every installation needs before its first page: roles, workflow, start page.

All functions can be called again: they add what is missing and change nothing that is there.
"""

from pathlib import Path

from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from consult.participants.states import Role
from consult.project.pages import CONTENT, create_info_pages, translate_home
from drafts.concept.importing import ParsedConcept
from drafts.concept.models import ConceptPage, SecondPersonTask
from drafts.concept.selectors import concepts
from drafts.concept.services import import_concept
from site_content.pages.models import City, HomePage

# The words of the start page in other languages than German.
START = CONTENT / "start.json"

# Which rights in the page tree a role has; all other rights stand in predicates.
PAGE_RIGHTS = {
    Role.EDITOR: ["add_page", "change_page"],
    Role.COORDINATION: ["add_page", "change_page", "publish_page", "lock_page", "unlock_page"],
}

# Lists that a role keeps: departments, bodies, council groups, pictures.
RIGHTS_ON_LISTS = {
    Role.EDITOR: ["add_image", "choose_image", "add_document", "choose_document"],
    Role.COORDINATION: [
        "add_image",
        "choose_image",
        "add_department",
        "change_department",
        "add_departmentmember",
        "change_departmentmember",
        "delete_departmentmember",
        "add_body",
        "change_body",
        "change_accessibilitystatement",
    ],
    Role.COUNCIL_OFFICE: [
        *("add_body", "change_body", "add_councilgroup", "change_councilgroup"),
        *("add_groupmembership", "change_groupmembership", "delete_groupmembership"),
    ],
}


def set_up_site(
    *, city: str, office: str, email: str, claim: str, lede: str, start: Path = START
) -> HomePage:
    """Create roles, start page, rules and procedure in all languages, settings, workflow.

    `claim` and `lede` are the German words of the start page, `start` names the file of the others.
    """
    home = create_home(claim=claim, lede=lede)
    create_roles(home)
    translate_home(home, start)
    create_info_pages(home, CONTENT / "seiten.json")
    site = Site.objects.get(is_default_site=True)
    site.site_name = site.site_name or city
    site.save()
    # Whoever asks a page before this leaves a nameless row behind.
    City.objects.get_or_create(site=site)
    City.objects.filter(site=site, name="").update(name=city, office=office, email=email)
    return home


def create_home(*, claim: str, lede: str) -> HomePage:
    """Put the start page at the root of the site, in place of Wagtail's welcome page."""
    home = HomePage.objects.first()
    if home:
        return home
    root = Page.objects.get(depth=1)
    Locale.objects.get_or_create(language_code="de")
    home = root.add_child(instance=HomePage(title="Start", slug="start", claim=claim, lede=lede))
    home.save_revision().publish()
    Site.objects.filter(is_default_site=True).update(root_page=home)
    Page.objects.filter(slug="home", depth=2).exclude(pk=home.pk).delete()
    return home


def create_roles(home: Page) -> None:
    """Create the staff groups with their rights and the review by a second person."""
    # Wagtail's own groups may publish everywhere: they would be a way round the second person.
    Group.objects.filter(name__in=["Editors", "Moderators"], user=None).delete()
    groups = {role: Group.objects.get_or_create(name=role)[0] for role in Role}
    access = Permission.objects.get(codename="access_admin")
    for role, group in groups.items():
        if role != Role.COUNCIL_MEMBER:
            group.permissions.add(access)
        for codename in PAGE_RIGHTS.get(role, []):
            GroupPagePermission.objects.get_or_create(
                group=group,
                page=home,
                permission=Permission.objects.get(
                    codename=codename, content_type__app_label="wagtailcore"
                ),
            )
    for role, codenames in RIGHTS_ON_LISTS.items():
        groups[role].permissions.add(*Permission.objects.filter(codename__in=codenames))
    _create_workflow(home, groups[Role.COORDINATION])


def _create_workflow(home: Page, approvers: Group) -> None:
    task, created = SecondPersonTask.objects.get_or_create(name="Prüfung durch eine zweite Person")
    if created:
        task.groups.add(approvers)
        workflow = Workflow.objects.create(name="Vier-Augen-Prüfung")
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        WorkflowPage.objects.filter(page__depth=1).delete()
        WorkflowPage.objects.create(workflow=workflow, page=home)


def import_into_site(parsed: ParsedConcept) -> ConceptPage:
    """Write a parsed concept below the start page, or into the concept of the same title."""
    home = HomePage.objects.first()
    if home is None:
        home = create_home(claim=parsed.title, lede="")
        create_roles(home)
    concept = concepts().filter(title=parsed.title).first()
    return import_concept(parsed=parsed, parent=home, actor=None, concept=concept)
