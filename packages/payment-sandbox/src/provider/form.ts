/** A form's value: text, a list, or named values. */
export type FormValue = string | FormValue[] | { [name: string]: FormValue };

const partsPattern = /^([^[\]]+)((?:\[[^[\]]*\])*)$/;

function pathOf(name: string): string[] | undefined {
  const [, first, rest = ""] = partsPattern.exec(name) ?? [];
  return first === undefined
    ? undefined
    : [first, ...[...rest.matchAll(/\[([^[\]]*)\]/g)].map(([, part = ""]) => part)];
}

/** Objects whose names are all numbers were lists. */
function listed(value: FormValue): FormValue {
  if (typeof value === "string" || Array.isArray(value)) {
    return value;
  }
  const entries = Object.entries(value).map(([name, member]): [string, FormValue] => [name, listed(member)]);
  return entries.length > 0 && entries.every(([name]) => /^[0-9]+$/.test(name))
    ? entries.map(([, member]) => member)
    : Object.fromEntries(entries);
}

function place(into: { [name: string]: FormValue }, path: readonly string[], value: string): void {
  const [head = "", ...rest] = path;
  // `expand[]=a&expand[]=b`: each is the next of a list
  const name = head === "" ? String(Object.keys(into).length) : head;
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const known = into[name];
  const inner = typeof known === "object" && !Array.isArray(known) ? known : Object.create(null);
  into[name] = inner;
  place(inner, rest, value);
}

/** `metadata[order]=x&expand[0]=y` as `{metadata: {order: "x"}, expand: ["y"]}`; undefined when it is no form. */
export function readForm(text: string): { [name: string]: FormValue } | undefined {
  const read: { [name: string]: FormValue } = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    const path = pathOf(name);
    if (path === undefined) {
      return undefined;
    }
    place(read, path, value);
  }
  return Object.fromEntries(Object.entries(read).map(([name, value]) => [name, listed(value)]));
}

/** The same text for the same parameters, in whatever order they were sent. */
export function formFingerprint(text: string): string {
  return JSON.stringify([...new URLSearchParams(text)].map((pair) => JSON.stringify(pair)).sort());
}
