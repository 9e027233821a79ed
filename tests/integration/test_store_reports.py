from __future__ import annotations

import pytest
from sqlalchemy import text

from digests.report.model import Report
from digests.store.reports import RevisionTakenError, Saved


def both(words):
    return {"zh": words, "en": words}


def source(*evidence):
    return {"section": "one", "evidence": [{"text": text} for text in evidence]}


def report(revision=1, id_="tea", title="First tea road"):
    """A report with one fact of each kind."""
    return Report.model_validate(
        {
            "id": id_,
            "revision": revision,
            "name": both("Tea"),
            "data_licence": both("CC BY 4.0"),
            "publication": {
                "title": both("Tea by rail"),
                "authors": [{"name": both("Lu Yu")}],
                "journal": both("Leaves"),
                "issue": both("1"),
                "published": "2023-05",
                "publisher": both("Leaf Press"),
                "summary": both("How tea travels."),
                "evidence": [{"text": "Tea by rail"}],
            },
            "document": {"sha256": "0" * 64, "language": "en", "note": both("plain text")},
            "sections": [{"id": "one", "heading": "One", "number": "1", "title": both("One")}],
            "units": [{"id": "percent", "name": both("percent"), "zh": "{n}%", "en": [{"form": "{n} %"}]}],
            "places": [{"id": "city", "level": "city", "name": both("City")}],
            "designation_kinds": [
                {"id": "pilot", "name": both("Pilot"), "short": both("Pilot"), "description": both("A pilot")}
            ],
            "designations": [
                {"id": "held", "kind": "pilot", "place": "city", "since": "2016", "source": source("pilot")}
            ],
            "milestones": [
                {
                    "id": "road",
                    "date": "2014-05-10",
                    "origin": "chronology",
                    "kind": "platform",
                    "title": both(title),
                    "summary": both("It opened."),
                    "places": ["city"],
                    "source": source("10 May 2014", "opened"),
                }
            ],
            "subjects": [{"id": "trade", "name": both("Trade")}],
            "metrics": [
                {
                    "id": "growth",
                    "subject": "trade",
                    "kind": "rate",
                    "name": both("Growth"),
                    "place": "city",
                    "observations": [
                        {
                            "id": "growth-2021",
                            "quantity": {
                                "printed": "over 12.60%",
                                "value": "12.60",
                                "unit": "percent",
                                "qualifier": "over",
                            },
                            "period": {"basis": "stated", "start": "2021", "end": "2021"},
                            "source": source("over 12.60%"),
                        }
                    ],
                }
            ],
            "themes": [
                {
                    "id": "roads",
                    "part": "measures",
                    "title": both("Roads"),
                    "summary": both("Build them."),
                    "source": source("roads"),
                    "points": [
                        {"id": "rail", "title": both("Rail"), "text": both("Lay."), "source": source("rail")}
                    ],
                }
            ],
            "lists": [
                {
                    "id": "houses",
                    "title": both("Houses"),
                    "entries": [{"id": "leaf", "name": both("Leaf"), "source": source("Leaf Co.")}],
                }
            ],
        }
    )


async def ask(store, sql):
    async with store._database.reading() as connection:
        return [tuple(row) for row in await connection.execute(text(sql))]


async def test_a_saved_report_is_loaded_as_it_was(store):
    assert await store.reports.save(report()) is Saved.SAVED
    assert await store.reports.load() == (report(),)


async def test_saving_the_same_revision_again_changes_nothing(store):
    await store.reports.save(report())
    version = await store.reports.version()
    assert await store.reports.save(report()) is Saved.UNCHANGED
    assert await store.reports.version() == version


async def test_the_same_revision_with_other_content_is_refused_and_the_first_stays(store):
    await store.reports.save(report())
    with pytest.raises(RevisionTakenError, match=r"revision 1 of tea .* raise `revision`"):
        await store.reports.save(report(title="Second thoughts"))
    assert await store.reports.load() == (report(),)


async def test_the_highest_revision_wins_wherever_it_came_from(store):
    await store.reports.save(report(revision=3, title="Third"))
    assert await store.reports.save(report(revision=2, title="Second")) is Saved.SAVED
    (loaded,) = await store.reports.load()
    assert loaded.revision == 3
    assert await ask(store, "SELECT title_en FROM milestones") == [("Third",)]


async def test_the_version_grows_with_each_save(store):
    versions = [await store.reports.version()]
    for revision in (1, 2):
        await store.reports.save(report(revision))
        versions.append(await store.reports.version())
    assert versions == sorted(set(versions))


async def test_several_reports_live_side_by_side(store):
    await store.reports.save(report(id_="tea"))
    await store.reports.save(report(id_="silk"))
    assert [each.id for each in await store.reports.load()] == ["silk", "tea"]


async def test_every_kind_of_fact_can_be_queried(store):
    await store.reports.save(report())
    assert await ask(store, "SELECT id, revision, published FROM reports") == [("tea", 1, "2023-05")]
    assert await ask(store, "SELECT id, year, month, day FROM milestones") == [("road", 2014, 5, 10)]
    assert await ask(store, "SELECT place FROM milestone_places") == [("city",)]
    assert await ask(store, "SELECT value, number, qualifier, place FROM observations") == [
        ("12.60", 12.6, "over", "city")
    ]
    assert await ask(store, "SELECT kind, place, since FROM designations") == [("pilot", "city", "2016")]
    assert await ask(store, "SELECT part, title_en FROM themes") == [("measures", "Roads")]
    assert await ask(store, "SELECT theme, title_en FROM theme_points") == [("roads", "Rail")]
    assert await ask(store, "SELECT list, name_zh FROM entries") == [("houses", "Leaf")]
    assert await ask(store, "SELECT text FROM evidence WHERE fact = 'road' ORDER BY position") == [
        ("10 May 2014",),
        ("opened",),
    ]


async def test_a_new_revision_replaces_what_can_be_queried(store):
    await store.reports.save(report(revision=1, title="First"))
    await store.reports.save(report(revision=2, title="Second"))
    assert await ask(store, "SELECT title_en FROM milestones") == [("Second",)]
    assert await ask(store, "SELECT count(*) FROM report_revisions") == [(2,)]


async def test_a_stored_revision_that_cannot_be_read_any_more_is_said_and_can_be_replaced(store, caplog):
    await store.reports.save(report())
    async with store._database.writing() as connection:
        await connection.execute(text("UPDATE report_revisions SET content = '{}'"))
    assert await store.reports.load() == ()
    assert "cannot read" in caplog.text
    assert await store.reports.save(report()) is Saved.SAVED
    assert await store.reports.load() == (report(),)
