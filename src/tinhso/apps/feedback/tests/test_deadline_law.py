"""By when each category is to be answered: tests/law/street_report.yaml, one test for each situation."""

from pathlib import Path

import pytest
import yaml

from tests import reports
from tests.world import local
from tinhso.kernel.cases import api as cases

LAW = Path(__file__).parents[5] / "tests" / "law" / "street_report.yaml"
SITUATIONS = yaml.load(LAW.read_text("utf-8"), Loader=yaml.BaseLoader)


@pytest.mark.parametrize("case", SITUATIONS, ids=[s["situation"] for s in SITUATIONS])
def test_the_law(db: None, settings, tmp_path, case: dict[str, str]) -> None:
    settings.HOME = tmp_path
    reports.open_commune()
    told = cases.due_preview(reports.TYPE, local(case["accepted"]), {"category": case["category"]})
    assert told.due == local(case["due"])


def test_every_category_is_in_the_table(db: None, settings, tmp_path) -> None:
    settings.HOME = tmp_path
    reports.open_commune()
    field = cases.case_type(reports.TYPE).pages[0].fields[0]
    assert {value for value, _ in field.choices} - {"other"} == {s["category"] for s in SITUATIONS}
