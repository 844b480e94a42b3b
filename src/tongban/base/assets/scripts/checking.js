// The page on which a proof is checked: reads the file here, checks it here, sends nothing. Words are on the page.
import { Key, NotProven, check } from "./proofs.js";

const form = document.querySelector("[data-check-proof]");

function words(code, values) {
  const said = form.querySelector(`[data-say="${code}"]`)?.textContent ?? code;
  return said.replace(/\{(\w+)\}/g, (_whole, name) => String(values[name] ?? ""));
}

function paragraph(text, name = "") {
  const made = document.createElement("p");
  made.className = `govuk-body ${name}`.trim();
  made.textContent = text;
  return made;
}

// Shows an event as a list of names and values: it is JSON, and people read it.
function content(text) {
  const list = document.createElement("dl");
  list.className = "tb-proof__content";
  for (const [name, value] of Object.entries(JSON.parse(text))) {
    const term = document.createElement("dt");
    const told = document.createElement("dd");
    term.textContent = name;
    told.textContent = typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "—");
    list.append(term, told);
  }
  return list;
}

function show(heading, isRight, parts) {
  const box = form.querySelector("[data-outcome]");
  const title = paragraph(heading, "govuk-!-font-weight-bold");
  box.className = isRight ? "tb-proof tb-proof--right" : "tb-proof tb-proof--wrong";
  box.replaceChildren(title, ...parts);
}

function keys() {
  return form.querySelector("[name=keys]").value.split("\n").map((line) => line.trim()).filter(Boolean).map(Key.parse);
}

async function judge() {
  const file = form.querySelector("[type=file]").files[0];
  if (!file) {
    show(words("choose", {}), false, []);
    return;
  }
  try {
    const found = check(JSON.parse(await file.text()), keys());
    const parts = found.map(([code, values]) =>
      code === "content" ? content(values.event) : paragraph(words(code, values)),
    );
    show(words("right", {}), true, parts);
  } catch (fault) {
    const said = fault instanceof NotProven ? words(fault.code, fault.values) : words("no_proof", {});
    show(words("wrong", {}), false, [paragraph(said)]);
  }
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  void judge();
});
form?.querySelector("[data-submit]")?.removeAttribute("hidden");
