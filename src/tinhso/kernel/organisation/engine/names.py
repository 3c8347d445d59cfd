"""Believable names for the officials of a model province. Deterministic: the same random source gives the same names."""

from random import Random

_SURNAMES = (
    "Nguyễn 34, Trần 11, Lê 10, Phạm 7, Huỳnh 5, Phan 5, Võ 5, Đặng 3, Bùi 3, Vũ 2, Đỗ 2, Hồ 2, Ngô 2, Dương 2, Trương 2, "
    "Lý 1, Đinh 1, Lâm 1, Mai 1, Cao 1, Châu 1, Tô 1, Đoàn 1, Hoàng 1"
)
"""With about how many of a hundred people bear them."""
_SHARES = {name: int(share) for name, share in (entry.split() for entry in _SURNAMES.split(", "))}
_MEN = (
    ["Văn", "Minh", "Quốc", "Hữu", "Thanh", "Đức", "Công", "Hoàng", "Trung", "Anh", "Ngọc", "Xuân", "Tấn", "Thành", "Duy"],
    [
        "An",
        "Bình",
        "Cường",
        "Dũng",
        "Đạt",
        "Hải",
        "Hiếu",
        "Hùng",
        "Huy",
        "Khánh",
        "Khoa",
        "Kiên",
        "Lâm",
        "Long",
        "Lộc",
        "Nam",
        "Nghĩa",
        "Phong",
        "Phúc",
        "Quang",
        "Sơn",
        "Tài",
        "Thắng",
        "Thịnh",
        "Toàn",
        "Trí",
        "Tuấn",
        "Tùng",
        "Việt",
        "Vinh",
    ],
)
_WOMEN = (
    [
        "Thị",
        "Thị",
        "Thị Ngọc",
        "Thị Thu",
        "Thị Kim",
        "Ngọc",
        "Thanh",
        "Thị Hồng",
        "Thị Mỹ",
        "Bích",
        "Thị Thanh",
        "Minh",
        "Phương",
    ],
    [
        "An",
        "Châu",
        "Chi",
        "Diễm",
        "Dung",
        "Giang",
        "Hà",
        "Hạnh",
        "Hằng",
        "Hiền",
        "Hoa",
        "Hương",
        "Huyền",
        "Lan",
        "Liên",
        "Linh",
        "Loan",
        "Mai",
        "Nga",
        "Ngân",
        "Nhung",
        "Oanh",
        "Phượng",
        "Quyên",
        "Thảo",
        "Thu",
        "Thúy",
        "Trang",
        "Trinh",
        "Tuyết",
        "Vân",
        "Yến",
    ],
)


def person(source: Random) -> str:
    """A full name, family name first; about as many women as men."""
    surname = source.choices(tuple(_SHARES), tuple(_SHARES.values()))[0]
    middles, givens = source.choice((_MEN, _WOMEN))
    return f"{surname} {source.choice(middles)} {source.choice(givens)}"
