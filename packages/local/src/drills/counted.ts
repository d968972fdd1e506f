/** `1 cart`, `2 carts`; `many` for what does not just take an s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
