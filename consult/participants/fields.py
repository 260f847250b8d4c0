"""Columns that hold no readable personal data."""

import json
from base64 import b64decode, b64encode
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import validate_email
from django.db import models

from consult.participants.encryption import address_hash, decrypt, encrypt


class EncryptedTextField(models.TextField):
    """A text that the database sees as a Fernet token. It cannot be searched, only be empty."""

    def get_prep_value(self, value):
        """Encrypt what is stored."""
        prepared = super().get_prep_value(value)
        return prepared if prepared is None else encrypt(prepared)

    def from_db_value(self, value, _expression, _connection):
        """Decrypt what was stored. Raises Unreadable without its key."""
        return value if value is None else decrypt(value)


class EncryptedEmailField(EncryptedTextField):
    """An address that the database sees as a Fernet token."""

    default_validators = [validate_email]


class EncryptedBytesField(EncryptedTextField):
    """The content of a file that the database sees as a Fernet token."""

    # For the type checker alone: its plugin takes a TextField for a str.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def get_prep_value(self, value):
        """Write the bytes as text, then encrypt."""
        return super().get_prep_value(b64encode(value).decode())

    def from_db_value(self, value, expression, connection):
        """Decrypt, then read the bytes."""
        # Nothing comes from a row that a query has joined and not found.
        text = super().from_db_value(value, expression, connection)
        return text if text is None else b64decode(text)

    def to_python(self, value):
        """Bytes are kept as they are."""
        return value


class EncryptedJSONField(EncryptedTextField):
    """A JSON value that the database sees as a Fernet token."""

    # For the type checker alone: its plugin takes a TextField for a str.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def get_prep_value(self, value):
        """Write JSON, then encrypt."""
        return super().get_prep_value(json.dumps(value, cls=DjangoJSONEncoder))

    def from_db_value(self, value, expression, connection):
        """Decrypt, then read JSON."""
        text = super().from_db_value(value, expression, connection)
        return text if text is None else json.loads(text)

    def to_python(self, value):
        """A JSON value is kept as it is."""
        return value


class AddressHashField(models.CharField):
    """The keyed hash of the address in the field `of`, by which its rows are found again."""

    def __init__(self, *args, of: str, **kwargs):
        self.of = of
        super().__init__(*args, **{"max_length": 64, "blank": True, "editable": False, **kwargs})

    def deconstruct(self):
        """Let migrations know which field is hashed."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance, add):
        """Hash the address whenever the row is written."""
        value = address_hash(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, value)
        return value
