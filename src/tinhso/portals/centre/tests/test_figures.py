"""A leader sees what was received, on time, late, online, of the province and by unit, and opens each number to its records."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from tests import dossiers, world
from tinhso.kernel.indicators import api as indicators
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.types import Method
from tinhso.lib import clock


@pytest.fixture
def counted(open_commune: world.World) -> world.World:
    """Two dossiers received, one of them finished, one only handed in; counted."""
    finished = dossiers.bring_to(open_commune, "payment")
    (charge,) = payments.charges(f"case:{finished.id}")
    payments.settle_at_counter(open_commune.tam, charge.id, Method.CASH)
    dossiers.bring_to(open_commune, "handling", plot_no="7")
    dossiers.hand_in(open_commune, plot_no="8")
    while ledger.work_once():
        pass
    return open_commune


def text(client: Client, path: str, language: str = "vi") -> str:
    """What a page says, without its tags."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def test_the_first_page(counted):
    page = text(counted.client("hoa"), "/dieu-hanh/")
    assert "Hồ sơ tiếp nhận 2" in page
    assert "Tỷ lệ đúng hạn 100 %" in page
    assert "Hồ sơ giải quyết quá hạn 0" in page
    assert "Tỷ lệ trực tuyến 100 %" in page
    assert "chưa có số để so sánh" in page  # a rate that had no denominator in the month before
    assert "Còn" not in page  # nothing is still to be counted


def test_in_english(counted):
    page = text(counted.client("hoa"), "/dieu-hanh/", "en")
    assert "Finished on time 100 %" in page
    assert "Tỷ lệ" not in page


def test_down_the_tree(counted):
    client = counted.client("hoa")
    commune, office = counted.units["commune-pc"], counted.units["commune-economic"]
    assert office.name in text(client, "/dieu-hanh/")  # one commune alone has figures: it stands open
    page = text(client, f"/dieu-hanh/?don-vi={commune.key}")
    assert office.name in page
    assert "Cộng 2" in page


def test_one_number_opened(counted):
    page = text(counted.client("bao"), "/dieu-hanh/so-lieu/services.on_time_rate/")
    assert "100 % 1 trên 1" in page
    assert "Đứng sau con số: Hồ sơ giải quyết đúng hạn" in page
    assert "H53.24" in page  # his own office's dossier: he may open it
    assert "của cơ quan khác" not in page


def test_records_of_others_are_counted_but_not_named(counted):
    page = text(counted.client("tam_tan_an"), "/dieu-hanh/so-lieu/services.received/")
    assert "2" in page
    assert "H53.24" not in page
    assert "của cơ quan khác" in page


def test_another_part_of_a_number(counted):
    path = "/dieu-hanh/so-lieu/services.on_time_rate/?gom=services.finished"
    assert "Đứng sau con số: Hồ sơ đã giải quyết" in text(counted.client("hoa"), path)


def test_a_month_without_dossiers_says_so(counted):
    last_year = clock.today() - timedelta(days=400)
    page = text(counted.client("hoa"), f"/dieu-hanh/?thang={last_year:%Y-%m}")
    assert "chưa tiếp nhận hay giải quyết hồ sơ nào" in page
    assert "Mẫu số bằng 0" not in page or "không có số liệu" in page


@pytest.mark.parametrize("month", ["2026-13", "abc", "2999-01", "", "2026-", "²⁰²⁶-01"])
def test_a_month_that_is_none_is_this_one(counted, month):
    assert "Hồ sơ tiếp nhận 2" in text(counted.client("hoa"), f"/dieu-hanh/?thang={month}")


@pytest.mark.parametrize(
    "path",
    [
        "/dieu-hanh/?don-vi=nowhere",
        "/dieu-hanh/so-lieu/services.sharks/",
        "/dieu-hanh/so-lieu/sharks.received/",
        "/dieu-hanh/so-lieu/services.received/?gom=services.sharks",
        "/dieu-hanh/so-lieu/services.received/?don-vi=nowhere",
    ],
)
def test_what_is_not_there(counted, path):
    assert counted.client("hoa").get(path).status_code == 404


def test_a_place_in_the_list_that_is_none(counted):
    for after in ("abc", "-1", "99999999999999999999"):
        assert counted.client("hoa").get(f"/dieu-hanh/so-lieu/services.received/?sau={after}").status_code == 200


def test_only_officials(counted):
    assert counted.client("tham").get("/dieu-hanh/").status_code == 403
    assert Client().get("/dieu-hanh/").status_code == 302


def test_the_cube_is_what_the_ledger_says(counted):
    assert indicators.recount(indicators.book_of("services.received")) == []


@pytest.mark.parametrize(("path", "most"), [("/dieu-hanh/", 14), ("/dieu-hanh/so-lieu/services.on_time_rate/", 15)])
def test_statements(counted, statements, path, most):
    client = counted.client("hoa")
    client.get(path)
    with statements(most):
        client.get(path)
