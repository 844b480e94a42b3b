// Search suggestions: an accessible combobox over a plain search form.

let counter = 0;

class Suggestions {
  constructor(input) {
    this.input = input;
    this.chosen = -1;
    this.items = [];
    this.asked = 0;
    this.list = document.createElement("ul");
    this.list.className = "tb-suggestions";
    this.list.id = `suggestions-${(counter += 1)}`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.dataset.suggestLabel);
    this.status = document.createElement("p");
    this.status.className = "govuk-visually-hidden";
    this.status.setAttribute("role", "status");
    input.after(this.list, this.status);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    })) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", () => this.plan());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  plan() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), 160);
  }

  async ask() {
    const words = this.input.value.trim();
    const turn = (this.asked += 1);
    if (!words) {
      this.close();
      return;
    }
    try {
      const address = `${this.input.dataset.suggest}?${new URLSearchParams({ q: words })}`;
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (answer.ok && turn === this.asked) {
        this.show((await answer.json()).suggestions ?? []);
      }
    } catch {
      this.close();
    }
  }

  show(items) {
    this.items = items.slice(0, 8);
    this.list.replaceChildren(...this.items.map((item, place) => this.row(item, place)));
    this.list.hidden = this.items.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.status.textContent = this.items.length ? `${this.items.length} ${this.input.dataset.suggestFound}` : "";
    this.choose(-1);
  }

  row(item, place) {
    const row = document.createElement("li");
    row.className = "tb-suggestions__item";
    row.id = `${this.list.id}-${place}`;
    row.setAttribute("role", "option");
    row.textContent = item.text;
    if (item.hint) {
      const hint = document.createElement("span");
      hint.className = "tb-suggestions__hint";
      hint.textContent = item.hint;
      row.append(hint);
    }
    row.addEventListener("mousedown", (event) => event.preventDefault());
    row.addEventListener("click", () => this.go(place));
    return row;
  }

  choose(place) {
    this.chosen = place;
    [...this.list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === place)));
    if (place < 0) {
      this.input.removeAttribute("aria-activedescendant");
    } else {
      this.input.setAttribute("aria-activedescendant", `${this.list.id}-${place}`);
    }
  }

  go(place) {
    const item = this.items[place];
    if (item.url) {
      window.location.assign(item.url);
    } else {
      this.input.value = item.text;
      this.input.form.requestSubmit();
    }
  }

  key(event) {
    if (this.list.hidden) {
      return;
    }
    const last = this.items.length - 1;
    const moves = {
      ArrowDown: () => this.choose(this.chosen >= last ? 0 : this.chosen + 1),
      ArrowUp: () => this.choose(this.chosen <= 0 ? last : this.chosen - 1),
      Escape: () => this.close(),
      Enter: () => this.go(this.chosen),
    };
    if (event.key in moves && (event.key !== "Enter" || this.chosen >= 0)) {
      event.preventDefault();
      moves[event.key]();
    }
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.choose(-1);
  }
}

export function watchSearch() {
  for (const input of document.querySelectorAll("input[data-suggest]")) {
    new Suggestions(input);
  }
}
