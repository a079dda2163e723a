// Modules and lessons are dragged by a grip; letting go sends the form that the buttons use.
const form = document.querySelector("[data-arrange]");

function closest(x, y, kind) {
  const others = kind === "lektion" ? ', [data-row="modul"]' : ""; // its heading, or all of it while it is empty
  return document.elementsFromPoint(x, y).find((element) => element.matches?.(`[data-row="${kind}"], [data-list="${kind}"]${others}`));
}

function place(row, x, y) {
  const kind = row.dataset.row;
  const found = closest(x, y, kind);
  if (!found || found === row || row.contains(found)) return;
  if (found.dataset.list) {
    if (!found.contains(row) && !found.querySelector("[data-row]")) found.append(row);
    return;
  }
  if (found.dataset.row !== kind) {
    const list = found.querySelector("[data-list]");
    if (list.firstElementChild !== row) list.prepend(row);
    return;
  }
  const box = found.getBoundingClientRect();
  if (y < box.top + box.height / 2) found.before(row);
  else found.after(row);
}

function previous(row) {
  let before = row.previousElementSibling;
  while (before && !before.dataset.row) before = before.previousElementSibling;
  if (before) return before.dataset.key;
  return row.dataset.row === "lektion" ? row.closest('[data-row="modul"]').dataset.key : "";
}

function begin(event, row) {
  if (event.button) return;
  event.preventDefault();
  const home = { parent: row.parentNode, next: row.nextSibling, after: previous(row) };
  const watch = new AbortController();
  const { signal } = watch;
  row.dataset.dragged = "";

  function end(keep) {
    watch.abort();
    delete row.dataset.dragged;
    if (!keep || previous(row) === home.after) {
      home.parent.insertBefore(row, home.next);
      return;
    }
    form.elements.key.value = row.dataset.key;
    form.elements.nach.value = previous(row);
    form.submit();
  }

  addEventListener("pointermove", (move) => {
    const edge = 48;
    if (move.clientY < edge) scrollBy(0, -12);
    else if (move.clientY > innerHeight - edge) scrollBy(0, 12);
    place(row, move.clientX, move.clientY);
  }, { signal });
  addEventListener("pointerup", () => end(true), { signal });
  addEventListener("pointercancel", () => end(false), { signal });
  addEventListener("keydown", (key) => key.key === "Escape" && end(false), { signal });
}

for (const row of form?.querySelectorAll("[data-row]") ?? []) {
  const grip = document.createElement("span");
  grip.className = "sc-grip";
  grip.setAttribute("aria-hidden", "true"); // the buttons do the same for the keyboard
  grip.append("⠿");
  grip.addEventListener("pointerdown", (event) => begin(event, row));
  (row.dataset.row === "modul" ? row.firstElementChild : row).prepend(grip);
}
