// Everything here makes pages nicer; each page works without it. Words come from data- attributes.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  PasswordInput,
  Radios,
  SkipLink,
  Tabs,
  createAll,
} from "govuk-frontend";
import { watchConditions } from "./conditions.js";
import { watchDrafts, watchSubmits } from "./sending.js";
import { watchSearch } from "./suggestions.js";
import { nameValues } from "./tables.js";
import { watchUploads } from "./uploads.js";
import { watchViewers } from "./viewers.js";

document.documentElement.classList.add("js-enabled");
document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const part of [Button, CharacterCount, Checkboxes, ErrorSummary, PasswordInput, Radios, SkipLink, Tabs]) {
  createAll(part);
}
watchConditions();
watchDrafts();
watchSubmits();
watchSearch();
watchUploads();
watchViewers();
nameValues();

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
if (!CSS.supports("selector(::details-content)")) {
  // Older browsers cannot show what is folded away by style alone: filters are unfolded where there is room.
  for (const filters of document.querySelectorAll(".tb-narrow")) {
    filters.open = matchMedia("(min-width: 40.0625em)").matches;
  }
}
document.querySelector("[data-focus]")?.focus();
for (const box of document.querySelectorAll("[data-check-all]")) {
  box.addEventListener("change", () => {
    for (const one of box.form.querySelectorAll(`input[type=checkbox][name="${box.dataset.checkAll}"]`)) {
      one.checked = box.checked;
    }
  });
}
