// The script of pages on which a document is written. No other page loads it.
import { editor } from "./editor/editor";
import { preview } from "./preview";
import { words } from "./words";

const place = document.querySelector<HTMLElement>("[data-editor]");
const add = place ? editor(place) : undefined;
if (add) words(add);
preview();
