"""Writing all encrypted fields again, so that a former key can be taken away."""

from django.apps import apps
from django.db import transaction
from django.db.models import Model

from consult.participants.fields import AddressHashField, EncryptedTextField

ROWS_AT_ONCE = 500


def reencrypt_fields() -> int:
    """Write every encrypted value and address hash under the first key; return how many rows.

    Each batch is a transaction of its own, so that it can be stopped and repeated.
    """
    return sum(_reencrypt(model, names) for model in apps.get_models() if (names := _names(model)))


def _names(model: type[Model]) -> list[str]:
    kinds = (EncryptedTextField, AddressHashField)
    return [field.name for field in model._meta.local_fields if isinstance(field, kinds)]


def _reencrypt(model: type[Model], names: list[str]) -> int:
    keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), ROWS_AT_ONCE):
        with transaction.atomic():
            rows = model._default_manager.select_for_update().filter(
                pk__in=keys[start : start + ROWS_AT_ONCE]
            )
            for row in rows:
                row.save(update_fields=names)
    return len(keys)
