from django.db import migrations

# The groups bear the names by which people know them; what each may do is unchanged.
NAMES = {
    "editor": "Redaktion",
    "coordination": "Koordinierungsstelle",
    "moderation": "Moderation",
    "department": "Fachamt",
    "council_office": "Ratsbüro",
    "council_member": "Ratsmitglieder",
    "auditor": "Prüfung",
}


def rename(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects
    for former, name in NAMES.items():
        groups.filter(name=former).update(name=name)


def rename_back(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects
    for former, name in NAMES.items():
        groups.filter(name=name).update(name=former)


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0003_encrypted_fields_and_erasure"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(rename, rename_back)]
