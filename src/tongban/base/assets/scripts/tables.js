// On a telephone a row of a wide table is a card, in which each value says what it is. Without this, tables scroll.
const FEW_COLUMNS = 3;

export function nameValues() {
  for (const table of document.querySelectorAll(".tb-scroll > table")) {
    const heads = [...table.querySelectorAll("thead th")];
    if (heads.length > FEW_COLUMNS && !table.querySelector("[colspan], [rowspan], [role]")) {
      nameValuesOf(table, heads.map((head) => head.textContent.trim()));
    }
  }
}

// Styles make cards of it, and browsers take a table for one by its style: roles say that it still is.
function nameValuesOf(table, names) {
  table.classList.add("tb-cards-of-rows");
  table.setAttribute("role", "table");
  for (const group of table.querySelectorAll("thead, tbody, tfoot")) {
    group.setAttribute("role", "rowgroup");
  }
  const titles = titlesOf(table);
  for (const row of table.rows) {
    row.setAttribute("role", "row");
    const isHead = row.parentElement.tagName === "THEAD";
    for (const [place, cell] of [...row.cells].entries()) {
      const header = isHead ? "columnheader" : "rowheader";
      cell.setAttribute("role", cell.tagName === "TH" ? header : "cell");
      if (!isHead) {
        nameValue(cell, names[place], place === titles);
      }
    }
  }
}

// The column a card begins with: what heads the rows, else what leads on, which stands first or second.
function titlesOf(table) {
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
  const places = [0, 1];
  const find = (fits) => places.find((place) => rows.some((row) => row.cells[place] && fits(row.cells[place])));
  return find(headsItsRow) ?? find(leadsOn) ?? 0;
}

const headsItsRow = (cell) => cell.tagName === "TH";
const leadsOn = (cell) => cell.querySelector("a") !== null;

function nameValue(cell, name, isTitle) {
  if (isTitle) {
    cell.classList.add("tb-cards-of-rows__title");
  }
  if (isTitle && (headsItsRow(cell) || leadsOn(cell))) {
    return;
  }
  if (!cell.textContent.trim() && !cell.querySelector("input, img, svg")) {
    cell.classList.add("tb-cards-of-rows__nothing");
  } else if (name) {
    cell.dataset.name = name;
  }
}
