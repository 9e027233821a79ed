from __future__ import annotations

from pathlib import Path
from shutil import copytree, rmtree

import pytest

from digests.library_holder import LibraryHolder, Reloaded
from digests.report.skeleton import write_skeleton
from digests.store import Store
from tests.integration.small_world import MORNING


def change(pack: Path, before: str, after: str, file: str = "report.yaml") -> None:
    path = pack / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def pack_in(tmp_path: Path) -> Path:
    write_skeleton(tmp_path / "packs" / "first")
    return tmp_path / "packs" / "first"


async def test_the_library_is_filled_from_the_packs(store: Store, tmp_path: Path):
    pack = pack_in(tmp_path)
    library_holder = LibraryHolder(store, pack.parent)
    assert await library_holder.take_in_packs() == ()
    assert [report.id for report in library_holder.current.reports] == ["first"]


async def test_a_broken_pack_keeps_the_last_good_one_and_says_so(store: Store, tmp_path: Path, caplog):
    pack = pack_in(tmp_path)
    library_holder = LibraryHolder(store, pack.parent)
    await library_holder.take_in_packs()
    before = library_holder.current
    change(pack, "revision: 1", "revision: 2\nnonsense: 3")
    problems = await library_holder.take_in_packs()
    assert "nonsense" in problems[0]
    assert library_holder.current is before
    assert "kept the last good reports" in caplog.text


async def test_a_higher_revision_replaces_the_library_as_a_whole(store: Store, tmp_path: Path):
    pack = pack_in(tmp_path)
    library_holder = LibraryHolder(store, pack.parent)
    await library_holder.take_in_packs()
    before = library_holder.current
    change(pack, "revision: 1", "revision: 2")
    assert await library_holder.take_in_packs() == ()
    assert library_holder.current is not before
    assert before.reports[0].revision == 1
    assert library_holder.current.reports[0].revision == 2


async def test_the_same_revision_with_other_content_is_refused(store: Store, tmp_path: Path):
    pack = pack_in(tmp_path)
    library_holder = LibraryHolder(store, pack.parent)
    await library_holder.take_in_packs()
    change(pack, "journal: {zh: 刊物", "journal: {zh: 别的刊物")
    problems = await library_holder.take_in_packs()
    assert "raise `revision`" in problems[0]


async def test_what_somebody_else_stored_is_noticed(store: Store, tmp_path: Path):
    pack = pack_in(tmp_path)
    reader = LibraryHolder(store, tmp_path / "nothing")
    await LibraryHolder(store, pack.parent).take_in_packs()
    assert await reader.refresh()
    assert reader.current.reports[0].id == "first"
    assert not await reader.refresh()


async def test_a_report_that_stands_in_two_folders_is_taken_from_the_first_and_told(
    store: Store, tmp_path: Path
):
    pack = pack_in(tmp_path)
    copytree(pack, pack.parent / "second")
    change(pack.parent / "second", "revision: 1", "revision: 2")
    library_holder = LibraryHolder(store, pack.parent)
    problems = await library_holder.take_in_packs()
    assert problems == (
        f"{pack.parent / 'second'}: the report first stands in another folder as well; keep one of them",
    )
    assert library_holder.current.reports[0].revision == 1


async def test_two_packs_that_share_an_id_do_not_take_each_other_down(store: Store, tmp_path: Path):
    pack = pack_in(tmp_path)
    write_skeleton(pack.parent / "second")
    library_holder = LibraryHolder(store, pack.parent)
    problems = await library_holder.take_in_packs()
    assert any("duplicate-id" in problem for problem in problems)
    assert [report.id for report in library_holder.current.reports] == ["first"]


@pytest.mark.parametrize("folder", ["missing", "empty"])
async def test_a_folder_without_packs_is_named(store: Store, tmp_path: Path, folder: str):
    (tmp_path / "empty").mkdir()
    problems = await LibraryHolder(store, tmp_path / folder).take_in_packs()
    assert problems == (f"{tmp_path / folder}: no report pack here",)


async def test_a_reload_says_what_became_of_each_report(store: Store, tmp_path: Path):
    pack = pack_in(tmp_path)
    holder = LibraryHolder(store, pack.parent)
    assert await holder.reload() == ((Reloaded("first", None, 1, 1),), ())
    assert await holder.reload() == ((Reloaded("first", 1, 1, 1),), ())
    change(pack, "revision: 1", "revision: 3")
    assert await holder.reload() == ((Reloaded("first", 1, 3, 3),), ())
    change(pack, "revision: 3", "revision: 2")
    assert await holder.reload() == ((Reloaded("first", 3, 3, 2),), ())
    rmtree(pack)
    assert await holder.reload() == ((Reloaded("first", 3, 3, None),), ())


async def test_a_withdrawn_report_stays_withdrawn_over_a_reload(store: Store, tmp_path: Path):
    pack = pack_in(tmp_path)
    holder = LibraryHolder(store, pack.parent)
    await holder.take_in_packs()
    await store.reports.withdraw("first", MORNING)
    told, problems = await holder.reload()
    assert told == (Reloaded("first", 1, None, 1),)
    assert problems == (f"{pack.parent}: withdrawn, until a higher revision comes: first (revision 1)",)
    change(pack, "revision: 1", "revision: 2")
    told, problems = await holder.reload()
    assert (told, problems) == ((Reloaded("first", None, 2, 2),), ())
