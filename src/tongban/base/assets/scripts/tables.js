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
  for (const row of table.rows) {
    row.setAttribute("role", "row");
    nameValuesOfRow(row, names);
  }
}

function nameValuesOfRow(row, names) {
  const isHead = row.parentElement.tagName === "THEAD";
  const cells = [...row.cells];
  const title = cells.find((cell) => cell.querySelector("a")) ?? cells[0];
  for (const [place, cell] of cells.entries()) {
    const header = isHead ? "columnheader" : "rowheader";
    cell.setAttribute("role", cell.tagName === "TH" ? header : "cell");
    if (cell === title) {
      cell.classList.add("tb-cards-of-rows__title");
    } else if (!cell.textContent.trim() && !cell.querySelector("input, img, svg")) {
      cell.classList.add("tb-cards-of-rows__nothing");
    } else if (!isHead && names[place]) {
      cell.dataset.name = names[place];
    }
  }
}
