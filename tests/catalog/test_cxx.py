"""In which forms a C++ function may be named, and which words all of them have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from d2bpf.catalog.cxx import forms, words


@pytest.mark.parametrize(
    ("shown", "others"),
    [
        ("main", []),
        ("foo.isra.0", []),
        ("f(int) [clone .cold]", []),
        ("dispatch_command(enum_server_command, THD*, char*)", ["dispatch_command"]),
        ("shop::Cart::operator<(shop::Cart const&) const", ["shop::Cart::operator<"]),
        ("Foo::operator unsigned int() const", ["Foo::operator unsigned int"]),
        ("operator new(unsigned long)", ["operator new"]),
        ("a::~a()", ["a::~a"]),
        ("f[abi:cxx11](int)", ["f[abi:cxx11]"]),
        ("(anonymous namespace)::f(int)", ["(anonymous namespace)::f"]),
        ("main::{lambda(int)#1}::operator()(int) const", ["main::{lambda(int)#1}::operator()"]),
        ("int shop::twice<int>(int)", ["int shop::twice<int>", "shop::twice<int>", "shop::twice"]),
        (
            "std::function<void (int)>::operator()(int) const",
            ["std::function<void (int)>::operator()", "std::function::operator()"],
        ),
        ("void f<&(A::g(int))>(int)", ["void f<&(A::g(int))>", "f<&(A::g(int))>", "f"]),
        ("decltype (x->y) foo<int>(int)", ["decltype (x->y) foo<int>", "foo<int>", "foo"]),
        ("bool operator==<int>(A<int> const&)", ["bool operator==<int>", "operator==<int>", "operator=="]),
        (
            "std::ostream& std::operator<< <std::char_traits<char> >(std::ostream&, char const*)",
            [
                "std::ostream& std::operator<< <std::char_traits<char> >",
                "std::operator<< <std::char_traits<char> >",
                "std::operator<<",
            ],
        ),
        (
            "auto f<int>(int)::{lambda()#1}::operator()() const",
            [
                "auto f<int>(int)::{lambda()#1}::operator()",
                "f<int>(int)::{lambda()#1}::operator()",
                "f(int)::{lambda()#1}::operator()",
            ],
        ),
    ],
)
def test_forms(shown: str, others: list[str]) -> None:
    assert forms(shown) == (shown, *others)


@given(st.text("ab:<>(){}[] *&~,-=#operat", max_size=40))
def test_any_text_is_a_form_of_itself(text: str) -> None:
    assert forms(text)[0] == text
    assert all(len(form) <= len(text) for form in forms(text))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*THD*", ["THD"]),
        ("Foo::b?r*", ["Foo", "b", "r"]),
        ("[a-z]x[!b]y\\(int\\)", ["x", "y", "int"]),
        ("f*16::g2", ["f", "g2"]),
        ("*", []),
    ],
)
def test_words(pattern: str, expected: list[str]) -> None:
    assert words(pattern) == expected
