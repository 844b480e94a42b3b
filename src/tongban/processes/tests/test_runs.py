"""Publishing, running and looking at processes, on the database."""

from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread
from time import perf_counter
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.template import Context, Template
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from tongban.base.errors import Refusal
from tongban.processes import actions, queries
from tongban.processes.errors import StepNotWaiting, UnknownOutcome, UnknownProcess, WrongModel
from tongban.processes.models import ProcessRun, ProcessVersion
from tongban.processes.tests import invented

pytestmark = pytest.mark.django_db


def published(text: str = "", code: str = "food-licence") -> ProcessVersion:
    """Publish a text, or a process that ships."""
    return actions.publish(code=code, name="试", bpmn=text or queries.sample(code), now=timezone.now())


def begun(process: ProcessVersion, **data: object) -> actions.Progress:
    """Start a run."""
    return actions.start(process=process, data=data, now=timezone.now())


def done(progress: actions.Progress, step: str, outcome: str = "agree") -> actions.Progress:
    """Complete a step that waits."""
    engine_id = next(ready.engine_id for ready in progress.waiting if ready.step == step)
    return actions.complete(run_id=progress.run.id, engine_id=engine_id, outcome=outcome, now=timezone.now())


def waiting(progress: actions.Progress) -> set[str]:
    """Return the steps that wait."""
    return {ready.step for ready in progress.waiting}


def test_the_same_text_is_the_same_version() -> None:
    first = published()
    assert published() == first
    changed = queries.sample("food-licence").replace("现场核查", "实地核查")
    second = published(changed)
    assert (first.version, second.version) == (1, 2)
    assert queries.latest("food-licence") == second
    assert published() == first


def test_a_wrong_model_leaves_nothing() -> None:
    with pytest.raises(WrongModel):
        published("<definitions/>")
    assert not ProcessVersion.objects.filter(code="food-licence").exists()


def test_objection_goes_to_the_head() -> None:
    progress = begun(published())
    assert waiting(progress) == {"document_review", "site_check"}
    site = next(ready for ready in progress.waiting if ready.step == "site_check")
    assert (site.role, site.organisation, site.name) == ("inspection", "market-inspection", "现场核查")
    assert [choice.code for choice in site.choices] == ["agree", "object"]
    progress = done(progress, "document_review")
    assert (waiting(progress), progress.completed) == ({"site_check"}, "document_review")
    progress = done(progress, "site_check", "object")
    assert waiting(progress) == {"head_review"}
    progress = done(progress, "head_review")
    assert progress.ended
    run = ProcessRun.objects.get(pk=progress.run.id)
    assert run.ended_at is not None
    assert run.state["outcomes"] == {"document_review": "agree", "site_check": "object", "head_review": "agree"}
    assert set(run.state) == {"form", "ended", "outcomes"}


def test_no_objection_goes_straight_to_the_decision() -> None:
    progress = done(done(begun(published()), "site_check"), "document_review")
    assert progress.ended


def test_a_step_is_completed_once_and_with_a_choice_it_offers() -> None:
    progress = begun(published())
    before = ProcessRun.objects.values().get(pk=progress.run.id)
    with pytest.raises(UnknownOutcome) as refused:
        done(progress, "site_check", "perhaps")
    assert refused.value.fields["outcome"]
    assert ProcessRun.objects.values().get(pk=progress.run.id) == before
    after = done(progress, "site_check")
    with pytest.raises(StepNotWaiting):
        done(progress, "site_check")
    done(after, "document_review")
    with pytest.raises(StepNotWaiting):
        done(after, "document_review")
    for engine_id in ("", "no id", str(uuid4())):
        with pytest.raises(StepNotWaiting):
            actions.complete(run_id=progress.run.id, engine_id=engine_id, outcome="agree", now=timezone.now())
    with pytest.raises(UnknownProcess):
        actions.complete(run_id=uuid4(), engine_id="", outcome="agree", now=timezone.now())


def test_only_what_conditions_ask_for_is_kept_sealed_and_gone_at_the_end() -> None:
    secret = "110101199003070011"
    form = {"birth_place": "elsewhere", "mother": secret}
    progress = begun(published(code="birth-registration"), form=form, applicant={"identity_number": secret})
    run = ProcessRun.objects.get(pk=progress.run.id)
    assert run.data == {"form": {"birth_place": "elsewhere"}}
    with connection.cursor() as cursor:
        cursor.execute("SELECT data, state::text FROM processes_processrun WHERE id = %s", [run.id])
        sealed, state = cursor.fetchone()
    assert b"elsewhere" not in bytes(sealed)
    assert secret not in state
    progress = done(done(progress, "check"), "second_look")
    assert progress.ended
    assert ProcessRun.objects.get(pk=run.id).data is None


def test_runs_that_begin_alike_go_their_own_ways() -> None:
    food, birth = published(), published(code="birth-registration")
    here, elsewhere = {"form": {"birth_place": "hospital"}}, {"form": {"birth_place": "elsewhere"}}
    starts = [(food, {}), (birth, here), (food, {}), (birth, elsewhere), (birth, here)]
    first, home, second, away, alike = actions.start_many(starts, now=timezone.now())
    kept = {run.id: run for run in ProcessRun.objects.all()}
    ids = [set(kept[one.run.id].state["tasks"]) for one in (first, home, second, away, alike)]
    assert len(set().union(*ids)) == sum(map(len, ids))
    for one, own in zip((first, home, second, away, alike), ids, strict=True):
        state = kept[one.run.id].state
        assert {state["root"], *(ready.engine_id for ready in one.waiting)} <= own
        assert {task["parent"] for task in state["tasks"].values()} <= own | {None}
    assert [kept[one.run.id].data for one in (home, away, alike)] == [here, elsewhere, here]
    assert done(done(first, "site_check"), "document_review").ended
    assert waiting(done(done(second, "site_check", "object"), "document_review")) == {"head_review"}
    assert done(home, "check").ended
    assert waiting(done(away, "check")) == {"second_look"}
    assert waiting(done(alike, "check", "doubt")) == {"second_look"}


