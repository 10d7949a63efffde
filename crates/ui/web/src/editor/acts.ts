// What a person does with keys and buttons.
import { toggleMark } from "prosemirror-commands";
import { closeHistory, redo, undo } from "prosemirror-history";
import type { Node } from "prosemirror-model";
import { Selection, TextSelection, type Command, type EditorState, type Transaction } from "prosemirror-state";
import { addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, goToNextCell, isInTable, selectedRect } from "prosemirror-tables";
import type { Kind } from "./lines";
import { schema } from "./schema";

/** From the widest to the narrowest; Tab goes down, Shift+Tab up. */
const LEVELS: Kind[] = ["part", "chapter", "section", "article", "clause", "point", "dash"];
/** The kinds that Ctrl+Alt+1 to 9 choose, as the list of kinds has them. */
const BY_KEY: Kind[] = ["paragraph", "ground", "article", "clause", "point", "dash", "heading", "chapter", "section"];
/** After these comes something else. */
const ONCE: Kind[] = ["part", "chapter", "section", "subsection", "heading"];

export function kindAt(state: EditorState): Kind | undefined {
  const node = state.selection.$from.parent;
  return node.type.name === "line" ? (node.attrs["kind"] as Kind) : undefined;
}

/** Makes every chosen line one of a kind. */
export function become(kind: Kind): Command {
  return (state, dispatch) => {
    const { from, to } = state.selection;
    const tr = state.tr;
    let found = false;
    state.doc.nodesBetween(from, to, (node, at) => {
      if (node.type.name !== "line") return node.type.name !== "table";
      found = true;
      if (node.attrs["kind"] !== kind) tr.setNodeMarkup(at, undefined, { kind, number: firstNumber(kind) });
      return false;
    });
    // Each change of kind is undone by itself.
    if (found) dispatch?.(closeHistory(tr));
    return found;
  };
}

/** A number until the lines are counted. */
function firstNumber(kind: Kind): string {
  if (kind === "dash") return "-";
  if (kind === "point") return "a";
  if (kind === "part" || kind === "chapter" || kind === "heading") return "I";
  return kind === "paragraph" || kind === "ground" ? "" : "1";
}

function level(step: number): Command {
  return (state, dispatch) => {
    const kind = kindAt(state);
    if (!kind) return false;
    if (kind === "ground") return step < 0 ? become("paragraph")(state, dispatch) : false;
    if (kind === "paragraph") return become(step > 0 ? "clause" : "article")(state, dispatch);
    const at = LEVELS.indexOf(kind === "heading" || kind === "subsection" ? "article" : kind) + step;
    const next = LEVELS[at];
    if (next) return become(next)(state, dispatch);
    // Beyond the narrowest there is nothing, and the key goes on to the next field.
    return step < 0 ? become("paragraph")(state, dispatch) : false;
  };
}

/** Enter: the next line of the same kind; on an empty line out of the kind. */
const enter: Command = (state, dispatch) => {
  const { $from, $to } = state.selection;
  const line = $from.parent;
  if (line.type.name !== "line") return isInTable(state) ? nextRow(state, dispatch) : false;
  const kind = line.attrs["kind"] as Kind;
  if (line.content.size === 0 && kind !== "paragraph") return level(-1)(state, dispatch);
  const tr = state.tr;
  if (!state.selection.empty) tr.deleteSelection();
  const at = tr.mapping.map($from.pos);
  const isStart = $from.parentOffset === 0 && $to.parentOffset === 0;
  const after: Kind = isStart ? kind : !ONCE.includes(kind) ? kind : kind === "heading" ? "paragraph" : "article";
  tr.split(at, 1, [{ type: schema.nodes["line"]!, attrs: { kind: after, number: firstNumber(after) } }]);
  dispatch?.(tr.scrollIntoView());
  return true;
};

/** Backspace at the beginning takes the number away first. */
const backspace: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  const kind = kindAt(state);
  if (!empty || $from.parentOffset > 0 || !kind || kind === "paragraph") return false;
  return become("paragraph")(state, dispatch);
};

/** The cell below, in a new row under the last. */
const nextRow: Command = (state, dispatch) => {
  const { map, bottom, left, tableStart } = selectedRect(state);
  const down = (tr: Transaction, doc: Node): void => {
    const { $from } = tr.selection;
    const table = $from.node(-2);
    if (table.type.name !== "table") return;
    let at = tableStart;
    for (let row = 0; row < bottom; row += 1) at += table.child(row).nodeSize;
    at += 1;
    for (let cell = 0; cell < left; cell += 1) at += table.child(bottom).child(cell).nodeSize;
    tr.setSelection(TextSelection.create(doc, at + 1));
  };
  if (bottom < map.height) {
    const tr = state.tr;
    down(tr, state.doc);
    dispatch?.(tr.scrollIntoView());
    return true;
  }
  return addRowAfter(state, (tr) => {
    down(tr, tr.doc);
    dispatch?.(tr.scrollIntoView());
  });
};

