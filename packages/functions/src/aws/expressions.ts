import { type AttributeValue, type Condition, toAttribute, type Update } from "@antipode/core";

/** Parts of a request: expressions in which every name and value is a placeholder, so no input reaches their text. */
export interface Expression {
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

interface Placeholders {
  name(attribute: string): string;
  value(value: AttributeValue): string;
  readonly names: Record<string, string>;
  readonly values: Record<string, AttributeValue>;
}

function createPlaceholders(): Placeholders {
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {};
  const placeholderByAttribute = new Map<string, string>();
  return {
    names,
    values,
    name(attribute) {
      const known = placeholderByAttribute.get(attribute);
      if (known !== undefined) {
        return known;
      }
      const placeholder = `#n${placeholderByAttribute.size}`;
      placeholderByAttribute.set(attribute, placeholder);
      names[placeholder] = attribute;
      return placeholder;
    },
    value(value) {
      const placeholder = `:v${Object.keys(values).length}`;
      values[placeholder] = value;
      return placeholder;
    },
  };
}

/**
 * A value of another type than a condition is about never meets it: a string that contains the member is no set that
 * has it, and a text is no number. `contains` and `size` take both, so the type is asked for.
 */
function setText(condition: Condition & { type: "lacks" | "fewer" }, name: string, to: Placeholders): string {
  const isSet = `attribute_type(${name}, ${to.value({ S: "SS" })})`;
  const holds =
    condition.type === "lacks"
      ? `NOT contains(${name}, ${to.value(toAttribute(condition.member))})`
      : `size(${name}) < ${to.value(toAttribute(condition.limit))}`;
  return `(attribute_not_exists(${name}) OR (${isSet} AND ${holds}))`;
}

function conditionText(condition: Condition, to: Placeholders): string {
  const name = to.name(condition.attribute);
  switch (condition.type) {
    case "absent":
      return `attribute_not_exists(${name})`;
    case "present":
      return `attribute_exists(${name})`;
    case "equals":
      return `${name} = ${to.value(toAttribute(condition.value))}`;
    case "below":
      return `(attribute_not_exists(${name}) OR ${name} < ${to.value(toAttribute(condition.limit))})`;
    case "at-least":
      return `${name} >= ${to.value(toAttribute(condition.floor))}`;
    case "lacks":
    case "fewer":
      return setText(condition, name, to);
  }
}

function finish(to: Placeholders, texts: Pick<Expression, "ConditionExpression" | "UpdateExpression">) {
  return {
    ...texts,
    ...(Object.keys(to.names).length > 0 ? { ExpressionAttributeNames: to.names } : {}),
    ...(Object.keys(to.values).length > 0 ? { ExpressionAttributeValues: to.values } : {}),
  };
}

function conditionsText(conditions: readonly Condition[], to: Placeholders) {
  return conditions.length === 0
    ? {}
    : { ConditionExpression: conditions.map((condition) => conditionText(condition, to)).join(" AND ") };
}

export function conditionExpression(onlyIf: readonly Condition[]): Expression {
  const to = createPlaceholders();
  return finish(to, conditionsText(onlyIf, to));
}

/** In the order of names: the same update makes the same text, which a repeated transaction's token is held to. */
function byName<T>(members: Readonly<Record<string, T>> = {}): readonly (readonly [string, T])[] {
  return Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1));
}

export function updateExpression({ set, remove = [], add, onlyIf }: Update): Expression {
  const to = createPlaceholders();
  const sets = byName(set).map(([name, value]) => `${to.name(name)} = ${to.value(toAttribute(value))}`);
  const removes = [...remove].sort().map((name) => to.name(name));
  const adds = byName(add).map(([name, value]) => `${to.name(name)} ${to.value(toAttribute(value))}`);
  const clauses = [
    ...(sets.length > 0 ? [`SET ${sets.join(", ")}`] : []),
    ...(removes.length > 0 ? [`REMOVE ${removes.join(", ")}`] : []),
    ...(adds.length > 0 ? [`ADD ${adds.join(", ")}`] : []),
  ];
  return finish(to, { UpdateExpression: clauses.join(" "), ...conditionsText(onlyIf, to) });
}
