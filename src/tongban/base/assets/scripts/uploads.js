// Uploads: drag, camera or file; each goes at once, with preview, progress and a way to stop it.

const PICTURES = ["image/jpeg", "image/png"];

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text) {
    made.textContent = text;
  }
  return made;
}

function sizeWords(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function token(form) {
  return form.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

function sentence(request, otherwise) {
  try {
    const told = JSON.parse(request.responseText);
    const fields = Object.values(told.fields ?? {}).flat();
    return fields[0] ?? told.title ?? otherwise;
  } catch {
    return otherwise;
  }
}

class Upload {
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    this.form = root.closest("form");
    this.input = root.querySelector("[data-upload-input]");
    this.files = root.querySelector("[data-upload-files]");
    this.status = root.querySelector("[data-upload-status]");
    this.error = root.querySelector("[data-upload-error]");
    this.zone = root.querySelector("[data-upload-zone]");
    this.input.tabIndex = -1;
    this.input.addEventListener("change", () => this.take(this.input.files));
    root.querySelector("[data-upload-choose]").addEventListener("click", () => this.input.click());
    root.querySelector("[data-upload-camera]").addEventListener("click", () => this.photograph());
    this.files.addEventListener("click", (event) => this.remove(event));
    for (const kind of ["dragover", "dragleave", "drop"]) {
      this.zone.addEventListener(kind, (event) => this.drag(event));
    }
  }

  drag(event) {
    event.preventDefault();
    this.zone.classList.toggle("tb-upload__zone--over", event.type === "dragover");
    if (event.type === "drop") {
      this.take(event.dataTransfer.files);
    }
  }

  photograph() {
    const camera = document.createElement("input");
    camera.type = "file";
    camera.accept = "image/*";
    camera.capture = "environment";
    camera.addEventListener("change", () => this.take(camera.files));
    camera.click();
  }

  take(chosen) {
    this.error.hidden = true;
    const files = this.input.multiple ? [...chosen] : [...chosen].slice(0, 1);
    for (const file of files) {
      this.send(file);
    }
    this.input.value = "";
  }

  row(file) {
    const row = element("li", "tb-file");
    if (PICTURES.includes(file.type)) {
      const picture = element("img", "tb-file__preview");
      picture.alt = "";
      picture.width = 56;
      picture.height = 56;
      picture.src = URL.createObjectURL(file);
      picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
      row.append(picture);
    }
    const words = element("span", "tb-file__words");
    words.append(element("span", "tb-file__name", file.name), element("span", "tb-file__size", sizeWords(file.size)));
    row.append(words);
    this.files.append(row);
    return row;
  }

  send(file) {
    const row = this.row(file);
    if (file.size > Number(this.words.uploadMax) * 1024 * 1024) {
      this.refuse(row, file, this.words.wordsTooLarge);
      return;
    }
    const progress = element("progress", "");
    progress.max = 100;
    progress.setAttribute("aria-label", `${this.words.wordsSending} ${file.name}`);
    const stop = element("button", "tb-file__remove", this.words.wordsCancel);
    stop.type = "button";
    stop.append(element("span", "govuk-visually-hidden", ` ${file.name}`));
    row.append(stop, progress);
    const request = new XMLHttpRequest();
    request.open("POST", this.words.uploadUrl);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token(this.form));
    request.upload.addEventListener("progress", (event) => {
      progress.value = event.lengthComputable ? (event.loaded / event.total) * 100 : 0;
    });
    stop.addEventListener("click", () => {
      request.abort();
      row.remove();
      this.input.focus();
    });
    request.addEventListener("error", () => this.refuse(row, file, this.words.wordsFailed));
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) {
        this.arrived(row, file, JSON.parse(request.responseText));
      } else {
        this.refuse(row, file, sentence(request, this.words.wordsFailed));
      }
    });
    const body = new FormData();
    body.append(this.input.name, file);
    body.append("upload", this.words.uploadKey || this.input.name);
    const revision = this.form.elements.revision?.value;
    if (revision) {
      body.append("revision", revision);
    }
    this.say(`${this.words.wordsSending} ${file.name}`);
    request.send(body);
  }

  arrived(row, file, told) {
    row.querySelector("progress").remove();
    row.querySelector("button").remove();
    const name = row.querySelector(".tb-file__name");
    if (told.view_url) {
      const link = element("a", "govuk-link", told.name ?? file.name);
      link.href = told.view_url;
      link.target = "_blank";
      link.rel = "noopener";
      name.replaceWith(link);
    }
    if (told.remove_url) {
      const button = element("button", "tb-file__remove", this.words.wordsRemove);
      button.type = "submit";
      button.formAction = told.remove_url;
      button.formMethod = "post";
      button.formNoValidate = true;
      button.dataset.uploadRemove = "";
      button.append(element("span", "govuk-visually-hidden", ` ${file.name}`));
      row.append(button);
    }
    if (told.revision !== undefined && this.form.elements.revision) {
      this.form.elements.revision.value = told.revision;
    }
    this.say(`${this.words.wordsSent} ${file.name}`);
    this.root.dispatchEvent(new CustomEvent("tongban:uploaded", { bubbles: true, detail: told }));
  }

  refuse(row, file, words) {
    row.classList.add("tb-file--wrong");
    row.querySelector("progress")?.remove();
    row.querySelector("button")?.remove();
    const close = element("button", "tb-file__remove", this.words.wordsRemove);
    close.type = "button";
    close.append(element("span", "govuk-visually-hidden", ` ${file.name}`));
    close.addEventListener("click", () => row.remove());
    row.append(close, element("p", "tb-file__error", words));
    this.say(`${file.name}: ${words}`);
  }

  async remove(event) {
    const button = event.target.closest("[data-upload-remove]");
    if (!button) {
      return;
    }
    event.preventDefault();
    const row = button.closest("li");
    const body = new FormData();
    const revision = this.form.elements.revision?.value;
    if (revision) {
      body.append("revision", revision);
    }
    try {
      const answer = await fetch(button.formAction, {
        method: "POST",
        body,
        headers: { Accept: "application/json", "X-CSRFToken": token(this.form) },
      });
      if (!answer.ok) {
        throw new Error((await answer.json()).title);
      }
      const told = answer.status === 204 || answer.redirected ? {} : await answer.json().catch(() => ({}));
      if (told.revision !== undefined && this.form.elements.revision) {
        this.form.elements.revision.value = told.revision;
      }
      row.remove();
      this.say(this.words.wordsRemoved);
      this.root.querySelector("[data-upload-choose]").focus();
    } catch (wrong) {
      this.error.textContent = wrong.message || this.words.wordsFailed;
      this.error.hidden = false;
    }
  }

  say(words) {
    this.status.textContent = words;
  }
}

export function watchUploads() {
  for (const root of document.querySelectorAll("[data-upload]")) {
    if (root.closest("form")) {
      new Upload(root);
    }
  }
}
