"""The addresses printed as QR codes on papers lead to pages that answer them."""

from django.test import Client

from tinhso.apps.services.operations.letterhead import look_up_address, verify_address


def test_the_code_on_a_slip_leads_to_its_status(filed, settings):
    settings.SITE_URL = ""
    ref = filed()
    told = Client().get(look_up_address(ref.code))
    assert told.status_code == 200
    assert told.context["found"].code == ref.code


def test_the_code_on_a_document_leads_to_its_check(db, settings):
    settings.SITE_URL = ""
    told = Client().get(verify_address("ABCD-EFGH-2345"))
    assert told.status_code == 404
    assert told.context["code"] == "ABCD-EFGH-2345"
