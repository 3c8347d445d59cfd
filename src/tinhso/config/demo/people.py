"""Invented citizens and the houses they want to build, from one seed."""

from dataclasses import dataclass
from random import Random
from typing import Any

from tinhso.kernel.organisation.engine.names import person
from tinhso.kernel.organisation.types import Area

STREETS = (
    "Nguyễn Đình Chiểu",
    "Châu Văn Giác",
    "Hùng Vương",
    "Nguyễn Văn Tạo",
    "Lê Văn Tường",
    "Trần Văn Nam",
    "Huỳnh Văn Đảnh",
)


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody who applies."""

    name: str
    identifier: str
    phone: str
    email: str
    address: str


@dataclass(frozen=True, slots=True)
class House:
    """What is to be built, as the form asks it and as the drawing needs it."""

    answers: dict[str, Any]
    depth: float
    width: float
    front: float
    back: float
    side: float
    revision: int = 1


def citizen(source: Random, number: int, commune: Area, province: str) -> Citizen:
    """Somebody who lives in ``commune``. Identifiers begin with a province code that was never given out, so that no real
    person's number can appear."""
    home = f"{source.randint(2, 320)} đường {source.choice(STREETS)}, {commune.title}, {province}"
    return Citizen(
        name=person(source),
        identifier=f"000{source.choice('0123')}{source.randint(60, 99):02}{number:06}",
        phone=f"09{source.randint(10, 99)}{number:06}",  # nobody else's
        email="",
        address=home,
    )


def house(source: Random, someone: Citizen, commune: Area) -> House:
    """A house on a plot of ``commune`` whose figures agree with one another."""
    width, depth = round(source.uniform(4.5, 8.0), 1), round(source.uniform(14, 24), 1)
    new = source.random() < 0.8
    front, back = round(source.uniform(1.5, 4.0), 1), round(source.uniform(1.0, 2.0), 1)
    side = source.choice((0.0, 0.0, 1.0, 1.2))
    storeys = source.choices((1, 2, 3, 4), (35, 45, 15, 5))[0]
    ground = round((depth - front - back) * (width - side), 1)
    adjacent = side == 0.0
    answers: dict[str, Any] = {
        "applicant_name": someone.name,
        "applicant_identifier": someone.identifier,
        "applicant_phone": someone.phone,
        "applicant_address": someone.address,
        "plot_commune": commune.code,
        "plot_address": f"Khu phố {source.randint(1, 9)}, đường số {source.randint(1, 30)}",
        "plot_no": str(source.randint(20, 980)),
        "map_sheet": str(source.randint(2, 64)),
        "plot_area": round(width * depth, 1),
        "work_kind": "new" if new else "repair",
        "storeys": storeys,
        "ground_area": ground,
        "floor_area": round(ground * storeys * 0.96, 1),
        "height": round(3.6 * storeys + 1.2, 1),
        "adjacent": adjacent,
        "months": source.choice((4, 6, 8, 10, 12)),
        "commit_truth": True,
    }
    if new:
        answers["setback_front"] = front
    else:
        answers["repair_scope"] = (
            "Cải tạo mặt tiền, thay mái tôn và gia cố dầm sàn tầng một, không thay đổi diện tích xây dựng."
        )
    if adjacent:
        answers["commit_safety"] = True
    if answers["floor_area"] >= 250 or storeys >= 3 or answers["height"] >= 12:
        answers["designer"] = "Công ty TNHH Tư vấn Thiết kế Xây dựng Vàm Cỏ"
    return House(answers, depth, width, front, back, side)
