// The words of a draft as lines with light marks, and as pieces. The server reads the same lines
// (modules/documents/src/rules/layout.rs, crates/contracts/src/print/marks.rs).

export type Kind =
  | "paragraph"
  | "ground"
  | "part"
  | "chapter"
  | "section"
  | "subsection"
  | "heading"
  | "article"
  | "clause"
  | "point"
  | "dash";

export interface Line {
  kind: Kind;
  /** As it is written: `1`, `IV`, `đ`; the sign of a dash. */
  number: string;
  /** The words after the number, with their marks. */
  text: string;
}

export interface Grid {
  kind: "table";
  rows: string[][];
}

export type Piece = Line | Grid;

export interface Run {
  text: string;
  bold: boolean;
  italic: boolean;
}

/** Word, number, and whether a title may be missing. */
const DIVISIONS: [Kind, RegExp][] = [
  ["part", /^Phần ([IVX]{1,5})(?:\.\s*(.*))?$/],
  ["chapter", /^Chương ([IVX]{1,5})(?:\.\s*(.*))?$/],
  ["section", /^Mục (\d{1,3})(?:\.\s*(.*))?$/],
  ["subsection", /^Tiểu mục (\d{1,3})(?:\.\s*(.*))?$/],
];

const NUMBERED: [Kind, RegExp][] = [
  ["article", /^Điều (\d{1,3})\.\s*(.+)$/],
  ...DIVISIONS,
  ["dash", /^([-–+]) (.+)$/],
  ["heading", /^([IVX]{1,5})\.\s*(.+)$/],
  ["clause", /^(\d{1,3})\.\s*(.+)$/],
  ["point", /^([a-zđ])\) (.+)$/],
];

const GROUND = "Căn cứ ";

/** What stands before the words of a line. */
export function label(kind: Kind, number: string): string {
  switch (kind) {
    case "paragraph":
      return "";
    case "ground":
      return "Căn cứ";
    case "part":
      return `Phần ${number}.`;
    case "chapter":
      return `Chương ${number}.`;
    case "section":
      return `Mục ${number}.`;
    case "subsection":
      return `Tiểu mục ${number}.`;
    case "article":
      return `Điều ${number}.`;
    case "point":
      return `${number})`;
    case "dash":
      return number || "-";
    default:
      return `${number}.`;
  }
}

function line(text: string): Line {
  for (const [kind, pattern] of NUMBERED) {
    const found = pattern.exec(text);
    if (found) return { kind, number: found[1] ?? "", text: found[2] ?? "" };
  }
  return { kind: "paragraph", number: "", text };
}

function isRow(text: string): boolean {
  return text.length > 2 && text.startsWith("|") && text.endsWith("|");
}

function cells(text: string): string[] {
  return text
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll("\\|", "|").trim());
}

export function read(text: string): Piece[] {
  const pieces: Piece[] = [];
  let grid: Grid | undefined;
  for (const one of text.split("\n").map((each) => each.trim())) {
    if (isRow(one)) {
      if (grid && /^[|\-: ]*-[|\-: ]*$/.test(one)) continue;
      if (!grid) pieces.push((grid = { kind: "table", rows: [] }));
      grid.rows.push(cells(one));
      continue;
    }
    grid = undefined;
    if (one === "") continue;
    const leads = pieces.every((piece) => piece.kind === "ground");
    const bare = one.replace(/^\*(Căn cứ .*)\*$/, "$1");
    if (leads && bare.startsWith(GROUND) && !bare.endsWith(":")) {
      pieces.push({ kind: "ground", number: "", text: bare.slice(GROUND.length) });
    } else {
      pieces.push(line(one));
    }
  }
  return pieces;
}

