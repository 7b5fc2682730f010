"""Which folder of Terraform files is a module of which other: a scope for each root, and for each call of a module."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from auditor.loading.limits import limits
from auditor.loading.terraform_documents import Block, ModuleCall, Origin, TerraformDocument, applies_by_itself
from auditor.loading.terraform_overrides import in_force
from auditor.loading.terraform_repeats import turns
from auditor.loading.terraform_scope import Scope, called
from auditor.loading.terraform_translation import Ref
from auditor.loading.values import JsonObject
from auditor.model.problems import Problem

MOST = 1000
"""More calls of modules than this are no organisation's; modules that call each other twice could be endless."""

_STEP = re.compile(r"module\.([\w-]+)(?:\[[^\]]*\])?")
_LOCAL = ("./", "../")
_FETCHED = ".terraform/modules/"


class _Module(Struct, frozen=True):
    """Documents that are read as one module. folders: that of the root, of modules that call others, and its own."""

    documents: Sequence[TerraformDocument]
    scope: Scope
    address: str
    folders: tuple[str, ...]

    def below(self, name: str) -> str:
        """The address of a module that is called here."""
        return f"{self.address}.module.{name}".removeprefix(".")


class Modules(Struct):
    """The scopes of all documents by key, and every block as often as its module is called."""

    refer: Callable[[Block], Ref]
    scopes: dict[str, Scope] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _folders: dict[str, list[TerraformDocument]] = field(default_factory=lambda: defaultdict(list))
    _in_state: tuple[str, ...] = ()
    _installed: dict[str, dict[str, str]] = field(default_factory=dict)

    def read(self, documents: Iterable[TerraformDocument]) -> None:
        """Folders that no other one calls are roots; so is one of those that only call each other."""
        for document in documents:
            if document.origin is Origin.INSTALLED:
                root = _folder_of(document).removesuffix(_FETCHED) or "/"
                self._installed[root] = {key: _below(root, dir) for key, dir in document.installed.items()}
            else:
                self._folders[_folder_of(document)].append(document)
        for folder, held in self._folders.items():
            self._folders[folder], problems = in_force(held)
            self.problems += problems
        targets = {
            target
            for folder, held in self._folders.items()
            for call in _calls(held)
            if (target := _target(folder, call)) in self._folders and target != folder
        }
        fetched = tuple(f"{root}{_FETCHED}".removeprefix("/" if root == "/" else "") for root in self._installed)
        entered: set[str] = set()
        for folder in sorted(self._folders, key=lambda name: (name in targets, name)):
            if folder not in entered and not folder.startswith(fetched):
                documents = self._folders[folder]
                blocks = (block for document in documents for block in document.blocks)
                self._in_state = tuple({f"{block.module}." for block in blocks if block.origin is Origin.STATE})
                scope = Scope(documents, self.refer, folder)
                for document in self._chosen(folder):
                    scope.doubt(document.assigned)
                self._enter(_Module(documents, scope, "", (folder,)), entered)

    def _chosen(self, root: str) -> Iterator[TerraformDocument]:
        """Files of values that somebody may give with `-var-file`: beside or below the root, or near it."""
        below = "" if root == "/" else root
        near = _named(posixpath.dirname(root.removesuffix("/"))) if below.count("/") > 1 else ""
        for folder, held in self._folders.items():
            module = any(document.origin is Origin.CONFIGURATION for document in held)
            if folder.startswith(below) or (not module and folder.startswith(near)):
                for document in held:
                    alone = applies_by_itself(document.file) and (module or folder == root)
                    if document.origin is Origin.VALUES and not alone:
                        yield document

    def _enter(self, here: _Module, entered: set[str]) -> None:
        """Reads a module, and those that it calls."""
        entered.add(here.folders[-1])
        self.scopes[here.scope.key] = here.scope
        blocks = [block for document in here.documents for block in document.blocks]
        held = {block.module for block in blocks if block.origin is Origin.STATE}
        for call in _calls(here.documents):
            folder = here.folders[-1] if call.inner is not None else self._target(here, call)
            documents = self._documents(here, call, folder)
            if not documents:
                self.problems += _absent(call, held)
                continue
            entered.add(folder)
            if self._too_many(documents):
                self.problems.append(_left_out(call))
                continue
            for name, turn in self._turns(here, call, documents).items():
                self._enter(self._child(here, replace(call, name=name), turn, documents, folder), entered)
        self.blocks += [_placed(block, here.scope, here.address) for block in blocks]

    def _documents(self, here: _Module, call: ModuleCall, folder: str) -> Sequence[TerraformDocument]:
        """What a call calls, if it is in the export; a module that calls itself has no end."""
        if call.inner is not None:
            return [call.inner]
        endless = folder in here.folders or len(self.scopes) >= MOST
        return () if endless else self._folders.get(folder, ())

    def _target(self, here: _Module, call: ModuleCall) -> str:
        """The folder that a call means, also one into which Terraform fetched it; "" for one that is not known."""
        names = ".".join((*_STEP.findall(here.address), call.name))
        return _target(here.folders[-1], call) or self._installed.get(here.folders[0], {}).get(names, "")

    def _too_many(self, documents: Sequence[TerraformDocument], times: int = 1) -> bool:
        """Whether there would be more blocks than objects may be, were these read so many times more."""
        return len(self.blocks) + times * sum(len(document.blocks) for document in documents) > limits().objects

    def _turns(
        self, here: _Module, call: ModuleCall, documents: Sequence[TerraformDocument]
    ) -> dict[str, JsonObject | None]:  # fmt: skip
        """What `each` or `count` is in each call, by the name of the module there; None: it is none, or not known.

        Where there is a state, it knows better which there are.
        """
        address = here.below(call.name)
        known = any(held.startswith((f"{address}.", f"{address}[")) for held in self._in_state)
        found = turns(call.repeats, here.scope) if call.numbered and not known and not here.scope.numbered else None
        if found is None or len(self.scopes) + len(found) > MOST or self._too_many(documents, len(found)):
            return {call.name: None}
        return {called(call.name, turn.get("index", turn.get("key"))): turn for turn in found.values()}

    def _child(
        self,
        here: _Module,
        call: ModuleCall,
        turn: JsonObject | None,
        documents: Sequence[TerraformDocument],
        folder: str,
    ) -> _Module:
        root, address = here.folders[0], here.below(call.name)
        child = Scope(
            documents,
            self.refer,
            f"{root}{address}",
            parent=here.scope,
            given=call.values,
            turn=turn,
            numbered=(call.numbered and turn is None) or here.scope.numbered,
            folder=posixpath.relpath(folder.removesuffix("/") or ".", root.removesuffix("/") or "."),
        )
        scope = here.scope.children.setdefault(call.name, child)
        return _Module(documents, scope, address, (*here.folders, folder))


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
    return _below(folder, call.source)


def _below(folder: str, path: str) -> str:
    return _named(posixpath.normpath(posixpath.join(folder.removesuffix("/"), path)))


def _descended(scope: Scope, address: str) -> Scope | None:
    """The scope of a module by its address in a state (`module.a["x"].module.b`)."""
    for name in _STEP.findall(address):
        if name not in scope.children:
            return None
        scope = scope.children[name]
    return scope


def _left_out(call: ModuleCall) -> Problem:
    """RX906: a module that would make too many blocks."""
    message = f'The module "{call.name}" is left out: with it there would be more than {limits().objects} blocks.'
    hint = "Raise the limit: auditor --max-objects NUMBER ..."
    return Problem("RX906", message, call.at, hint, f"file:{call.at.file}")


def _absent(call: ModuleCall, known: Iterable[str]) -> list[Problem]:
    """RX901: a module whose objects are in no file. known: addresses of modules in the state."""
    if any(_STEP.findall(address)[:1] == [call.name] for address in known):
        return []
    message = (
        f'The module "{call.name}" ({call.source or "no source"}) is not in the export; what it creates is not known.'
    )
    hint = "Give its folder too, the state, or `terraform show -json` of the plan."
    return [Problem("RX901", message, call.at, hint, f"module:{call.name}")]
