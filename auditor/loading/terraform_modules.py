"""Which folder of Terraform files is a module of which other: a scope for each root, and for each call of a module."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from auditor.loading.terraform_documents import Block, ModuleCall, Origin, TerraformDocument
from auditor.loading.terraform_overrides import in_force
from auditor.loading.terraform_scope import Scope
from auditor.loading.terraform_translation import Ref
from auditor.model.problems import Problem

MOST = 1000
"""More calls of modules than this are no organisation's; modules that call each other twice could be endless."""

_STEP = re.compile(r"module\.([\w-]+)(?:\[[^\]]*\])?")
_LOCAL = ("./", "../")


class Modules(Struct):
    """The scopes of all documents by key, and every block as often as its module is called."""

    refer: Callable[[Block], Ref]
    scopes: dict[str, Scope] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _folders: dict[str, list[TerraformDocument]] = field(default_factory=lambda: defaultdict(list))

    def read(self, documents: Iterable[TerraformDocument]) -> None:
        """Folders that no other one calls are roots; so is one of those that only call each other."""
        for document in documents:
            self._folders[_folder_of(document)].append(document)
        for folder, held in self._folders.items():
            self._folders[folder], problems = in_force(held)
            self.problems += problems
        called = {
            target
            for folder, held in self._folders.items()
            for call in _calls(held)
            if (target := _target(folder, call)) in self._folders and target != folder
        }
        entered: set[str] = set()
        for folder in sorted(self._folders, key=lambda name: (name in called, name)):
            if folder not in entered:
                documents = self._folders[folder]
                self._enter(documents, Scope(documents, self.refer, folder), "", (folder,), entered)

    def _enter(
        self,
        documents: Sequence[TerraformDocument],
        scope: Scope,
        address: str,
        above: tuple[str, ...],
        entered: set[str],
    ) -> None:
        """Reads documents as one module. above: the folders of the modules that call it, and its own."""
        folder = above[-1]
        entered.add(folder)
        self.scopes[scope.key] = scope
        for call in _calls(documents):
            target = folder if call.inner is not None else _target(folder, call)
            called = [call.inner] if call.inner is not None else self._folders.get(target, [])
            if called and (call.inner is not None or (target not in above and len(self.scopes) < MOST)):
                inner = f"{address}.module.{call.name}".removeprefix(".")
                child = self._child(scope, call, called, target, above[0], inner)
                self._enter(called, child, inner, (*above, target), entered)
        blocks = [block for document in documents for block in document.blocks]
        held = {block.module for block in blocks if block.origin is Origin.STATE}
        self.problems += [p for call in _calls(documents) if (p := _absent(call, scope, held)) is not None]
        self.blocks += [_placed(block, scope, address) for block in blocks]

    def _child(
        self,
        scope: Scope,
        call: ModuleCall,
        documents: Sequence[TerraformDocument],
        target: str,
        root: str,
        address: str,
    ) -> Scope:
        child = Scope(
            documents,
            self.refer,
            f"{root}{address}",
            parent=scope,
            given=call.values,
            numbered=call.numbered or scope.numbered,
            folder=posixpath.relpath(target.removesuffix("/") or ".", root.removesuffix("/") or "."),
        )
        return scope.children.setdefault(call.name, child)


def _placed(block: Block, scope: Scope, address: str) -> Block:
    """The block in its scope; one of a state may be of a module below."""
    inner = _descended(scope, block.module) if block.origin is Origin.STATE else None
    if block.origin is Origin.CONFIGURATION:
        inner, block = scope, replace(block, module=address)
    elif block.origin is Origin.PLAN or not block.module:
        inner = scope
    found = replace(block, scope=(inner or scope).key)
    if inner is not None:
        inner.add(found)
    return found


def _folder_of(document: TerraformDocument) -> str:
    """All configuration of a folder belongs together, with its state; a plan stands for itself."""
    return document.file if document.origin is Origin.PLAN else _named(posixpath.dirname(document.file))


def _named(folder: str) -> str:
    return "/" if folder in ("", ".") else f"{folder}/"


def _calls(documents: Sequence[TerraformDocument]) -> list[ModuleCall]:
    return [call for document in documents for call in document.modules]


def _target(folder: str, call: ModuleCall) -> str:
    """The folder that a call means; "" for one that is not local."""
    if not call.source.startswith(_LOCAL) and call.source not in (".", ".."):
        return ""
    return _named(posixpath.normpath(posixpath.join(folder.removesuffix("/"), call.source)))


def _descended(scope: Scope, address: str) -> Scope | None:
    """The scope of a module by its address in a state (`module.a["x"].module.b`)."""
    for name in _STEP.findall(address):
        if name not in scope.children:
            return None
        scope = scope.children[name]
    return scope


def _absent(call: ModuleCall, scope: Scope, known: Iterable[str]) -> Problem | None:
    """RX901: a module whose objects are in no file; known: addresses of modules in the state."""
    if call.name in scope.children or any(_STEP.findall(address)[:1] == [call.name] for address in known):
        return None
    return Problem(
        "RX901",
        f'The module "{call.name}" ({call.source or "no source"}) is not in the export; what it creates is not known.',
        call.at,
        "Give its folder too, the state, or `terraform show -json` of the plan.",
        f"module:{call.name}",
    )
