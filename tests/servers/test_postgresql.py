"""PostgreSQL by its own static probes, against what its client did."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.crosscheck.gate import tracing
from tests.harness import needs
from tests.servers.postgresql import Client, Server, programs

pytestmark = pytest.mark.needs("root", "uprobes", "user:postgres")

STATEMENTS = 'postgresql*:::query-start /ppid == $1/ { printf("%s\\n", copyinstr(arg0)); }'
QUERIES = [
    "SELECT 1;",
    "CREATE TABLE t (i int, text text);",
    "INSERT INTO t SELECT i, 'row ' || i FROM generate_series(1, 50) i;",
    "SELECT count(*) FROM t WHERE i % 7 = 0;",
    "SELECT 'ünïcode', $$a 'quoted' %s \\n text$$;",
    "DROP TABLE t;",
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if programs() is None or needs.missing("root"):
        pytest.skip("needs postgresql")
    with Server() as running:
        yield running


def test_the_queries_of_a_client(server: Server) -> None:
    with Client(server) as client, tracing(STATEMENTS, server.pid) as running:
        client.ask(*QUERIES)
        printed = running.finish()
    assert printed.splitlines() == [*QUERIES, "", ""]  # dtrace ends the line of Ctrl-C


TRANSACTIONS = """
postgresql$1:::transaction-start { self->since = timestamp; @["started"] = count(); }
postgresql$1:::transaction-commit,
postgresql$1:::transaction-abort
/self->since/
{
	@[probename] = count();
	@time = quantize(timestamp - self->since);
	@longest = max(timestamp - self->since);
	self->since = 0;
}
END { printa("%@d %s\\n", @); printa("%@d\\n", @longest); printa(@time); }
"""


def test_transactions_of_a_client_and_their_times(server: Server) -> None:
    with Client(server) as client, tracing(TRANSACTIONS, client.pid) as running:
        for i in range(20):
            client.ask("BEGIN;", f"SELECT {i};", "COMMIT;")
        for i in range(7):
            client.ask("BEGIN;", f"SELECT {i};", "ROLLBACK;")
        client.ask("BEGIN;", "SELECT pg_sleep(0.1);", "COMMIT;")
        client.ask("SELECT 1;")  # a transaction by itself
        printed = [line for line in running.finish().splitlines() if line]
    counts = {line.split()[1]: int(line.split()[0]) for line in printed[:3]}
    assert counts == {"started": 29, "transaction-commit": 22, "transaction-abort": 7}
    assert 100_000_000 <= int(printed[3]) < 2_000_000_000
    rows = [line.split("|")[1].split() for line in printed[4:] if "|" in line and "-----" not in line]
    assert sum(int(words[-1]) for words in rows) == 29


def test_clients_that_come_later_and_all_processes_of_the_server(server: Server) -> None:
    with tracing("postgresql*:::query-done /ppid == $1/ { @[pid, probeprov] = count(); }", server.pid) as running:
        expected = {}
        for number in (3, 5):
            with Client(server) as client:
                client.ask(*["SELECT 1;"] * number)
                expected[client.pid] = number + 1  # and the one that asks for the process's number
        printed = running.finish().split("\n")
    found = {int(line.split()[0]): line.split()[1:] for line in printed if line.strip()}
    assert found == {pid: [f"postgresql{pid}", str(number)] for pid, number in expected.items()}
