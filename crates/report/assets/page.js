// A figure opens the values it is made of: those whose keys hold all of its own.
const trace = JSON.parse(document.getElementById("trace").textContent);
const words = trace.words;
const dialog = document.querySelector("dialog");
const body = dialog.querySelector("tbody");
document.addEventListener("click", (event) => {
  const button = event.target.closest("button.f");
  if (!button) return;
  const parts = button.dataset.f.split("/");
  dialog.querySelector("h3").textContent = (trace.titles[parts[0]] ?? parts[0]) + ": " + button.textContent;
  dialog.querySelector("p").textContent = button.dataset.f;
  const rows = [];
  for (const [id, values] of Object.entries(trace.figures)) {
    const own = id.split("/");
    if (own[0] !== parts[0] || own[1] !== parts[1] || !parts.every((part) => own.includes(part))) continue;
    for (const [value, file, sheet, cell] of values) rows.push([value, ...trace.files[file], sheet, cell]);
  }
  body.replaceChildren(...rows.slice(0, 5000).map((cells) => {
    const row = document.createElement("tr");
    for (const cell of cells) row.appendChild(document.createElement("td")).textContent = cell;
    return row;
  }));
  dialog.querySelector("output").textContent = words.count.replace("{count}", rows.length);
  dialog.showModal();
});