/** True after Escape: the next Tab leaves the editor, as it leaves any other field. */
let leaving = false;

/** Looks at a key before it does anything. */
export function leave(event: KeyboardEvent): boolean {
  if (event.key === "Escape") {
    leaving = true;
    return true;
  }
  if (!["Tab", "Shift"].includes(event.key)) leaving = false;
  return false;
}

/** Forgets it when the editor is entered again. */
export function entered(): void {
  leaving = false;
}

const tab: Command = (state, dispatch) => {
  if (leaving) return false;
  if (!isInTable(state)) return level(1)(state, dispatch);
  if (goToNextCell(1)(state, dispatch)) return true;
  return nextRow(state, dispatch);
};

const shiftTab: Command = (state, dispatch) => {
  if (leaving) return false;
  return isInTable(state) ? goToNextCell(-1)(state, dispatch) : level(-1)(state, dispatch);
};

/** A table of titles and one row after this line. */
const table: Command = (state, dispatch) => {
  if (isInTable(state)) return false;
  const row = (): Node => schema.node("table_row", null, [0, 1, 2].map(() => schema.node("table_cell")));
  const { $from } = state.selection;
  const isEmpty = $from.parent.content.size === 0;
  const [from, to] = isEmpty ? [$from.before(), $from.after()] : [$from.after(), $from.after()];
  const tr = state.tr.replaceWith(from, to, schema.node("table", null, [row(), row()]));
  dispatch?.(tr.setSelection(Selection.near(tr.doc.resolve(from + 1))).scrollIntoView());
  return true;
};

/** Out of a table into the line after it; the last row or column takes the table with it. */
const gone =
  (one: Command, isLast: (state: EditorState) => boolean): Command =>
  (state, dispatch) =>
    isInTable(state) && (isLast(state) ? deleteTable : one)(state, dispatch);

export const BUTTONS: Record<string, Command> = {
  bold: toggleMark(schema.marks["bold"]!),
  italic: toggleMark(schema.marks["italic"]!),
  undo,
  redo,
  table,
  row: (state, dispatch) => isInTable(state) && addRowAfter(state, dispatch),
  column: (state, dispatch) => isInTable(state) && addColumnAfter(state, dispatch),
  row_gone: gone(deleteRow, (state) => selectedRect(state).map.height === 1),
  column_gone: gone(deleteColumn, (state) => selectedRect(state).map.width === 1),
};

export const KEYS: Record<string, Command> = {
  Enter: enter,
  Backspace: backspace,
  Tab: tab,
  "Shift-Tab": shiftTab,
  "Mod-b": BUTTONS["bold"]!,
  "Mod-i": BUTTONS["italic"]!,
  "Mod-z": undo,
  "Mod-y": redo,
  "Shift-Mod-z": redo,
  "Mod-Alt-t": table,
  ...Object.fromEntries(BY_KEY.map((kind, at) => [`Mod-Alt-${at + 1}`, become(kind)])),
};

/** What a person types before a space makes the line one of a kind. */
const TYPED: [Kind, RegExp][] = [
  ["article", /^Điều (\d{1,3})\.$/],
  ["part", /^Phần ([IVX]{1,5})\.$/],
  ["chapter", /^Chương ([IVX]{1,5})\.$/],
  ["section", /^Mục (\d{1,3})\.$/],
  ["subsection", /^Tiểu mục (\d{1,3})\.$/],
  ["heading", /^([IVX]{1,5})\.$/],
  ["clause", /^(\d{1,3})\.$/],
  ["point", /^([a-zđ])\)$/],
  ["dash", /^([-–+])$/],
  ["ground", /^(Căn cứ)$/],
];

/** A space after a number, letter or dash at the beginning of a paragraph. */
export function typed(state: EditorState, at: number): Transaction | undefined {
  const place = state.doc.resolve(at);
  if (kindAt(state) !== "paragraph" || place.parent !== state.selection.$from.parent) return undefined;
  const before = place.parent.textBetween(0, place.parentOffset);
  for (const [kind, pattern] of TYPED) {
    const found = pattern.exec(before);
    if (!found) continue;
    if (kind === "ground" && !groundsOnly(state, place.index(0))) return undefined;
    const number = kind === "ground" ? "" : (found[1] ?? "");
    return closeHistory(state.tr).delete(place.start(), at).setNodeMarkup(place.before(), undefined, { kind, number });
  }
  return undefined;
}

function groundsOnly(state: EditorState, index: number): boolean {
  for (let at = 0; at < index; at += 1) {
    if (state.doc.child(at).attrs["kind"] !== "ground") return false;
  }
  return true;
}