export function written(pieces: Piece[]): string {
  const lines: string[] = [];
  let afterTable = false;
  for (const piece of pieces) {
    const isTable = piece.kind === "table";
    // Two tables in a row stay two.
    if (isTable && afterTable) lines.push("");
    afterTable = isTable;
    if (piece.kind === "table") {
      for (const row of piece.rows) lines.push(`| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`);
      continue;
    }
    const words = piece.text.trim();
    const isDivision = DIVISIONS.some(([kind]) => kind === piece.kind);
    // A line that is still to be written is not kept.
    if (words === "" && !isDivision) continue;
    lines.push(`${label(piece.kind, piece.number)} ${words}`.trim());
  }
  return lines.join("\n");
}

interface Stars {
  many: number;
  opens: boolean;
  closes: boolean;
}

function pieces(text: string): (string | Stars)[] {
  const letters = [...text];
  const out: (string | Stars)[] = [];
  let held = "";
  let at = 0;
  while (at < letters.length) {
    const letter = letters[at] ?? "";
    if (letter === "\\" && letters[at + 1] === "*") {
      held += "*";
      at += 2;
    } else if (letter === "*") {
      let end = at;
      while (letters[end] === "*") end += 1;
      const next = letters[end];
      const before = letters[at - 1];
      out.push(held, {
        many: end - at,
        opens: next !== undefined && /[\p{L}\p{N}“"(]/u.test(next),
        closes: before !== undefined && !/[\s(]/.test(before),
      });
      held = "";
      at = end;
    } else {
      held += letter;
      at += 1;
    }
  }
  out.push(held);
  return out;
}

function paired(all: (string | Stars)[], size: number): Set<number> {
  const pairs = new Set<number>();
  let open: number | undefined;
  all.forEach((piece, at) => {
    if (typeof piece === "string" || (piece.many !== size && piece.many !== 3)) return;
    if (open !== undefined && piece.closes) {
      pairs.add(open).add(at);
      open = undefined;
    } else if (open === undefined && piece.opens) {
      open = at;
    }
  });
  return pairs;
}

export function runs(text: string): Run[] {
  const all = pieces(text);
  const [bolds, italics] = [paired(all, 2), paired(all, 1)];
  const out: Run[] = [];
  let [bold, italic] = [false, false];
  const add = (letters: string): void => {
    const last = out.at(-1);
    if (last && last.bold === bold && last.italic === italic) last.text += letters;
    else if (letters !== "") out.push({ text: letters, bold, italic });
  };
  all.forEach((piece, at) => {
    if (typeof piece === "string") return add(piece);
    const [turnsBold, turnsItalic] = [bolds.has(at), italics.has(at)];
    if (turnsBold) bold = !bold;
    if (turnsItalic) italic = !italic;
    add("*".repeat(Math.max(0, piece.many - (turnsBold ? 2 : 0) - (turnsItalic ? 1 : 0))));
  });
  return out;
}

/** Letters with the marks of their hands. Spaces at the edges of a hand stand outside its marks. */
export function marked(all: Run[]): string {
  const plain = all.map((run) => run.text).join("");
  const same = (text: string): boolean => JSON.stringify(runs(text)) === JSON.stringify(joined(all));
  // A star that would be a mark is written as a star.
  const isPlain = all.every((run) => !run.bold && !run.italic) && same(plain);
  let [out, closed] = ["", false];
  for (const run of all) {
    const letters = isPlain ? run.text : run.text.replaceAll("*", "\\*");
    const sign = run.bold && run.italic ? "***" : run.bold ? "**" : run.italic ? "*" : "";
    const inner = letters.trim();
    const at = letters.indexOf(inner);
    // Marks that touch would be read as one: the second hand gives way.
    const stands = sign !== "" && /[\p{L}\p{N}]/u.test(inner) && !(closed && at === 0);
    out += stands ? letters.slice(0, at) + sign + inner + sign + letters.slice(at + inner.length) : letters;
    closed = stands && letters.endsWith(inner);
  }
  return out;
}

function joined(all: Run[]): Run[] {
  return all.filter((run) => run.text !== "");
}
