// The merge page: whoever writes a combined text means to use it.
import { guardWhatIsTyped } from "./saving.js";

function choose(event) {
  if (!event.target.closest(".combined .field")) return;
  event.target.closest(".combined").querySelector("input[type=radio]").checked = true;
}

document.addEventListener("input", choose);
document.addEventListener("keydown", (event) => {
  if (event.key.length === 1 || ["Backspace", "Delete", "Enter"].includes(event.key)) choose(event);
});

guardWhatIsTyped(document.getElementById("merge_form"));
