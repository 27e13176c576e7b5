"""The picture of who may do what: every attempt stands in it, in words, and what deviates is marked."""

from __future__ import annotations

import re

from lakebook.lake.access import Attempt
from lakebook.picture.permissions import permissions

FOLDER = "s3://bucket/warehouse/ns"


def tried(who, operation, place, outcome, must):
    return Attempt(who, operation, f"{FOLDER}/{place}" if place else "s3://bucket/", outcome, "200"), must


ATTEMPTS = [
    tried("writer", "get", "orders/a.txt", "allowed", "allowed"),
    tried("writer", "put", "orders/a.txt", "allowed", "allowed"),
    tried("writer", "get", "orders2/a.txt", "refused", "refused"),
    tried("writer", "put", "orders2/a.txt", "allowed", "refused"),
    tried("<forged>", "get", "orders/a.txt", "undecided", "refused"),
]


def html(attempts):
    return permissions(attempts)._repr_html_()


def test_the_text_says_who_may_do_what_where():
    lines = [re.split(r"  +", line) for line in repr(permissions(ATTEMPTS)).splitlines()]
    assert lines == [
        ["who may do what: 5 attempts, 2 not as they must be, marked ✘"],
        ["key", "place", "operations", "outcome"],
        ["writer", "orders/a.txt", "get, put", "allowed"],
        ["writer", "orders2/a.txt", "get", "refused"],
        ["writer", "orders2/a.txt", "put", "✘ allowed"],
        ["<forged>", "orders/a.txt", "get", "✘ undecided"],
    ]


def test_each_cell_has_words_and_says_on_request_what_was_answered():
    page = html(ATTEMPTS)
    assert 'class="lb-allowed" title="get, put: allowed (200)">allowed</td>' in page
    assert 'class="lb-allowed lb-bad" title="put: allowed (200), must be refused">✘ allowed</td>' in page


def test_what_was_not_tried_is_a_dash():
    assert html(ATTEMPTS).count('class="lb-quiet">–</td>') == 2


def test_as_many_columns_in_every_row():
    for row in re.findall(r"<tr><th scope=.row.*?</tr>", html(ATTEMPTS)):
        assert sum(map(int, re.findall(r'<td colspan="(\d+)"', row))) == 4


def test_names_are_escaped_and_no_script_nor_address_is_needed():
    page = html(ATTEMPTS)
    assert "<forged>" not in page
    assert "<script" not in page
    assert "http" not in page


def test_both_modes_have_their_colours():
    page = html(ATTEMPTS)
    assert "prefers-color-scheme: dark" in page
    assert not re.findall(r"background:\s*(#|white|black)", page)


def test_a_bucket_keeps_its_whole_name():
    page = html([*ATTEMPTS, tried("writer", "list", "", "refused", "refused")])
    assert ">s3://bucket/</th>" in page
    assert ">orders2/a.txt</th>" in page


def test_namespaces_that_begin_alike_are_told_apart():
    places = ("ns_alice/orders/a.txt", "ns_bob/orders/a.txt", "ns_bob/")
    page = html([tried("alice", "get", place, "refused", "refused") for place in places])
    assert [f">{name}</th>" in page for name in ("alice/orders/a.txt", "bob/orders/a.txt", "bob/")] == [True] * 3


def test_the_folder_that_all_lie_in_keeps_its_name():
    above = Attempt("writer", "list", f"{FOLDER}/", "refused", "403"), "refused"
    assert ">ns/</th>" in html([*ATTEMPTS, above])


def test_when_all_is_as_it_must_be_it_says_so_and_nothing_is_marked():
    assert repr(permissions(ATTEMPTS[:3])).splitlines()[0] == "who may do what: 3 attempts, each as it must be"
    assert "✘" not in html(ATTEMPTS[:3])


def test_nothing_tried_is_said():
    assert "nothing was tried" in repr(permissions([]))
