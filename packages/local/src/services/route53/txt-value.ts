/** The strings of a TXT value, which Route 53 writes in quotes and apart: `"one" "two"`. Nothing when it is not so. */
export function txtStrings(value: string): readonly string[] | undefined {
  if (!/^("([^"\\]|\\.)*"\s*)+$/.test(value)) return undefined;
  return [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) => text.replace(/\\(.)/g, "$1"));
}
