"""Strict reading: what is refused, by which code, at which place; and what passes."""

from dataclasses import replace

import pytest

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import parse_json, parse_object
from certweave.errors import Cause, MalformedError, UndecidedError
from certweave.limits import DEFAULT_LIMITS, Limits

SMALL = replace(DEFAULT_LIMITS, credential_bytes=200, depth=3, members=5)


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        (b"\xef\xbb\xbf{}", "json_bom", None),
        ("\ufeff{}", "json_bom", None),
        (b"\xff\xfe{\x00}\x00", "json_encoding", None),
        (b'{"a": "\xc3\x28"}', "json_encoding", None),
        (b'"\xed\xa0\x80"', "json_encoding", None),
        ("", "json_syntax", None),
        ("{", "json_syntax", None),
        ("{'a': 1}", "json_syntax", None),
        ('{"a": 1,}', "json_syntax", None),
        ("[01]", "json_syntax", None),
        ("[+1]", "json_syntax", None),
        ("[.5]", "json_syntax", None),
        ("[1.]", "json_trailing_or_syntax", None),
        ('["\t"]', "json_syntax", None),
        ('["\\x41"]', "json_syntax", None),
        ('["\\u12"]', "json_syntax", None),
        ("\u00a0{}", "json_syntax", None),
        ("{} {}", "json_trailing", None),
        ("{}\x00", "json_trailing", None),
        ("[NaN]", "json_number", None),
        ("[-Infinity]", "json_number", None),
        ("[1e999]", "json_number", None),
        ("[1e16]", "json_number", None),
        ("[-9007199254740992.0]", "json_number", None),
        ("[-1e999]", "json_number", None),
        ("[9007199254740992]", "json_number", None),
        ('{"a":9007199254740992}', "json_number", None),
        ('{"a":9007199254740992.0}', "json_number", None),
        ("1e+16", "json_number", None),
        ('{"a":1e+16}', "json_number", None),
        ('{"a":[1e+300]}', "json_number", None),
        ("[-9007199254740992]", "json_number", None),
        (f"[{'9' * 10_000}]", "json_number", None),
        (r'["\ud800"]', "json_surrogate", None),
        (r'["\uDFFF"]', "json_surrogate", None),
        (r'["\ude00\ud83d"]', "json_surrogate", None),
        (r'["\\\ud83d"]', "json_surrogate", None),
        (r'{"\ud83d": 1}', "json_surrogate", None),
        ('"\ud800"', "json_surrogate", None),
        ('{"a": 1, "a": 1}', "json_duplicate_member", ""),
        ('{"a":1,"a":1}', "json_duplicate_member", ""),
        (r'{"a": 1, "\u0061": 2}', "json_duplicate_member", ""),
        ('{"x/y": [0, {"~": {"b": 1, "b": 2}}]}', "json_duplicate_member", "/x~1y/1/~0"),
        ('{"a": 1, "a": 2} trailing', "json_duplicate_member", ""),
    ],
)
def test_refused(text: bytes | str, code: str, path: str | None) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_json(text, limits=DEFAULT_LIMITS)
    if code == "json_trailing_or_syntax":
        assert caught.value.code in {"json_trailing", "json_syntax"}
    else:
        assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None),
        (b" [true, false]\r\n\t", [True, False]),
        ("[9007199254740991, -9007199254740991, -0, 1.5, 1E3]", [2**53 - 1, 1 - 2**53, 0, 1.5, 1000.0]),
        (r'["\ud83d\ude00", "\\ud800"]', ["\U0001f600", "\\ud800"]),
        (r'["\\\\ud800 \u00e9"]', ["\\\\ud800 é"]),
        ('{"a": {"a": [{"a": {}}]}}', {"a": {"a": [{"a": {}}]}}),
        ('["]]]", "{{{", ",,,", "\\"[["]', ["]]]", "{{{", ",,,", '"[[']),
        ('{"": 0}', {"": 0}),
    ],
)
def test_accepted(text: bytes | str, value: object) -> None:
    assert parse_json(text, limits=DEFAULT_LIMITS) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[[[[]]]]", "limit_depth"),
        ('{"a": [{"b": [1]}]}', "limit_depth"),
        ('["]]]]", [[[]]]]', "limit_depth"),
        ('["\\"", [[[1]]]]', "limit_depth"),
        ('["\\\\", [[[1]]]]', "limit_depth"),
        ("[1,2,3,4,5,6]", "limit_members"),
        ('{"a": [1,2,3], "b": [1,2]}', "limit_members"),
        (f'["{"x" * 200}"]', "limit_bytes"),
        (f'{{"a":"{"x" * 200}"}}', "limit_bytes"),
        ('{"a":[[[1]]]}', "limit_depth"),
        ('{"a":[1,2,3,4,5]}', "limit_members"),
        (f'["{"é" * 100}"]', "limit_bytes"),
    ],
)
def test_limits_leave_it_undecided(text: str, code: str) -> None:
    with pytest.raises(UndecidedError) as caught:
        parse_json(text, limits=SMALL)
    assert (caught.value.code, caught.value.cause) == (code, Cause.LIMIT)


@pytest.mark.parametrize(
    "text", ["[[[1]]]", "[1,2,3,4,5]", '{"a": [1,2], "b": [1]}', '["[[[[[[", "]],,,,,"]']
)
def test_limits_are_inclusive(text: str) -> None:
    parse_json(text, limits=SMALL)


def test_an_object_is_asked_for() -> None:
    assert parse_object('{"a": 1}', limits=DEFAULT_LIMITS) == {"a": 1}
    for text in ("[]", '"a"', "1", "null"):
        with pytest.raises(MalformedError, match="object") as caught:
            parse_object(text, limits=DEFAULT_LIMITS)
        assert caught.value.code == "json_not_object"


def test_pointers_are_escaped() -> None:
    assert join("") == ""
    assert join("/a", "b", 0, "c/d", "~1", "") == "/a/b/0/c~1d/~01/"


@pytest.mark.parametrize("text", ['{"a":', '{"a": ', "["])
@pytest.mark.parametrize(("deep", "read"), [(200, True), (300, True), (20_000, False)])
def test_who_allows_more_depth_than_a_reader_has_gets_no_foreign_error(
    text: str, deep: int, *, read: bool
) -> None:
    whole = text * deep + "1" + ("]" if text == "[" else "}") * deep
    limits = Limits(depth=100_000, members=100_000)
    if read:
        assert parse_json(whole, limits=limits)
        return
    with pytest.raises(UndecidedError) as caught:
        parse_json(whole, limits=limits)
    assert caught.value.code == "limit_depth"
