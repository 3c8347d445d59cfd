"""Draws the papers that people of the model province hand in, from their own answers."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings

from tinhso.config.demo.people import Citizen, House
from tinhso.kernel.files import api as files
from tinhso.kernel.organisation.types import Area
from tinhso.lib.text import day, number

SHEETS = {
    "drawing_plan": ("drawing", "Mặt bằng tổng thể", "01"),
    "drawing_elevations": ("drawing", "Mặt bằng tầng 1", "02"),
    "drawing_foundation": ("drawing", "Mặt bằng móng", "03"),
    "photos": ("drawing", "Hiện trạng", "04"),
    "land_right": ("certificate", "Giấy chứng nhận quyền sử dụng đất", ""),
    "safety_commitment": ("pledge", "Bản cam kết", ""),
    "application": ("application", "Đơn đề nghị cấp giấy phép xây dựng", ""),
}
"""Template, title and sheet number by the code of the paper."""


def draw(code: str, someone: Citizen, house: House, commune: Area, on: date, revision: int = 1) -> tuple[str, bytes]:
    """Name and bytes of one paper."""
    template, title, sheet = SHEETS[code]
    facts = _facts(someone, replace(house, revision=revision), commune, on) | {
        "title": title,
        "sheet": title,
        "sheet_no": sheet,
    }
    pdf = files.render_pdf(settings.PACKS / "demo" / "papers" / f"{template}.typ", facts, title=title, date=on)
    return f"{code.replace('_', '-')}{f'-ban-{revision}' if revision > 1 else ''}.pdf", pdf


def _facts(someone: Citizen, house: House, commune: Area, on: date) -> dict[str, Any]:
    answers = house.answers
    plot = int(answers["plot_no"])
    return {
        "depth": house.depth,
        "width": house.width,
        "front": house.front,
        "back": house.back,
        "side": house.side,
        "revision": house.revision,
        "road": "Đường số 7, lộ giới 9 m",
        "rooms": ["Phòng khách", "Thang, vệ sinh", "Bếp, ăn", "Phòng ngủ"],
        "north": str(plot - 1),
        "south": str(plot + 1),
        "owner": someone.name,
        "given_name": someone.name.split()[-1],
        "identifier": someone.identifier,
        "address": someone.address,
        "plot_no": answers["plot_no"],
        "map_sheet": answers["map_sheet"],
        "plot_address": f"{answers['plot_address']}, {commune.title}",
        "plot_area": number(answers["plot_area"], 1),
        "floor_area": number(answers["floor_area"], 1),
        "land_kind": "Đất ở tại đô thị" if commune.title.startswith("Phường") else "Đất ở tại nông thôn",
        "drawn_on": day(on),
        "signed_on": "Ngày 12 tháng 5 năm 2019",
        "issuer": "Sở Tài nguyên và Môi trường",
        "scale": "500",
        "serial": f"CS {int(someone.identifier[-6:]):06}",
        "register": f"CS{int(someone.identifier[-5:]):05}",
        "place_date": f"{commune.name}, ngày {on.day:02} tháng {on.month} năm {on.year}",
        "to": f"Ủy ban nhân dân {commune.title}",
        "groups": [
            {"title": "Thông tin về chủ đầu tư", "lines": [["Họ và tên", someone.name], ["Nơi ở", someone.address]]},
            {
                "title": "Thông tin công trình",
                "lines": [["Thửa đất số", answers["plot_no"]], ["Diện tích sàn", f"{number(answers['floor_area'], 1)} m²"]],
            },
        ],
    }
