// A figure tells what it is, and where in the workbook the rows are that it is made of.
const titles = JSON.parse(document.getElementById("titles").textContent);
const dialog = document.querySelector("dialog");
document.addEventListener("click", (event) => {
  const button = event.target.closest("button.f");
  if (!button) return;
  const indicator = button.dataset.f.split("/")[0];
  dialog.querySelector("h3").textContent = (titles[indicator] ?? indicator) + ": " + button.textContent;
  dialog.querySelector("p").textContent = button.dataset.f;
  dialog.querySelector("output").textContent = button.dataset.t ?? "";
  dialog.showModal();
});
