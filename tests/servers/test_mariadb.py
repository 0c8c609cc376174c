"""MariaDB, a stripped server in C++, by its functions: what its client asked for, how long that took, what was called."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.crosscheck.gate import tracing
from tests.harness import needs
from tests.servers.mariadb import PROGRAM, Server

pytestmark = pytest.mark.needs("root", "uprobes")

COM_QUERY = 3
STATEMENTS = [
    "SELECT 1 + 1",
    "CREATE DATABASE shop",
    "CREATE TABLE shop.items (id INT, name VARCHAR(20))",
    "INSERT INTO shop.items VALUES (1, 'pear'), (2, 'plum')",
    "SELECT COUNT(*), 'ünïcode %s' FROM shop.items WHERE name LIKE 'p%'",
    "DROP DATABASE shop",
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if not PROGRAM.exists() or needs.missing("root"):
        pytest.skip("needs mariadb-server")
    with Server() as running:
        yield running


# dispatch_command(enum_server_command, THD *, char *packet, uint length, bool)
QUERIES = 'pid$target::dispatch_command:entry /arg0 == 3/ { printf("%s\\n", copyinstr(arg2)); }'


def test_the_queries_of_a_client(server: Server) -> None:
    with tracing(QUERIES, "-p", server.pid) as running:
        server.ask(*STATEMENTS)
        printed = running.finish()
    assert printed.splitlines() == [*STATEMENTS, "", ""]  # dtrace ends the line of Ctrl-C


def test_by_module_and_number(server: Server) -> None:
    script = QUERIES.replace("$target::", "$1:mariadbd:").replace("dispatch_command", "dispatch?command*")
    with tracing(script, server.pid) as running:
        server.ask(STATEMENTS[0])
        printed = running.finish()
    assert printed.splitlines() == [STATEMENTS[0], "", ""]


TIMES = """
pid$target:a.out:dispatch_command:entry /arg0 == 3/ { self->since = timestamp; @["asked"] = count(); }
pid$target:a.out:dispatch_command:return /self->since/
{
	@["answered"] = count();
	@time = quantize(timestamp - self->since);
	@longest = max((timestamp - self->since) / 1000000);
	self->since = 0;
}
END { printa("%@d %s\\n", @); printa("%@d\\n", @longest); printa(@time); }
"""


def test_times_of_queries(server: Server) -> None:
    with tracing(TIMES, "-p", server.pid) as running:
        server.ask(*["SELECT 1"] * 9, "SELECT SLEEP(0.2)")
        printed = running.finish()
    lines = [line for line in printed.splitlines() if line]
    assert lines[:2] == ["10 answered", "10 asked"]
    assert 200 <= int(lines[2]) < 1000
    assert sum(map(int, re.findall(r"^ +\d+ \|[@ ]*(\d+)", printed, re.MULTILINE))) == 10


def test_functions_by_their_demangled_names(server: Server) -> None:
    script = 'pid$target::*THD*:entry { @[probefunc] = count(); } END { printa("%@d %s\\n", @); }'
    with tracing(script, "-p", server.pid) as running:
        server.ask(*STATEMENTS)
        printed = running.finish()
    counts = {name: int(count) for count, _, name in (line.partition(" ") for line in printed.splitlines() if line)}
    assert all("THD" in name for name in counts)
    parsed = [name for name in counts if name.startswith("mysql_parse(THD*, ")]
    assert [counts[name] for name in parsed] == [len(STATEMENTS)]
