"""What is refused at import, and in which words."""

import pytest
from django.utils import translation

from tongban.processes import shipped
from tongban.processes.errors import WrongModel
from tongban.processes.rules import checked
from tongban.processes.tests.invented import HEAD, bpmn, chain, end, flow, line, start, step

XOR = '<exclusiveGateway id="g" default="g_b"/><exclusiveGateway id="m"/>'
AND = '<parallelGateway id="g"/><parallelGateway id="m"/>'


def decision(condition: str) -> str:
    """Return a process that decides by this condition after step a."""
    ways = flow("g", "b") + flow("g", "c", condition) + flow("b", "m") + flow("c", "m")
    return bpmn(start(), step("a"), XOR, step("b"), step("c"), end(), chain("s", "a", "g"), ways, flow("m", "e"))


def problems(text: str) -> str:
    """Return the sentences of the refusal."""
    with translation.override("en"), pytest.raises(WrongModel) as refused:
        checked(text)
    assert refused.value.fields == {"bpmn": refused.value.problems}
    return " ".join(refused.value.problems)


@pytest.mark.parametrize("code", shipped.codes())
def test_what_ships_can_run(code: str) -> None:
    model = checked(shipped.text(code))
    assert model.name
    assert all(step.name_en for step in model.steps)


@pytest.mark.parametrize(
    ("element", "words"),
    [
        ('<scriptTask id="x" name="算"><script>import os</script></scriptTask>', "runs a script"),
        ('<serviceTask id="x" name="查"/>', "“查” (serviceTask) cannot be used"),
        ('<callActivity id="x" calledElement="other"/>', "callActivity"),
        ('<subProcess id="x"/>', "subProcess"),
        ('<businessRuleTask id="x"/>', "businessRuleTask"),
        ('<task id="x" name="办"/>', "of no kind"),
        ('<inclusiveGateway id="x"/>', "inclusiveGateway"),
        ('<boundaryEvent id="x" attachedToRef="a"><timerEventDefinition/></boundaryEvent>', "boundaryEvent"),
        ('<intermediateCatchEvent id="x"><timerEventDefinition/></intermediateCatchEvent>', "intermediateCatchEvent"),
        ('<dataObject id="x"/>', "dataObject"),
        ('<other xmlns="urn:other" id="x"/>', "other"),
    ],
)
def test_other_elements_are_refused_by_name(element: str, words: str) -> None:
    assert words in problems(line("a").replace("</process>", f"{element}</process>"))


@pytest.mark.parametrize(
    "part",
    [
        "<timerEventDefinition/>",
        '<multiInstanceLoopCharacteristics isSequential="true"/>',
        "<ioSpecification/>",
        "<standardLoopCharacteristics><loopCondition>True</loopCondition></standardLoopCharacteristics>",
    ],
)
def test_parts_of_nodes_are_refused(part: str) -> None:
    text = bpmn(
        start(), f'<userTask id="a" name="审" tongban:role="review">{part}</userTask>', end(), chain("s", "a", "e")
    )
    assert "has a part that cannot be used" in problems(text)


