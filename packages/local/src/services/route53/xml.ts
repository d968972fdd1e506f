export interface XmlElement {
  readonly name: string;
  /** Of an element without children. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** An element to write: its text, or its children; `undefined` leaves it out. */
export type XmlContent =
  | string
  | number
  | boolean
  | readonly (readonly [name: string, content: XmlContent | undefined])[];

const depthMax = 32; // the deepest request has eight
const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const token = /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([A-Za-z_][\w:.-]*)([^<>]*?)(\/?)>|([^<]+)/y;

interface OpenElement {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
}

/** The document's root, or nothing when the text is no XML. Attributes and namespaces say nothing here. */
export function parseXml(document: string): XmlElement | undefined {
  const root: OpenElement = { name: "", text: "", children: [] };
  const open = [root];
  for (let at = 0; at < document.length; at = token.lastIndex) {
    token.lastIndex = at;
    const match = token.exec(document);
    if (match === null) return undefined;
    const [, closes, name, , isEmpty, text] = match;
    const top = open.at(-1);
    if (top === undefined) return undefined;
    if (text !== undefined) {
      const plain = unescapeXml(text);
      if (plain === undefined) return undefined;
      top.text += plain;
    } else if (closes === "/") {
      if (top === root || top.name !== name) return undefined;
      open.pop();
      open.at(-1)?.children.push(top);
    } else if (name !== undefined) {
      const element: OpenElement = { name, text: "", children: [] };
      if (isEmpty === "/") top.children.push(element);
      else if (open.push(element) > depthMax) return undefined;
    }
  }
  const isWhole = open.length === 1 && root.children.length === 1 && root.text.trim() === "";
  return isWhole ? root.children[0] : undefined;
}

function unescapeXml(text: string): string | undefined {
  let isPlain = true;
  const plain = text.replace(/&([^;&]*;?)/g, (_, reference: string) => {
    const character = unescaped(reference);
    isPlain &&= character !== undefined;
    return character ?? "";
  });
  return isPlain ? plain : undefined;
}

function unescaped(reference: string): string | undefined {
  const number = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}));$/i.exec(reference);
  if (number === null) return reference.endsWith(";") ? named[reference.slice(0, -1)] : undefined;
  const code = number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16);
  return code <= 0x10_ffff ? String.fromCodePoint(code) : undefined;
}

export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

export function textOf(element: XmlElement | undefined, name: string): string | undefined {
  return childOf(element, name)?.text;
}

export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

export function writeXml(name: string, content: XmlContent, attributes = ""): string {
  const inner =
    typeof content === "object"
      ? content.map(([child, value]) => (value === undefined ? "" : writeXml(child, value))).join("")
      : escapeXml(String(content));
  return `<${name}${attributes}>${inner}</${name}>`;
}

function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
