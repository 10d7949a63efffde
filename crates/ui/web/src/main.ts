// The script of the pages. Everything works without it; it adds keys, drafts that save themselves, search
// while one writes, and live counts.
import "htmx.org";
import { autosave } from "./autosave";
import { beside } from "./beside";
import { forms } from "./forms";
import { keys } from "./keys";
import { live } from "./live";
import { doubts, pages } from "./pages";
import { paper } from "./paper";
import { pickers } from "./picker";
import { app, push } from "./push";
import { suggest } from "./suggest";

document.documentElement.dataset["script"] = "1";
keys();
forms();
autosave();
pickers(document);
pages(document);
doubts();
suggest();
beside();
paper();
live();
app();
push();
// What htmx brings in later is made alive in the same way.
document.addEventListener("htmx:load", (event) => {
  pickers(event.target as ParentNode);
  pages(event.target as ParentNode);
});
