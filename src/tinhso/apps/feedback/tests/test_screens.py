"""The screens of reports: sent without an account, followed by a secret link, worked on at the desk, read by anybody."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import reports, world
from tests.world import World, local
from tinhso.apps.feedback.models import Report
from tinhso.kernel.identity import api as identity
from tinhso.lib import clock
from tinhso.ui import access

SEND = "/phan-anh/gui/"


@pytest.fixture
def commune(db: None, settings, tmp_path) -> Iterator[World]:
    settings.HOME = tmp_path
    settings.SITE_SECONDS = settings.EDITION_SECONDS = 60
    with clock.at(local("2026-11-02 08:45")):
        yield reports.open_commune()


def signed_in(commune: World, key: str) -> Client:
    client = Client()
    client.force_login(commune.accounts[key], backend="tinhso.kernel.identity.backend.Backend")
    session = client.session
    session[access.SECOND_FACTOR_KEY] = True
    session.save()
    return client


def filled(**changes: object) -> dict[str, object]:
    answers = reports.ANSWERS | {"latitude": "10,5331", "longitude": "106,4021", "secret": reports.SECRET} | changes
    return {**answers, "paper-photos": SimpleUploadedFile("a.jpg", reports.picture(), "image/jpeg")}


def test_anybody_sends_a_report_and_follows_it(commune: World) -> None:
    client = Client()
    page = client.get(SEND)
    assert page.status_code == 200 and "data-locate" in page.content.decode()
    sent = client.post(SEND, filled())
    row = Report.objects.get()
    assert sent.headers["Location"] == f"/phan-anh/theo-doi/{row.code}/{reports.SECRET}/"
    assert (row.latitude, row.commune) == (10.5331, world.KHANH_HAU)
    followed = client.get(sent.headers["Location"])
    assert followed.status_code == 200 and "no-store" in followed.headers["Cache-Control"]
    assert client.get(f"/phan-anh/theo-doi/{row.code}/another-secret-of-tests/").status_code == 404
    assert client.get(f"/phan-anh/cong-khai/{row.code}/").status_code == 404
    found = client.post("/phan-anh/tim/", {"code": row.code.lower(), "secret": reports.SECRET})
    assert found.headers["Location"] == sent.headers["Location"]
    assert client.post("/phan-anh/tim/", {"code": row.code, "secret": "wrong"}).status_code == 404


def test_what_is_wrong_is_told_and_good_photos_are_kept(commune: World) -> None:
    client = Client()
    page = client.post(SEND, filled(description="Ngắn"))
    text = page.content.decode()
    assert page.status_code == 422 and 'id="faults"' in text and 'name="photo"' in text
    photo = text.split('name="photo" value="')[1].split('"')[0]
    again = filled() | {"photo": photo}
    del again["paper-photos"]
    assert client.post(SEND, again).status_code == 302
    bad = filled() | {"paper-photos": SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")}
    assert client.post(SEND, bad).status_code == 422


def test_a_citizen_chooses_whether_to_be_known(commune: World) -> None:
    client = signed_in(commune, "tham")
    assert client.post(SEND, filled()).headers["Location"].startswith("/phan-anh/cua-toi/PA-")
    unknown = client.post(SEND, filled(unknown="1", secret=identity.new_secret()))
    assert unknown.headers["Location"].startswith("/phan-anh/theo-doi/PA-")
    named, nameless = Report.objects.order_by("pk")
    assert (str(named.case.party_id), nameless.case.party_id) == (commune.party, None)
    assert client.get(f"/phan-anh/cua-toi/{named.code}/").status_code == 200
    assert client.get(f"/phan-anh/cua-toi/{nameless.code}/").status_code == 404


def test_an_official_previews_what_will_be_public_with_personal_data_masked(commune: World) -> None:
    ref = reports.bring_to(commune, reports.sent(reports.bearer()), "submit")
    page = signed_in(commune, "duc").get(f"/lam-viec/phan-anh/{ref.code}/publish/").content.decode()
    drawn = page.split('name="public_text"')[1].split("</textarea>")[0]
    assert "0901234567" not in drawn and "Văn Tư" not in drawn and "Ổ gà" in drawn
    assert "Đã vá mặt đường sáng nay." in page and 'name="photos"' in page


def test_the_public_page_shows_what_was_written_for_it_and_no_more(commune: World) -> None:
    ref = reports.bring_to(commune, reports.sent(reports.bearer()), "submit")
    photo = str(Report.objects.get().case.papers.get().file_id)
    client = signed_in(commune, "duc")
    given = {"public_text": "Ổ gà sâu.", "public_place": "Đường Châu Văn Giác", "answer": "Đã vá xong.", "photos": [photo]}
    made = client.post(f"/lam-viec/phan-anh/{ref.code}/publish/", {**given, "version": ref.version, "key": "k"})
    assert made.status_code == 302, made.content.decode()[-3000:]
    anybody = Client()
    for address in ("/phan-anh/", f"/phan-anh/cong-khai/{ref.code}/"):
        text = anybody.get(address).content.decode()
        assert "Ổ gà sâu." in text
        assert "0901234567" not in text and "Văn Tư" not in text and "số nhà 15" not in text
    picture = anybody.get(f"/phan-anh/cong-khai/{ref.code}/anh-1.png")
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/png")
    assert anybody.get(f"/phan-anh/cong-khai/{ref.code}/anh-2.png").status_code == 404
    assert ref.code not in anybody.get(f"/phan-anh/?xa={world.TAN_AN}").content.decode()
    assert ref.code in anybody.get(f"/phan-anh/?xa={world.KHANH_HAU}&loai=road").content.decode()


def test_the_reporter_has_it_looked_at_again(commune: World) -> None:
    ref = reports.publish(commune, reports.bring_to(commune, reports.sent(reports.bearer()), "submit"))
    client, address = Client(), f"/phan-anh/theo-doi/{ref.code}/{reports.SECRET}/"
    assert "Đã vá mặt đường." in client.get(address).content.decode()
    assert client.post(f"{address}reopen/", {"reason": ""}).status_code == 422
    assert client.post(f"{address}reopen/", {"reason": "Mưa xong lại hỏng"}).status_code == 302
    assert Report.objects.get().case.step == "assigning"
    assert client.post(f"{address}settle/", {}).status_code == 302  # no longer possible: says so
    assert Report.objects.get().case.step == "assigning"


def test_the_desk_offers_what_may_be_the_same(commune: World) -> None:
    main = reports.sent(commune.tham, "main")
    other = reports.sent(reports.bearer(), "other")
    client = signed_in(commune, "tam")
    page = client.get(f"/lam-viec/phan-anh/{other.code}/").content.decode()
    assert f"/lam-viec/phan-anh/{other.code}/join/?main={main.code}" in page
    joining = client.get(f"/lam-viec/phan-anh/{other.code}/join/?main={main.code}").content.decode()
    assert f'value="{main.code}"' in joining
    inbox = client.get("/lam-viec/").content.decode()
    assert main.code[-4:] in inbox and client.get(f"/lam-viec/xem/{other.code}/").status_code == 200


@pytest.mark.parametrize("pages", [1, 12])
def test_the_public_list_asks_the_same_whatever_its_length(commune: World, statements, pages: int) -> None:
    for n in range(pages):
        ref = reports.sent(reports.bearer(), f"r{n}", photos=0)
        reports.publish(commune, reports.bring_to(commune, ref, "submit"))
    client = Client()
    client.get("/phan-anh/")
    with statements(8):
        client.get("/phan-anh/")


def test_sending_asks_little_of_the_database(commune: World, statements) -> None:
    client = Client()
    client.post(SEND, filled(secret=identity.new_secret()))
    with statements(26):
        assert client.post(SEND, filled(secret=identity.new_secret())).status_code == 302
