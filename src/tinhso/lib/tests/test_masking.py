"""Personal data in text that becomes public."""

import pytest

from tinhso.lib.masking import masked


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Gọi tôi 0901234567 nhé", "Gọi tôi … nhé"),
        ("Gọi 0901 234 567 hoặc +84 90.123.45.67", "Gọi … hoặc …"),
        ("CCCD 080190001234.", "CCCD …."),
        ("Viết cho tham.nguyen@thu.example", "Viết cho …"),
        ("Xe 62A-123.45 đổ rác", "Xe … đổ rác"),
        ("Nhà số 15/3 đổ nước ra đường", "Nhà số … đổ nước ra đường"),
        ("Ông Nguyễn Văn Tư lấn vỉa hè", "Ông … lấn vỉa hè"),
        ("Bà Đỗ Thị Út bán hàng", "Bà … bán hàng"),
        ("Đường số 7 hỏng 3 tháng, ngày 12/11/2026", "Đường số … hỏng 3 tháng, ngày 12/11/2026"),
        ("Ổ gà sâu 20 cm trước trường học", "Ổ gà sâu 20 cm trước trường học"),
    ],
)
def test_what_is_hidden_and_what_stays(said: str, shown: str) -> None:
    assert masked(said) == shown


def test_masking_twice_changes_nothing() -> None:
    once = masked("Ông Nguyễn Văn Tư, số nhà 12, gọi 0901234567")
    assert masked(once) == once
