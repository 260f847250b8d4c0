"""Migrations of data."""

import importlib

from django.apps import apps
from django.contrib.auth.models import Group

from consult.participants.states import Role

names = importlib.import_module("consult.participants.migrations.0004_names_of_staff_groups")


def test_staff_groups_of_earlier_installations_get_the_names_of_today(db):
    Group.objects.all().delete()
    for former in names.NAMES:
        Group.objects.create(name=former)
    names.rename(apps, None)
    assert {group.name for group in Group.objects.all()} == set(Role.values)
    names.rename_back(apps, None)
    assert {group.name for group in Group.objects.all()} == set(names.NAMES)
