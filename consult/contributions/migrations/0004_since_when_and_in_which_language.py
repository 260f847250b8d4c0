import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F


def take_time_of_receipt(apps, schema_editor):
    apps.get_model("contributions", "Contribution").objects.update(status_since=F("received_at"))


class Migration(migrations.Migration):
    dependencies = [("contributions", "0003_words_inside_compounds")]

    operations = [
        migrations.AddField(
            model_name="contribution",
            name="status_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(take_time_of_receipt, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="contribution",
            name="status_since",
            field=models.DateTimeField(),
        ),
        migrations.AddField(
            model_name="contribution",
            name="withdrawal_reason",
            field=models.TextField(blank=True, default="", verbose_name="Grund des Zurückziehens"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="guestcontact",
            name="language",
            field=models.CharField(default="de", max_length=12),
        ),
        migrations.AddField(
            model_name="report",
            name="language",
            field=models.CharField(default="de", max_length=12),
        ),
        migrations.AddField(
            model_name="complaint",
            name="report",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="complaints",
                to="contributions.report",
            ),
        ),
    ]
