"""Tables of identity."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models


class Account(AbstractBaseUser, PermissionsMixin):
    """One person's way in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=150, unique=True)

    USERNAME_FIELD = "username"
