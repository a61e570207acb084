// A section shows what it asks about a picture where it is a figure, or where something about a picture is stored.

function equip(row) {
  const kind = row.querySelector("select[name$='-kind']");
  const part = row.querySelector("fieldset.picture");
  if (!kind || !part) return;
  const isBlank = () => !part.querySelector("img, .errorlist")
    && [...part.querySelectorAll("input, textarea")].every((field) => !field.value);
  const show = () => part.classList.toggle("hidden", kind.value !== "figure" && isBlank());
  kind.addEventListener("change", show);
  show();
}

export function askAboutPictures() {
  document.querySelectorAll(".inline-related:not(.empty-form)").forEach(equip);
  document.addEventListener("formset:added", (event) => equip(event.target));
}
