import { childOf, childrenOf, type XmlElement } from "../route53/xml.ts";
import { AwsError } from "../service.ts";

export function invalidArgument(message: string): AwsError {
  return new AwsError("InvalidArgument", message, 400);
}

/** For what the real service does and this one does not: taking it in silence would be a lie. */
export function notBuilt(what: string): AwsError {
  return new AwsError("NotImplemented", `The local world's CloudFront does not implement ${what}`, 501);
}

/** The fields of one element of a configuration that is sent as a whole. */
export interface Fields {
  text(name: string): string;
  optionalText(name: string): string | undefined;
  flag(name: string): boolean;
  whole(name: string): number;
  child(name: string): Fields;
  optionalChild(name: string): Fields | undefined;
  /** The members of a list, whose `Quantity` has to be right. */
  list(name: string, member: string): readonly XmlElement[];
  /** For parts that may be there as long as they say nothing. */
  empty(...names: readonly string[]): void;
  /** Refuses what nobody read, unless it says nothing: it would be lost in silence. */
  end(): void;
}

/** Throws `IllegalUpdate` for what is missing, as CloudFront, which takes whole configurations only. */
export function fieldsOf(element: XmlElement): Fields {
  const read = new Set<string>();
  const find = (name: string) => {
    read.add(name);
    return childOf(element, name);
  };
  const required = (name: string): XmlElement => {
    const found = find(name);
    if (found === undefined) throw new AwsError("IllegalUpdate", `${name} is required for updates.`, 400);
    return found;
  };
  return {
    text: (name) => required(name).text,
    optionalText: (name) => find(name)?.text,
    flag(name) {
      const { text } = required(name);
      if (text !== "true" && text !== "false") throw invalidArgument(`The parameter ${name} is invalid.`);
      return text === "true";
    },
    whole(name) {
      const { text } = required(name);
      if (!/^\d{1,9}$/.test(text)) throw invalidArgument(`The parameter ${name} is invalid.`);
      return Number(text);
    },
    child: (name) => fieldsOf(required(name)),
    optionalChild(name) {
      const found = find(name);
      return found === undefined ? undefined : fieldsOf(found);
    },
    list: (name, member) => membersOf(required(name), member),
    empty(...names) {
      for (const name of names) if (!isEmpty(required(name))) throw notBuilt(name);
    },
    end() {
      const left = element.children.find((child) => !read.has(child.name) && !isEmpty(child));
      if (left !== undefined) throw notBuilt(`${left.name} in ${element.name}`);
    },
  };
}

/** The members of an element `<X><Quantity>n</Quantity><Items>…`. */
export function membersOf(element: XmlElement, member: string): readonly XmlElement[] {
  const members = childrenOf(childOf(element, "Items"), member);
  const quantity = childOf(element, "Quantity")?.text;
  if (quantity === String(members.length)) return members;
  throw new AwsError(
    "InconsistentQuantities",
    `The value of Quantity and the number of Items do not match in ${element.name}.`,
    400,
  );
}

const nothings = new Set(["", "false", "0", "none"]);

/** Whether all that it says is that there is nothing. */
function isEmpty({ text, children }: XmlElement): boolean {
  return children.length === 0 ? nothings.has(text.trim()) : children.every(isEmpty);
}
