"""Conditions, comparisons and functions over what is known; nothing is decided by what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.loading.hcl_parts import LONGEST, taken_apart
from tests.loading.terraform_source import of_files

REST = """\
locals {
  env    = "prod"
  empty  = ""
  none   = null
  many   = ["x", "y", "x"]
  sizes  = { small = 1, large = 2 }
  names  = { prod = "Live", test = "Try" }
  nested = { a = { b = "deep" } }
  yes    = true
  text   = "true"
  keyed  = { (local.env) = "K", "${local.env}-line" = "L" }
}
variable "typed" {
  type    = bool
  default = "true"
}
variable "line" {
  type    = object({
    record = optional(string)
    other  = optional(string, "given")
  })
  default = { dropped = "more than the type has" }
}
variable "lines" {
  type    = list(object({ n = string }))
  default = [{ n = 5 }]
}
variable "unique" {
  type    = set(string)
  default = ["x", "y", "x"]
}
variable "env" { default = "test" }
variable "open" {}
variable "secret" {
  default   = "hidden"
  sensitive = true
}
resource "genesyscloud_user" "u" {
  name  = "Ann"
  email = "ann@example.com"
}
"""


def name(folder: Path, expression: str) -> str:
    """What a queue is called whose name is this expression."""
    queue = f'resource "genesyscloud_routing_queue" "q" {{\n  name = {expression}\n}}\n'
    (found,) = of_files(folder, main_dot_tf=REST + queue).queues
    return found.name


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('local.env == "prod" ? "A" : "B"', "A"),
        ('var.env == "prod" ? "A" : "B"', "B"),
        ('(local.env != "prod") ? "A" : "B"', "B"),
        ('local.yes && var.env == "test" ? "A" : "B"', "A"),
        ('local.yes || var.open ? "A" : "B"', "A"),
        ('!local.yes && var.open ? "A" : "B"', "B"),
        ('local.text ? "A" : "B"', "A"),
        ('local.none == null ? "A" : "B"', "A"),
        ('genesyscloud_user.u.id != "" ? "A" : "B"', "A"),
        ('local.sizes.large > local.sizes["small"] ? "A" : "B"', "A"),
        ('length(local.many) >= 4 ? "A" : "B"', "B"),
        ('length(toset(local.many)) < 3 ? "A" : "B"', "A"),
        ('contains(local.many, "y") ? "A" : "B"', "A"),
        ('contains(["z"], local.env) ? "A" : "B"', "B"),
        ('lookup(local.names, local.env, "none")', "Live"),
        ('lookup(local.names, "stage", "none")', "none"),
        ('lookup(merge(local.names, { prod = "Last" }), "prod")', "Last"),
        ("local.names[local.env]", "Live"),
        ("local.nested[\"a\"].b", "deep"),
        ("local.many[local.sizes.small]", "y"),
        ("element(local.many, 4)", "y"),
        ('one(["only"])', "only"),
        ('coalesce(local.empty, local.none, "C")', "C"),
        ('try(local.names["prod"], "C")', "Live"),
        ("element(concat(local.many, [\"z\"]), 3)", "z"),
        ('upper(trimspace(" a "))', "A"),
        ('tobool("false") ? "A" : "B"', "B"),
        ('"${local.yes ? "On" : "Off"} and ${lower("ON")}"', "On and on"),
        ('1 == 1.0 ? "A" : "B"', "A"),
        ('lookup(local.keyed, "prod", "none")', "K"),
        ('local.keyed["prod-line"]', "L"),
        ('element(tolist(toset(["b", "a"])), 0)', "a"),
        ('var.typed == true ? "A" : "B"', "A"),
        ('lookup(var.line, "other", "none")', "given"),
        ('lookup(var.line, "record", "none") == null ? "A" : "B"', "A"),
        ('lookup(merge({ record = "base" }, var.line), "record", "none") == null ? "A" : "B"', "A"),
        ('lookup(var.line, "dropped", "none")', "none"),
        ('var.lines[0].n == "5" ? "A" : "B"', "A"),
        ('length(var.unique) == 2 ? "A" : "B"', "A"),
        ('local.yes ? "a  b" : "c"', "a  b"),
        ('local.yes ? local.env == "x" ? "A" : "B" : "C"', "B"),
    ],
)  # fmt: skip
def test_what_is_known_is_worked_out(tmp_path: Path, expression: str, expected: str) -> None:
    assert name(tmp_path, expression) == expected


@pytest.mark.parametrize(
    "expression",
    [
        'var.open ? "A" : "B"',
        'var.open == "x" ? "A" : "B"',
        'var.secret == "hidden" ? "A" : "B"',
        'local.yes && var.open ? "A" : "B"',
        'genesyscloud_user.u.id == "x" ? "A" : "B"',
        'try(var.open, "C")',
        'coalesce(var.open, "C")',
        'contains([var.open], "x") ? "A" : "B"',
        'local.env > 3 ? "A" : "B"',
        'local.env ? "A" : "B"',
        'lookup(var.open, "x", "C")',
        'one(local.many)',
        'format("%s", local.env)',
        'element([], 0)',
        'local.names[var.open]',
        'concat(local.many...)',
        'local.many == [] ? "A" : "B"',
        '"5" == 5 ? "A" : "B"',
        'contains(["true"], true) ? "A" : "B"',
        'length(toset(["1", 1])) == 1 ? "A" : "B"',
    ],
)  # fmt: skip
def test_what_is_not_known_stays(tmp_path: Path, expression: str) -> None:
    assert name(tmp_path, expression).startswith("${")


def test_long_expressions_are_not_looked_into() -> None:
    assert taken_apart("a ? b : c") is not None
    assert taken_apart("a ? b : " + "c" * LONGEST) is None
    assert taken_apart("a ? b :") is None


def test_values_that_share_their_parts_are_gone_through_once(tmp_path: Path) -> None:
    steps = "".join(f"  l{at} = [{', '.join([f'local.l{at - 1}'] * 9)}]\n" for at in range(1, 13))
    double = "".join(f"  d{at} = concat(local.d{at - 1}, local.d{at - 1})\n" for at in range(1, 40))
    type = "list(" * 12 + "string" + ")" * 12
    main = f'locals {{\n  l0 = "x"\n{steps}  d0 = ["x"]\n{double}}}\n'
    main += 'module "m" {\n  source = "./m"\n  v = local.l12\n  d = length(local.d39)\n}\n'
    inner = f'variable "v" {{ type = {type} }}\nvariable "d" {{}}\n'
    inner += 'resource "genesyscloud_routing_queue" "q" {\n  name = "${length(var.v)} ${var.d}"\n}\n'
    (queue,) = of_files(tmp_path, main_dot_tf=main, m__main_dot_tf=inner).queues
    assert queue.name == "9 ${length(local.d39)}"
