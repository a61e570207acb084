// The article form: its rows in order, what a figure asks for, what still has to be done, and nothing lost on leaving.
import { askAboutPictures } from "./article-form/pictures.js";
import { showReadiness } from "./article-form/readiness.js";
import { equipRows } from "./article-form/rows.js";
import { guardWhatIsTyped } from "./saving.js";

equipRows();
askAboutPictures();
showReadiness();
guardWhatIsTyped(document.getElementById("article_form"));
