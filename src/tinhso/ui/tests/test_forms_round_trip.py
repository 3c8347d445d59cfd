"""A declared page is drawn, answered by a browser, read back to the same data; faults are tied to their questions."""

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tinhso.kernel.cases.types import FormField, Words
from tinhso.ui import forms, parsing, words


def ask(widget: str, schema: dict[str, Any] | None = None, **more: Any) -> FormField:
    return FormField("f", Words("Câu hỏi", "Question"), schema or {}, widget, **{"required": True, **more})


TWO = (("new", Words("Xây mới", "New")), ("repair", Words("Sửa", "Repair")))
PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)
ANSWERS = st.one_of(
    st.tuples(st.just(ask("text")), PRINTABLE.map(parsing.plain).filter(bool)),
    st.tuples(st.just(ask("number")), st.floats(-1e9, 1e9).map(lambda x: round(x, 3) + 0.0)),
    st.tuples(st.just(ask("number", {"type": "integer"})), st.integers(-(10**9), 10**9)),
    st.tuples(st.just(ask("money")), st.integers(0, 10**11)),
    st.tuples(st.just(ask("date")), st.dates(date(1900, 1, 1), date(2199, 1, 1)).map(date.isoformat)),
    st.tuples(st.just(ask("yesno")), st.booleans()),
    st.tuples(st.just(ask("choice", choices=TWO)), st.sampled_from(["new", "repair"])),
    st.tuples(st.just(ask("choices", choices=TWO)), st.sampled_from([["new"], ["repair"], ["new", "repair"]])),
    st.tuples(st.just(ask("phone")), st.integers(100_000_000, 999_999_999).map(lambda n: f"0{n}")),
    st.tuples(st.just(ask("identifier")), st.integers(10**11, 10**12 - 1).map(str)),
)


def sent_by_a_browser(drawn: forms.Drawn) -> QueryDict:
    """What a browser sends when nothing is changed in the drawn form."""
    post = QueryDict(mutable=True)
    for asked in drawn.fields:
        if asked.kind in {"cards", "boxes", "confirm", "select"}:
            for option in asked.options:
                if option.chosen:
                    post.appendlist(asked.name, option.value)
        elif asked.kind == "date":
            for part, _label, value in asked.parts:
                post[f"{asked.name}-{part}"] = value
        else:
            post[asked.name] = asked.value
    return post


@given(ANSWERS, st.sampled_from(["vi", "en"]))
def test_what_is_stored_comes_back_the_same(answered: tuple[FormField, Any], language: str) -> None:
    field, value = answered
    with translation.override(language):
        drawn = forms.draw([field], {"f": value})
        data, _typed, errors = forms.read([field], sent_by_a_browser(drawn))
    assert errors == []
    assert data == {"f": value}


@given(st.sampled_from(sorted(parsing.WIDGETS)), st.text(max_size=60), st.text(max_size=10))
def test_whatever_is_sent_is_read_or_reported(widget: str, text: str, part: str) -> None:
    field = ask(widget, choices=TWO)
    post = QueryDict(mutable=True)
    post.update({"f": text, "f-day": part, "f-month": part, "f-year": part})
    data, typed, errors = forms.read([field], post)
    assert set(data).isdisjoint(path for path, _code, _params in errors)
    assert set(typed) == {"f"}
    assert all(words.field_fault(code, params) for _path, code, params in errors)


def test_three_boxes_make_a_date() -> None:
    post = QueryDict("f-day=7&f-month=3&f-year=2026")
    assert forms.read([ask("date")], post)[0] == {"f": "2026-03-07"}
    assert forms.read([ask("date")], QueryDict("f-day=&f-month=&f-year=")) == ({}, {"f": ""}, [])
    assert forms.read([ask("date")], QueryDict("f-day=31&f-month=2&f-year=2026"))[2] == [("f", "no_such_date", {})]


@pytest.mark.parametrize("typed", ["0912 345 678", "+84 912345678", "84912345678", "0912.345.678"])
def test_phones_are_read_however_written(typed: str) -> None:
    assert parsing.read_one(ask("phone"), typed) == "0912345678"


def test_a_mistake_is_shown_again_as_it_was_typed() -> None:
    fields = [ask("number", {"minimum": 10})]
    data, typed, errors = forms.read(fields, QueryDict("f=mười"))
    drawn = forms.draw(fields, data, errors=forms.merge(errors, [("f", "required", {})]), typed=typed)
    assert drawn.fields[0].value == "mười"
    assert drawn.fields[0].fault == "Hãy ghi một số, ví dụ 96,5."
    assert drawn.faults == (forms.Fault("Câu hỏi", "Hãy ghi một số, ví dụ 96,5.", "#q-f"),)


def test_a_fault_of_the_whole_form_leads_to_its_top() -> None:
    drawn = forms.draw([ask("text")], {}, errors=[("other", "rule", {"message": "Không khớp."})])
    assert drawn.faults == (forms.Fault("", "Không khớp.", "#form"),)


def test_many_choices_become_a_list_and_choices_of_the_case_win() -> None:
    many = tuple((str(n), Words(str(n), str(n))) for n in range(9))
    assert forms.draw([ask("choice", choices=many)], {}).fields[0].kind == "select"
    drawn = forms.draw([ask("official")], {}, choices={"f": [("a", "Trần Quốc Bảo")]})
    assert [o.label for o in drawn.fields[0].options] == ["Trần Quốc Bảo"]


def test_a_promise_is_one_box() -> None:
    field = ask("yesno", {"const": True})
    assert forms.draw([field], {}).fields[0].kind == "confirm"
    assert forms.read([field], QueryDict("f=yes"))[0] == {"f": True}
    assert forms.read([field], QueryDict(""))[0] == {}


@pytest.mark.django_db
@pytest.mark.parametrize("widget", sorted(parsing.WIDGETS))
def test_every_widget_is_drawn_with_label_help_and_fault_tied_to_it(widget: str) -> None:
    field = ask(widget, choices=TWO, help=Words("Xem trên giấy.", "See the paper."), unit="m²")
    drawn = forms.draw(
        [field], {}, errors=[("f", "required", {})], choices={"f": [("a", "A")]} if widget in {"official"} else None
    )
    html = render_to_string("ui/parts/form.html", {"form": drawn})
    assert "Câu hỏi" in html
    assert 'aria-describedby="q-f-help q-f-fault"' in html
    assert 'id="q-f-help"' in html and 'id="q-f-fault"' in html
    assert f'href="#{drawn.fields[0].first_id}"' in html
    assert f'id="{drawn.fields[0].first_id}"' in html or widget in {"papers", "unit"}
    assert "style=" not in html


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (ask("yesno"), True, "Có"),
        (ask("yesno"), False, "Không"),
        (ask("choice", choices=TWO), "repair", "Sửa"),
        (ask("choices", choices=TWO), ["new", "repair"], "Xây mới, Sửa"),
        (ask("money"), 75000, "75.000\u00a0đ"),
        (ask("number", unit="m²"), 96.5, "96,5\u00a0m²"),
        (ask("date"), "2026-11-27", "27/11/2026"),
        (ask("text"), "Khu phố 3", "Khu phố 3"),
    ],
)
def test_answers_in_words(field: FormField, value: Any, said: str) -> None:
    assert forms.answers([field], {"f": value}) == [("Câu hỏi", said)]
    assert forms.answers([field], {}) == []
