// Questions that are asked only after certain answers. What is hidden is not sent; the server decides again.

function answers(form, name) {
  const found = [];
  for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
    const choosable = control.type === "radio" || control.type === "checkbox";
    if (!control.disabled && (!choosable || control.checked)) {
      found.push(control.value);
    }
  }
  return found;
}

function show(group, shown) {
  group.hidden = !shown;
  for (const control of group.querySelectorAll("input, select, textarea, button")) {
    control.disabled = !shown;
  }
}

function refresh(form) {
  for (const group of form.querySelectorAll("[data-shown-when]")) {
    const wanted = group.dataset.shownValues.split("|");
    show(group, answers(form, group.dataset.shownWhen).some((value) => wanted.includes(value)));
  }
}

export function watchConditions() {
  const forms = new Set([...document.querySelectorAll("[data-shown-when]")].map((group) => group.closest("form")));
  for (const form of forms) {
    if (form) {
      form.addEventListener("change", () => refresh(form));
      refresh(form);
    }
  }
}
