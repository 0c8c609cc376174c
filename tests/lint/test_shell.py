"""Calls of dtrace found in shell and Perl scripts."""

from __future__ import annotations

import pytest

from d2bpf.lint.shell import invocations


def calls(text: str) -> list[list[str]]:
    return [call.arguments for call in invocations(text)]


@pytest.mark.parametrize(
    ("script", "arguments"),
    [
        ("dtrace -n 'BEGIN { exit(0); }'", [["-n", "BEGIN { exit(0); }"]]),
        ("/usr/sbin/dtrace -qn BEGIN | sort > out &", [["-qn", "BEGIN"]]),
        ("if [ -n $a ]; then dtrace -l; fi", [["-l"]]),
        ('dtrace -n "tick-1s { printf(\\"%d\\", \\$1); }"', [["-n", 'tick-1s { printf("%d", $1); }']]),
        ("dtrace -n \\\n 'BEGIN'", [["-n", "BEGIN"]]),
        ("sudo /usr/sbin/dtrace -n BEGIN; pfexec d2bpf -n END", [["-n", "BEGIN"], ["-n", "END"]]),
        ("test \"`dtrace -qn 'BEGIN'`\" = 1", [["-qn", "BEGIN"]]),
        ("out=$(dtrace -qn 'BEGIN { exit(0) }')", [["-qn", "BEGIN { exit(0) }"]]),
        ("# dtrace -n 'BEGIN'\necho dtrace -n 'BEGIN'", []),
        ("cat <<EOF\ndtrace -n 'BEGIN'\nEOF", []),
    ],
)
def test_a_call(script: str, arguments: list[list[str]]) -> None:
    assert calls(script) == arguments


def test_variables_have_their_first_plain_value() -> None:
    script = """
opt_a=0; pid=$1
while getopts a name; do
	case $name in
	a)	opt_a=1 ;;
	esac
done
pid=7
(( opt_b = 1 ))
dtrace -n 'BEGIN /'$opt_a' == '${pid}'/ { trace('$opt_b'); }'
"""
    assert calls(script) == [["-n", "BEGIN /0 == 7/ { trace(1); }"]]


def test_a_program_kept_in_a_variable_is_found_once() -> None:
    script = """
dtrace=/usr/sbin/dtrace
program='BEGIN { trace('$pid'); }'
if [ $1 -eq 1 ]; then
	$dtrace -n "$program" -c "$command"
else
	$dtrace -n "$program"
fi
"""
    assert calls(script) == [["-n", "BEGIN { trace(1); }", "-c", "1"]]


def test_files_that_only_a_shell_makes() -> None:
    script = """
size=3
dtrace -Cs <( print -r '
BEGIN { trace("("); }
' )
dtrace -s /dev/stdin <<-END
	BEGIN { trace($size); }
	END
dtrace -s /dev/stdin << 'END'
BEGIN { trace($size); }
END
"""
    found = invocations(script)
    assert [(call.arguments, {name: file.text for name, file in call.files.items()}) for call in found] == [
        (["-Cs", "/dev/fd/0"], {"/dev/fd/0": '\nBEGIN { trace("("); }\n'}),
        (["-s", "/dev/stdin"], {"/dev/stdin": "BEGIN { trace(3); }\n"}),
        (["-s", "/dev/stdin"], {"/dev/stdin": "BEGIN { trace($size); }\n"}),
    ]


def test_perl_here_texts() -> None:
    script = r"""#!/usr/bin/perl -w
my $filter = "";
$filter = "pid == 1" if $opt_p;
$args = "-p $main::opt_p";
my $call = <<END;
/usr/sbin/dtrace -n '
	syscall:::entry /$filter 1/ { \@a[\$pid] = count(); }
	END { printa("%d\\n", \@a); }' $args
END
open TRACE, "$call |";
"""
    program = '\n\tsyscall:::entry / 1/ { @a[$pid] = count(); }\n\tEND { printa("%d\\n", @a); }'
    assert calls(script) == [["-n", program, "-p", "1"]]


def test_characters_know_their_places() -> None:
    script = "#!/bin/sh\nv='x\ty'\ndtrace -n 'a'$v\"b\\\"$1\" -s /dev/stdin <<-E\n\tp\\$q\n\tE\n"
    (call,) = invocations(script)
    places = [("".join(script[at] for at in text.origin), text.text) for text in (call.words[1], call.files["/dev/stdin"])]
    assert places == [('ax\tyb"$', 'ax\tyb"1'), ("p$q\n", "p$q\n")]
    assert (script[call.at :].split()[0], call.words[1].plain, call.files["/dev/stdin"].plain) == ("dtrace", False, True)
