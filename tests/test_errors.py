import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.errors import InputError


@given(st.text())
def test_any_message_is_one_plain_line(text):
    assert str(InputError(text)).isprintable()


@pytest.mark.parametrize(
    ("text", "shown"), [("a\n b", "a b"), ("\x1b[31m", "\\x1b[31m"), ("größe 5 €", "größe 5 €")]
)
def test_control_characters_are_escaped(text, shown):
    assert str(InputError(text)) == shown