def test_a_loop_comes_again_under_another_id() -> None:
    progress = begun(published(code="birth-registration"), form={"birth_place": "hospital"})
    first = progress.waiting[0].engine_id
    progress = done(done(progress, "check", "doubt"), "second_look", "again")
    assert waiting(progress) == {"check"}
    assert progress.waiting[0].engine_id != first
    assert done(progress, "check").ended


def test_defaults_ship_and_are_there_after_migrating() -> None:
    on_the_spot, promised = (queries.default_process(kind) for kind in ("on_the_spot", "promised"))
    assert begun(on_the_spot).ended
    assert [step.role for step in queries.steps_of(promised)] == ["review"]
    call_command("migrate", "processes", verbosity=0)
    assert ProcessVersion.objects.filter(code="promised-default").count() == 1


def test_cancelled_runs_take_no_more() -> None:
    progress = begun(published())
    actions.cancel(run_id=progress.run.id, now=timezone.now())
    actions.cancel(run_id=progress.run.id, now=timezone.now())
    with pytest.raises(StepNotWaiting):
        done(progress, "site_check")
    with pytest.raises(UnknownProcess):
        actions.cancel(run_id=uuid4(), now=timezone.now())


def together(*calls: Callable[[], object]) -> list[object]:
    """Run the calls at once, each on a connection of its own; returns results or refusals."""
    barrier, found = Barrier(len(calls)), list[object]()

    def call(function: Callable[[], object]) -> None:
        barrier.wait()
        try:
            found.append(function())
        except Refusal as refused:
            found.append(refused)
        finally:
            connection.close()

    threads = [Thread(target=call, args=(each,)) for each in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_two_officials_at_once_both_count_and_the_ways_join_once() -> None:
    process = published()
    for _ in range(5):
        progress = begun(process)
        found = together(
            partial(done, progress, "site_check", "object"),
            partial(done, progress, "document_review"),
        )
        both = [each for each in found if isinstance(each, actions.Progress)]
        assert len(both) == 2
        assert sorted(len(each.waiting) for each in both) == [1, 1]
        last = next(each for each in both if waiting(each) == {"head_review"})
        assert done(last, "head_review").ended


@pytest.mark.django_db(transaction=True)
def test_of_two_who_complete_the_same_step_one_is_told() -> None:
    progress = begun(published())
    found = together(*[partial(done, progress, "site_check")] * 3)
    assert sum(isinstance(each, StepNotWaiting) for each in found) == 2


@pytest.mark.django_db(transaction=True)
def test_versions_published_at_once_get_different_numbers() -> None:
    texts = [invented.line("a", *"bcdfg"[:length]) for length in range(5)]
    together(*[partial(published, text, "race") for text in texts * 2])
    assert sorted(ProcessVersion.objects.filter(code="race").values_list("version", flat=True)) == [1, 2, 3, 4, 5]


def test_a_step_costs_few_queries_and_little_time(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    progress = begun(published(invented.line(*"abcdfg"), "six"))
    with django_assert_max_num_queries(4):
        progress = done(progress, "a")
    began = perf_counter()
    for name in "bcdfg":
        progress = done(progress, name)
    assert progress.ended
    assert (perf_counter() - began) / 5 < 0.1


def test_pictures_say_the_steps_and_where_a_run_stands() -> None:
    process = published(queries.sample("food-licence").replace("材料审查", "材料&lt;b>审查"), "escaped")
    with translation.override("zh-hans"):
        svg = queries.picture(process.id)
        assert "材料&lt;b&gt;审查" in svg
        assert "style=" not in svg
        assert "<script" not in svg
        assert 'role="img"' in svg
        assert queries.picture(process.id, "down") != svg
    with translation.override("en"):
        assert "On-site check" in queries.picture(process.id)
    progress = done(begun(process), "document_review")
    marked = queries.picture_of_run(progress.run.id)
    assert marked.count("tb-process__step--done") == 1
    assert marked.count("tb-process__step--waiting") == 1
    for unknown in (queries.picture, queries.picture_of_run, queries.steps_of_version):
        with pytest.raises(UnknownProcess):
            unknown(uuid4())
    with pytest.raises(UnknownProcess):
        queries.sample("../../settings")


def test_the_page_has_the_picture_and_the_same_in_words() -> None:
    process = published()
    with translation.override("zh-hans"):
        tags = "{% load process_pictures %}{% process_picture_style %}{% process_picture id %}{% run_picture run %}"
        page = Template(tags).render(Context({"id": process.id, "run": begun(process).run.id}))
    assert page.count("<svg") == 4
    assert "processes/picture.css" in page
    assert "材料审查" in page.partition("<ol")[2]
    assert [(step.name, step.turn) for step in queries.steps_of(process)] == [
        ("材料审查", 1),
        ("现场核查", 1),
        ("负责人复核", 2),
    ]
