// What the editor holds: lines of a kind, and tables of plain cells.
import { Fragment, Schema, type Mark, type Node } from "prosemirror-model";
import { tableNodes } from "prosemirror-tables";
import { label, marked, read, runs, written, type Kind, type Piece, type Run } from "./lines";

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    line: {
      content: "text*",
      group: "block",
      defining: true,
      attrs: { kind: { default: "paragraph" }, number: { default: "" } },
      parseDOM: [
        {
          tag: "p",
          getAttrs: (dom) => ({ kind: dom.dataset["line"] ?? "paragraph", number: dom.dataset["number"] ?? "" }),
        },
      ],
      toDOM: (node) => {
        const { kind, number } = node.attrs as { kind: Kind; number: string };
        return ["p", { "data-line": kind, "data-number": number, "data-label": label(kind, number) }, 0];
      },
    },
    text: {},
    ...tableNodes({ tableGroup: "block", cellContent: "text*", cellAttributes: {} }),
  },
  marks: {
    bold: { parseDOM: [{ tag: "b" }, { tag: "strong" }], toDOM: () => ["b", 0] },
    italic: { parseDOM: [{ tag: "i" }, { tag: "em" }], toDOM: () => ["i", 0] },
  },
});

export function inline(text: string): Node[] {
  return runs(text).map((run) => {
    const marks: Mark[] = [];
    if (run.bold) marks.push(schema.mark("bold"));
    if (run.italic) marks.push(schema.mark("italic"));
    return schema.text(run.text, marks);
  });
}

function block(piece: Piece): Node {
  if (piece.kind !== "table") {
    return schema.node("line", { kind: piece.kind, number: piece.number }, inline(piece.text));
  }
  const width = Math.max(...piece.rows.map((row) => row.length));
  const rows = piece.rows.map((row) => {
    const all = Array.from({ length: width }, (_, at) => schema.node("table_cell", null, inline(row[at] ?? "")));
    return schema.node("table_row", null, all);
  });
  return schema.node("table", null, rows);
}

/** A text as the nodes of a document. */
export function nodes(text: string): Fragment {
  return Fragment.from(read(text).map(block));
}

export function document_(text: string): Node {
  const content = nodes(text);
  return schema.node("doc", null, content.childCount > 0 ? content : schema.node("line"));
}

function words(node: Node): string {
  const all: Run[] = [];
  node.forEach((child) => {
    const has = (name: string): boolean => child.marks.some((mark) => mark.type.name === name);
    all.push({ text: child.text ?? "", bold: has("bold"), italic: has("italic") });
  });
  return marked(all);
}

/** A document as text. */
export function text(doc: Node): string {
  const pieces: Piece[] = [];
  doc.forEach((node) => {
    if (node.type.name === "table") {
      const rows: string[][] = [];
      node.forEach((row) => {
        const cells: string[] = [];
        row.forEach((cell) => cells.push(words(cell).trim()));
        rows.push(cells);
      });
      pieces.push({ kind: "table", rows });
    } else {
      pieces.push({ kind: node.attrs["kind"] as Kind, number: node.attrs["number"] as string, text: words(node) });
    }
  });
  return written(pieces);
}
