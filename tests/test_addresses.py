"""No secret of an address is shown, whatever it is made of."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.addresses import hide, shown, without_user

MARKS = "!#$%&'()*+,-.:;<=>?@[]^_`{|}~ ü\"\\"
SECRETS = st.text(string.ascii_uppercase + string.digits + MARKS, min_size=4, max_size=12).filter(
    # One that is found elsewhere in the address is no secret.
    lambda text: sum(letter.isupper() for letter in text) >= 3
)
SCHEMES = st.sampled_from(["http", "https", "postgresql", "postgresql+psycopg", "mysql"])


@given(SCHEMES, SECRETS, st.sampled_from(["", ":5000"]), st.sampled_from(["", "/a/base"]))
def test_a_password_is_never_shown(scheme, secret, port, path):
    address = f"{scheme}://someone:{secret}@host{port}{path}"
    assert secret not in shown(address)
    assert ("host" in shown(address)) == ("?" not in secret)
    said = hide(f"could not ask {address}: {secret} was refused", address)
    assert secret not in said.replace(shown(address), "")


@given(SCHEMES, SECRETS.filter(lambda text: not {"&", "@"} & set(text)), SECRETS)
def test_a_value_of_an_option_is_never_shown(scheme, secret, token):
    token = token.replace("&", "").replace("@", "")
    address = f"{scheme}://host:1/base?password={secret}&token={token}"
    for value in (secret, token):
        assert value not in shown(address)
        assert value not in hide(f"it said {value}", address)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://host:5000/base", "http://host:5000/base"),
        ("http://me:secret@host", "http://host"),
        ("http://token@host:80", "http://host:80"),
        ("https://h/b?token=abc&x=1", "https://h/b?token=***&x=***"),
        ("sqlite:////a/me@home/x.db", "sqlite:////a/me@home/x.db"),
        ("/a/path/to.log", "/a/path/to.log"),
        ("postgresql://me:s%40t@h:1/x", "postgresql://h:1/x"),
        ("postgresql://h/x?user=me&password=s", "postgresql://h/x?user=***&password=***"),
    ],
)
def test_what_is_shown(address, expected):
    assert shown(address) == expected


@pytest.mark.parametrize("address", ["http://[::1", "http://h:port", "http://h:99999"])
def test_what_is_no_address_is_told_so(address):
    with pytest.raises(ValueError, match=r"."):
        without_user(address)


def test_it_is_asked_without_the_user():
    assert without_user("http://me:pass@h:5/b") == "http://h:5/b"
