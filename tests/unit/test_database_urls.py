from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from digests.store.connections.database import UnsupportedDatabaseError
from digests.store.connections.postgresql_options import split_options
from digests.store.connections.sqlite import _network_file_system
from digests.store.connections.url import database_at

MOUNTS = """\
/dev/vda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/vdb1 /home/local\\040disk ext4 rw 0 0
//server/share /mnt cifs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/silkline.db", None),
        ("/home/me/silkline.db", "nfs4"),
        ("/home/local disk/silkline.db", None),
        ("/mnt/silkline.db", "cifs"),
    ],
)
def test_a_network_file_system_is_known(path, kind):
    assert _network_file_system(Path(path), MOUNTS) == kind


def options_of(query):
    return split_options(make_url(f"postgresql://silkline@db/silkline?{query}"))[1]


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"])
def test_sslmode_is_what_the_driver_calls_ssl(mode):
    assert options_of(f"sslmode={mode}") == {"ssl": mode}


def test_a_certificate_of_the_server_is_checked_as_the_mode_says():
    full = options_of("sslmode=verify-full&sslrootcert=system")["ssl"]
    assert (full.check_hostname, full.verify_mode) == (True, ssl.CERT_REQUIRED)
    authority = options_of("sslmode=verify-ca&sslrootcert=system")["ssl"]
    assert (authority.check_hostname, authority.verify_mode) == (False, ssl.CERT_REQUIRED)


def test_options_that_change_nothing_are_left_out_and_numbers_are_numbers():
    url, options = split_options(
        make_url("postgresql://db/silkline?channel_binding=require&statement_cache_size=0&host=/run/db")
    )
    assert dict(url.query) == {"host": "/run/db"}
    assert options == {"statement_cache_size": 0}


@pytest.mark.parametrize("query", ["sslmode=yes", "colour=red", "sslmode=verify-ca&sslrootcert=/no/file"])
def test_an_option_that_is_not_understood_is_refused(query):
    with pytest.raises(UnsupportedDatabaseError):
        options_of(query)


def test_a_newline_at_the_end_of_a_url_is_none_of_the_file():
    assert database_at("sqlite+aiosqlite:////srv/silkline.db\n").name == "/srv/silkline.db"
