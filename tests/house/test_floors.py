"""Foreign keys go down, and only down (style.md 4b): no import tool sees a relation named by string."""

from collections.abc import Iterable

from django.apps import apps
from django.db import models

FLOORS = {"ledger": 1, "organisation": 2, "identity": 3, "files": 4, "payments": 5, "notices": 5, "cases": 6}


def _floor(label: str, module: str) -> float:
    """How high a model stands; business apps stand above every kernel room, Django's own tables below all."""
    if not module.startswith("tinhso."):
        return 0
    return FLOORS.get(label, 10)


def faults(all_models: Iterable[type[models.Model]]) -> list[str]:
    """Each relation of ours that points up or sideways, or that can be followed backwards across rooms."""
    found = []
    for model in all_models:
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey | models.OneToOneField | models.ManyToManyField):
                continue
            here, there = model._meta, field.related_model._meta
            if here.app_label == there.app_label or not model.__module__.startswith("tinhso."):
                continue
            if _floor(there.app_label, there.model.__module__) >= _floor(here.app_label, model.__module__):
                found.append(f"{here.label}.{field.name} points up to {there.label}")
            if there.model.__module__.startswith("tinhso.") and not field.remote_field.hidden:
                found.append(f'{here.label}.{field.name} can be followed backwards: say related_name="+"')
    return found


def test_relations_point_down():
    assert faults(apps.get_models()) == []


def test_a_relation_that_points_up_is_found():
    class Planted(models.Model):
        account = models.ForeignKey("identity.Account", models.PROTECT)

        class Meta:
            app_label = "organisation"

    Planted.__module__ = "tinhso.kernel.organisation.models"
    try:
        assert faults([Planted]) == [
            "organisation.Planted.account points up to identity.Account",
            'organisation.Planted.account can be followed backwards: say related_name="+"',
        ]
    finally:
        del apps.all_models["organisation"]["planted"]
        apps.clear_cache()