def test_drawings_documentation_lanes_and_extensions_are_harmless() -> None:
    extras = (
        '<documentation>说明</documentation><extensionElements><x xmlns="urn:x" run="me"/></extensionElements>'
        '<laneSet id="ls"><lane id="l1" name="科室" tongban:role="approval"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
        '<textAnnotation id="ta"><text>注</text></textAnnotation>'
    )
    text = bpmn(extras, start(), '<userTask id="a" name="审"/>', end(), chain("s", "a", "e"))
    drawing = '<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI" id="di"/></definitions>'
    model = checked(text.replace("</definitions>", drawing))
    assert model.by_id["a"].role == "approval"
    assert model.by_id["a"].lane == "科室"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not well-formed"),
        ("<a>", "not well-formed"),
        ("\x00", "not well-formed"),
        ("\ud800", "not well-formed"),
        ("<a/>", "not a BPMN 2.0 model"),
        (HEAD + "</definitions>", "exactly one process; it holds 0"),
        (HEAD + '<message id="m"/><process id="p"/></definitions>', "(message)"),
        ('<!DOCTYPE a [<!ENTITY b "c">]>' + line("a"), "document type"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd">' + line("a"), "document type"),
        ("<!--" + "x" * 600_000 + "-->" + line("a"), "larger than 512 KiB"),
        ("<a>" * 100_000 + "</a>" * 100_000, "larger than"),
        ("<a>" * 50_000 + "</a>" * 50_000, "not a BPMN 2.0 model"),
        (line(*(f"t{number}" for number in range(101))), "more than 100"),
    ],
)
def test_hostile_files_get_a_sentence(text: str, words: str) -> None:
    assert words in problems(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (line("a").replace('tongban:role="review"', ""), "does not say which post"),
        (line("a").replace('tongban:role="review"', 'tongban:role="review" tongban:limit="soon"'), "must be a number"),
        (line("a").replace('tongban:role="review"', 'tongban:role="review" tongban:limit="0"'), "must be a number"),
        (
            line("a").replace('tongban:role="review"', 'tongban:role="review" tongban:limit="3" tongban:unit="年"'),
            "must be a number",
        ),
        (line("a").replace('tongban:role="review"', 'tongban:role="king"'), "not known: king"),
        (
            line("a").replace('tongban:role="review"', 'tongban:role="review" tongban:organisation="A b"'),
            "no usable department",
        ),
        (line("a").replace('name="步骤a"', ""), "needs a name"),
        (line("a").replace('tongban:role="review"', 'tongban:role="review" tongban:choices="agree"'), "must read like"),
        (line("a", "b").replace('id="b"', 'id="a"'), "more than once"),
        (line("a").replace('"a"', '"1 a"'), "not a usable id"),
        (line("a").replace('targetRef="e"', 'targetRef="nowhere"'), "from or to nothing"),
        (bpmn(step("a"), end(), chain("a", "e")), "exactly one start"),
        (bpmn(start(), step("a"), chain("s", "a")), "must be an end event"),
        (line("a").replace(end(), end() + step("x") + flow("x", "e")), "Nothing leads to “步骤x”"),
        (line("a").replace(end(), end() + step("x") + flow("a", "x") + flow("x", "e")), "put a gateway"),
        (line("a", "b").replace(flow("a", "b"), flow("a", "b", "form.x == 1")), "Conditions belong"),
        (
            bpmn(start(), step("a"), step("x"), step("y"), end(), chain("s", "a", "e"), chain("x", "y", "x")),
            "never be reached",
        ),
    ],
)
def test_incomplete_models_say_what_to_mend(text: str, words: str) -> None:
    assert words in problems(text)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("form.area >", "cannot be read"),
        ("len(keys(form)) > 0", "must name the single value"),
        ("outcomes.nobody == 'agree'", "not there"),
        ("outcomes['g'] == 'agree'", "not there"),
        ("outcomes.a == 'perhaps'", "does not offer"),
        ("", "has no condition"),
    ],
)
def test_conditions_are_read_at_import(condition: str, words: str) -> None:
    assert words in problems(decision(condition.replace(">", "&gt;")))


def test_conditions_in_another_language_are_refused() -> None:
    text = decision("outcomes.a == 'agree'").replace("<conditionExpression>", '<conditionExpression language="juel">')
    assert "please write it in zen" in problems(text)


@pytest.mark.parametrize("condition", ["outcomes.a == 'agree'", "form.area > 50", "form['place of work'] == '是'"])
def test_good_conditions_pass(condition: str) -> None:
    checked(decision(condition.replace(">", "&gt;")))


def test_a_decision_needs_a_default_way() -> None:
    assert "needs a default way" in problems(decision("form.x == 1").replace(' default="g_b"', ""))


def test_ways_that_hang_or_double_are_refused() -> None:
    ways = flow("g", "b") + flow("g", "c") + flow("b", "m") + flow("c", "m")
    doubled = bpmn(start(), AND.replace('<parallelGateway id="m"/>', '<exclusiveGateway id="m"/>'), step("b"), step("c"),
                   step("d"), end(), flow("s", "g"), ways, chain("m", "d", "e"))  # fmt: skip
    assert "done twice" in problems(doubled)
    hanging = decision("form.x == 1").replace('<exclusiveGateway id="m"/>', '<parallelGateway id="m"/>')
    assert "wait for ever" in problems(hanging)


def test_circles_without_a_step_are_refused() -> None:
    circle = (
        '<exclusiveGateway id="g" default="g_h"/><exclusiveGateway id="h" default="h_e"/>'
        + flow("s", "g") + flow("g", "h") + flow("g", "e", "form.x == 1") + flow("h", "g", "form.x == 2") + flow("h", "e")
    )  # fmt: skip
    assert "must pass through a step" in problems(bpmn(start(), circle, end()))


def test_loops_through_parallel_ways_are_refused() -> None:
    ways = flow("g", "b") + flow("g", "c") + flow("b", "m") + flow("c", "m") + flow("m", "x") + flow("x", "e")
    again = '<exclusiveGateway id="x" default="x_e"/><exclusiveGateway id="y"/>' + flow(
        "x", "y", "outcomes.b == 'object'"
    )
    text = bpmn(start(), AND, again, step("b"), step("c"), end(), flow("s", "y"), flow("y", "g"), ways)
    assert "must not lead through parallel ways" in problems(text)


def test_very_many_parallel_ways_are_refused_quickly() -> None:
    names = [f"t{number}" for number in range(18)]
    nodes = "".join(
        step(name) + f'<exclusiveGateway id="x{name}" default="x{name}_{name}"/><exclusiveGateway id="y{name}"/>'
        for name in names
    )
    ways = "".join(
        chain("g", f"x{name}", name, f"y{name}", "m") + flow(f"x{name}", f"y{name}", "form.x == 1") for name in names
    )
    assert "too many parallel ways" in problems(bpmn(start(), AND, nodes, end(), flow("s", "g"), ways, flow("m", "e")))
