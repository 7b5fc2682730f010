"""Regions of graphs drawn at random, against what they mean."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest

from auditor.analysis.regions import between, regions

Graph = Mapping[int, Sequence[int]]


def first_places(graph: Graph, places: set[int], start: int) -> set[int]:
    """The places that ways from a point first come to."""
    found, seen, todo = set[int](), {start}, [start]
    while todo:
        for target in graph[todo.pop()]:
            if target in places:
                found.add(target)
            elif target not in seen:
                seen.add(target)
                todo.append(target)
    return found


def shortest(graph: Graph, start: int, place: int) -> int:
    """The length of the shortest way that comes to a place before any other."""
    edge, length = {start}, 0
    while place not in edge:
        edge, length = {t for p in edge if p in graph for t in graph[p]}, length + 1
    return length


def drawn(chance: random.Random) -> Graph:
    """Points 0, 1, 2, ... that lead to some of each other and of the places -1, -2, -3."""
    count = chance.randrange(1, 12)
    targets = [*range(count), -1, -1, -2, -3]
    return {point: chance.sample(targets, chance.randrange(1, 4)) for point in range(count)}


def endless(graph: Graph) -> set[int]:
    """Points from which no way leads to a place: what goes on there for ever does nothing."""
    return {point for point in graph if not first_places(graph, {-1, -2, -3}, point)}


@pytest.mark.parametrize("seed", range(400))
def test_a_region_leads_to_one_place_and_what_has_none_to_several_or_nowhere(seed: int) -> None:
    graph = drawn(random.Random(seed))
    found = regions(graph, {})
    deciding = graph.keys() - found.keys() - endless(graph)
    for point in graph:
        places = first_places(graph, {-1, -2, -3} | deciding, point)
        if point in found:
            assert places == {found[point].target}
            assert found[point].length == shortest(graph, point, found[point].target)
        else:
            assert len(places) != 1 or point in places, (graph, point)


@pytest.mark.parametrize("seed", range(200))
def test_marks_are_those_of_all_ways(seed: int) -> None:
    chance = random.Random(seed)
    graph = drawn(chance)
    marks = {point: chance.choice((0, 0, 1, 2)) for point in graph}
    for point, region in regions(graph, marks).items():
        inside, todo = {point}, [point]
        while todo:
            todo += (new := {t for t in graph[todo.pop()] if t != region.target} - inside - endless(graph))
            inside |= new
        expected = 0
        for each in inside:
            expected |= marks[each]
        assert region.marks == expected


@pytest.mark.parametrize("seed", range(200))
def test_told_apart_all_ways_of_a_region_have_the_same_marks(seed: int) -> None:
    chance = random.Random(seed)
    graph = drawn(chance)
    marks = {point: chance.choice((0, 0, 1)) for point in graph}
    plain, told = regions(graph, marks), between(graph, marks)
    assert told.keys() <= plain.keys()
    for point, (place, met) in told.items():
        for target in set(graph[point]) - endless(graph):
            behind = told.get(target, (target, 0))
            assert (behind[0], behind[1] | marks[point]) == (place, met)


def test_a_loop_is_a_region_like_others() -> None:
    assert {p: r.target for p, r in regions({1: [2, 9], 2: [1]}, {}).items()} == {1: 9, 2: 9}
    assert {p: r.target for p, r in regions({1: [2, 9], 2: [1, 8]}, {}).items()} == {}
    assert regions({1: [2], 2: [1]}, {}) == {}
