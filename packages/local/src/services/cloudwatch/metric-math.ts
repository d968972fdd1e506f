/** Metric math as data, and how it is read. What we do not run is refused here, by name. */
import { err, ok, type Result } from "@antipode/core";

export type MathOperator = "+" | "-" | "*" | "/" | "^" | "==" | "!=" | "<" | ">" | "<=" | ">=" | "AND" | "OR";

export type MathNode =
  | { readonly type: "number"; readonly value: number }
  /** A metric's or an expression's id. */
  | { readonly type: "id"; readonly id: string }
  | { readonly type: "negative"; readonly of: MathNode }
  | {
      readonly type: "operator";
      readonly operator: MathOperator;
      readonly left: MathNode;
      readonly right: MathNode;
    }
  | { readonly type: "list"; readonly items: readonly MathNode[] }
  | { readonly type: "call"; readonly name: MathFunction; readonly args: readonly MathNode[] }
  /** Text or a word that only some functions take: `REPEAT`, the text of `METRICS("errors")`. */
  | { readonly type: "word"; readonly word: string };

export const mathFunctions = [
  "ABS",
  "AVG",
  "CEIL",
  "FILL",
  "FLOOR",
  "IF",
  "MAX",
  "METRICS",
  "MIN",
  "SUM",
] as const;

export type MathFunction = (typeof mathFunctions)[number];

/** Loosest first. */
const levels: readonly (readonly MathOperator[])[] = [
  ["OR"],
  ["AND"],
  ["==", "!=", "<=", ">=", "<", ">"],
  ["+", "-"],
  ["*", "/"],
  ["^"],
];

const synonyms: Readonly<Record<string, MathOperator>> = { "&&": "AND", "||": "OR" };

const token =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_][A-Za-z0-9_]*)|"([^"]*)"|(&&|\|\||[<>=!]=|[-+*/^<>()[\],]))/y;

interface Token {
  readonly kind: "number" | "name" | "text" | "sign" | "end";
  readonly text: string;
}

class MathError extends Error {}

/** Reads an expression; an error says in one line what is wrong with it. */
export function parseMath(text: string): Result<MathNode, string> {
  try {
    const reader = createReader(tokensOf(text));
    const node = readLevel(reader, 0);
    reader.take("end");
    return ok(node);
  } catch (error) {
    if (error instanceof MathError) return err(error.message);
    throw error;
  }
}

/** The ids that an expression refers to. */
export function idsOf(node: MathNode): readonly string[] {
  switch (node.type) {
    case "id":
      return [node.id];
    case "negative":
      return idsOf(node.of);
    case "operator":
      return [...idsOf(node.left), ...idsOf(node.right)];
    case "list":
      return node.items.flatMap(idsOf);
    case "call":
      return node.args.flatMap(idsOf);
    default:
      return [];
  }
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(token);
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) throw new MathError(`"${text.slice(at).trim()}" is not understood`);
    const [, number, name, quoted, sign] = match;
    if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (quoted !== undefined) tokens.push({ kind: "text", text: quoted });
    else if (name === "AND" || name === "OR") tokens.push({ kind: "sign", text: name });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else tokens.push({ kind: "sign", text: synonyms[sign ?? ""] ?? sign ?? "" });
  }
  return tokens;
}

interface Reader {
  peek(): Token;
  next(): Token;
  /** Takes that sign (or the end), or complains. */
  take(sign: string): void;
  /** Takes that sign if it is the next one. */
  accept(sign: string): boolean;
}

function createReader(tokens: readonly Token[]): Reader {
  let at = 0;
  const end: Token = { kind: "end", text: "end" };
  const peek = () => tokens[at] ?? end;
  const accept = (sign: string) => {
    const { kind, text } = peek();
    const isIt = (kind === "sign" || kind === "end") && text === sign;
    if (isIt) at += 1;
    return isIt;
  };
  return {
    peek,
    accept,
    next() {
      const found = peek();
      at += 1;
      return found;
    },
    take(sign) {
      if (!accept(sign)) throw new MathError(`${sign} is expected where ${peek().text} is`);
    },
  };
}

function readLevel(reader: Reader, level: number): MathNode {
  const operators = levels[level];
  if (operators === undefined) return readUnary(reader);
  let left = readLevel(reader, level + 1);
  for (;;) {
    const operator = operators.find((one) => reader.accept(one));
    if (operator === undefined) return left;
    left = { type: "operator", operator, left, right: readLevel(reader, level + 1) };
  }
}

function readUnary(reader: Reader): MathNode {
  return reader.accept("-") ? { type: "negative", of: readUnary(reader) } : readPrimary(reader);
}

function readPrimary(reader: Reader): MathNode {
  const { kind, text } = reader.next();
  if (kind === "number") return { type: "number", value: Number(text) };
  if (kind === "text") return { type: "word", word: text };
  if (kind === "name") return readName(reader, text);
  if (kind === "sign" && text === "(") {
    const inner = readLevel(reader, 0);
    reader.take(")");
    return inner;
  }
  if (kind === "sign" && text === "[") return { type: "list", items: readItems(reader, "]") };
  throw new MathError(`a value is expected where ${text} is`);
}

function readName(reader: Reader, name: string): MathNode {
  if (reader.accept("(")) {
    const known = mathFunctions.find((one) => one === name);
    if (known === undefined)
      throw new MathError(`function ${name} is not run: ${mathFunctions.join(", ")} are`);
    return { type: "call", name: known, args: readItems(reader, ")") };
  }
  return /^[a-z]/.test(name) ? { type: "id", id: name } : { type: "word", word: name };
}

function readItems(reader: Reader, closing: ")" | "]"): readonly MathNode[] {
  if (reader.accept(closing)) return [];
  const items = [readLevel(reader, 0)];
  while (reader.accept(",")) items.push(readLevel(reader, 0));
  reader.take(closing);
  return items;
}
