// An editor in place of the field for the words. The field stays and holds the text: what saves, compares and sends
// the form knows of no editor.
import { baseKeymap } from "prosemirror-commands";
import { closeHistory, history } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import type { Node } from "prosemirror-model";
import { EditorState, Plugin, Selection, type Command } from "prosemirror-state";
import { isInTable, tableEditing } from "prosemirror-tables";
import { EditorView } from "prosemirror-view";
import { BUTTONS, KEYS, become, entered, kindAt, leave, typed } from "./acts";
import { read, type Kind } from "./lines";
import { isOurs, numbers } from "./numbers";
import { paste } from "./paste";
import { document_, nodes, schema, text } from "./schema";

/** True while the editor numbers by itself. */
let counting = true;

/** Numbers that are to be other ones; a line after a table that ends the text. */
const counted = new Plugin({
  appendTransaction: (changes, _, state) => {
    if (!changes.some((one) => one.docChanged || one.getMeta("count"))) return null;
    const tr = state.tr;
    if (counting) {
      const lines: { kind: Kind | "table"; number: string; endsWithColon: boolean }[] = [];
      state.doc.forEach((node) => lines.push(line(node)));
      const right = numbers(lines);
      state.doc.forEach((node, at, index) => {
        const number = right[index];
        if (node.type.name === "line" && node.attrs["number"] !== number) {
          tr.setNodeMarkup(at, undefined, { ...node.attrs, number });
        }
      });
    }
    if (state.doc.lastChild?.type.name === "table") tr.insert(state.doc.content.size, schema.node("line"));
    return tr.docChanged ? tr : null;
  },
});

function line(node: Node): { kind: Kind | "table"; number: string; endsWithColon: boolean } {
  if (node.type.name === "table") return { kind: "table", number: "", endsWithColon: false };
  const { kind, number } = node.attrs as { kind: Kind; number: string };
  return { kind, number, endsWithColon: node.textContent.trimEnd().endsWith(":") };
}

/** Shows in the bar what stands under the cursor. */
function show(bar: HTMLElement, state: EditorState): void {
  const kind = kindAt(state);
  const list = bar.querySelector<HTMLSelectElement>("[data-kind]");
  if (list) {
    list.value = kind ?? "paragraph";
    list.disabled = kind === undefined;
  }
  const { from, $from, to, empty } = state.selection;
  for (const button of bar.querySelectorAll<HTMLElement>("[data-do]")) {
    const act = button.dataset["do"] ?? "";
    const mark = schema.marks[act];
    if (mark) {
      const marks = state.storedMarks ?? $from.marks();
      const on = empty ? mark.isInSet(marks) !== undefined : state.doc.rangeHasMark(from, to, mark);
      button.setAttribute("aria-pressed", String(on));
    }
    if (act === "renumber") button.setAttribute("aria-pressed", String(counting));
    if (["row", "column", "row_gone", "column_gone"].includes(act)) button.hidden = !isInTable(state);
  }
}

function listen(bar: HTMLElement, view: EditorView): void {
  const run = (command: Command | undefined): void => {
    command?.(view.state, view.dispatch, view);
    view.focus();
  };
  bar.querySelector("[data-kind]")?.addEventListener("change", (event) => {
    event.stopPropagation();
    run(become((event.target as HTMLSelectElement).value as Kind));
  });
  // Choosing a kind is no change of the form.
  bar.addEventListener("input", (event) => event.stopPropagation());
  bar.addEventListener("mousedown", (event) => {
    // The place in the text stays where it is.
    if ((event.target as HTMLElement).closest("[data-do]")) event.preventDefault();
  });
  bar.addEventListener("click", (event) => {
    const act = (event.target as HTMLElement).closest<HTMLElement>("[data-do]")?.dataset["do"];
    if (!act) return;
    if (act === "renumber") {
      counting = !counting;
      view.dispatch(view.state.tr.setMeta("count", true));
      show(bar, view.state);
      view.focus();
    } else {
      run(BUTTONS[act]);
    }
  });
}

/** Puts the editor in its place; answers how to add lines at the end of what is written. */
export function editor(place: HTMLElement): ((more: string) => void) | undefined {
  const area = place.querySelector<HTMLTextAreaElement>("textarea");
  const bar = place.querySelector<HTMLElement>("[role=toolbar]");
  if (!area || !bar) return undefined;
  counting = isOurs(read(area.value));
  const home = document.createElement("div");
  area.before(home);
  const state = EditorState.create({
    doc: document_(area.value),
    plugins: [history(), keymap(KEYS), keymap(baseKeymap), tableEditing(), counted],
  });
  const attributes: Record<string, string> = {
    role: "textbox",
    "aria-multiline": "true",
    "aria-label": place.dataset["label"] ?? "",
    "aria-describedby": "editor-keys",
    class: "editor__text",
  };
  if (area.getAttribute("aria-invalid") === "true") attributes["aria-invalid"] = "true";
  const view: EditorView = new EditorView(home, {
    state,
    attributes,
    handleKeyDown: (_, event) => leave(event),
    handleDOMEvents: {
      focus: () => entered(),
      // Before the library reads it: what it parses keeps inline styles, which the policy of the page forbids.
      paste: (_, event) => {
        const taken = paste(view, event);
        if (taken) event.preventDefault();
        return taken;
      },
    },
    handleTextInput: (_, from, __, letters) => {
      const tr = letters === " " ? typed(view.state, from) : undefined;
      if (tr) view.dispatch(tr);
      return tr !== undefined;
    },
    dispatchTransaction: (tr) => {
      view.updateState(view.state.apply(tr));
      show(bar, view.state);
      if (!tr.docChanged && !tr.getMeta("count")) return;
      const written = text(view.state.doc);
      if (written === area.value) return;
      area.value = written;
      area.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  listen(bar, view);
  show(bar, view.state);
  bar.hidden = false;
  place.querySelector<HTMLElement>("#editor-keys")?.removeAttribute("hidden");
  area.hidden = true;
  place.querySelector<HTMLLabelElement>(`label[for="${CSS.escape(area.id)}"]`)?.addEventListener("click", () => view.focus());
  // The summary of errors leads to the field, and so to the editor.
  window.addEventListener("hashchange", () => {
    if (location.hash === `#${area.id}`) view.focus();
  });
  return (more) => {
    const { doc } = view.state;
    const isBare = doc.childCount === 1 && doc.content.size === 2;
    const tr = isBare
      ? view.state.tr.replaceWith(0, doc.content.size, nodes(more))
      : view.state.tr.insert(doc.content.size, nodes(more));
    view.dispatch(closeHistory(tr).setSelection(Selection.atEnd(tr.doc)).scrollIntoView());
    view.focus();
  };
}
