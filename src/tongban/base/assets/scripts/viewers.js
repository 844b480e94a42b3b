// The file viewer of officials: marks which file is shown beside the page.

export function watchViewers() {
  for (const viewer of document.querySelectorAll("[data-viewer]")) {
    const links = [...viewer.querySelectorAll("[data-viewer-link]")];
    for (const link of links) {
      link.addEventListener("click", () => {
        for (const one of links) {
          one.removeAttribute("aria-current");
        }
        link.setAttribute("aria-current", "true");
      });
    }
  }
}
