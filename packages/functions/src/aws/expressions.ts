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

function conditionText(condition: Condition, to: Placeholders): string {
  const name = to.name(condition.attribute);
  switch (condition.type) {
    case "absent":
      return `attribute_not_exists(${name})`;
    case "equals":
      return `${name} = ${to.value(toAttribute(condition.value))}`;
    case "lacks":
      // contains() of a missing attribute is false, so a missing set lacks the member
      return `NOT contains(${name}, ${to.value(toAttribute(condition.member))})`;
    case "below":
      return `(attribute_not_exists(${name}) OR ${name} < ${to.value(toAttribute(condition.limit))})`;
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

export function putExpression(onlyIf: readonly Condition[]): Expression {
  const to = createPlaceholders();
  return finish(to, conditionsText(onlyIf, to));
}

export function updateExpression(update: Update): Expression {
  const to = createPlaceholders();
  const sets = Object.entries(update.set ?? {}).map(
    ([attribute, value]) => `${to.name(attribute)} = ${to.value(toAttribute(value))}`,
  );
  const adds = Object.entries(update.add ?? {}).map(
    ([attribute, value]) => `${to.name(attribute)} ${to.value(toAttribute(value))}`,
  );
  const clauses = [
    ...(sets.length > 0 ? [`SET ${sets.join(", ")}`] : []),
    ...(adds.length > 0 ? [`ADD ${adds.join(", ")}`] : []),
  ];
  return finish(to, { UpdateExpression: clauses.join(" "), ...conditionsText(update.onlyIf, to) });
}
