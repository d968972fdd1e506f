/**
 * The parts of dynalite 4 that the embedded engine uses: request validation with DynamoDB's own messages, and the
 * expression parsers. dynalite ships no types.
 */
declare module "dynalite/validations/index.js" {
  interface DynaliteStore {
    readonly options: { readonly maxItemSize: number };
  }
  type DynaliteTypes = Readonly<Record<string, unknown>>;
  type DynaliteCustom = (data: Record<string, unknown>, store: DynaliteStore) => string | undefined;
  const validations: {
    /** Drops unknown members and throws on a wrong JSON type. */
    checkTypes(data: Record<string, unknown>, types: DynaliteTypes): Record<string, unknown>;
    /** Throws on a broken constraint; parses the expressions into `_condition`, `_updates`, `_projection`, `_filter`. */
    checkValidations(
      data: Record<string, unknown>,
      types: DynaliteTypes,
      custom: DynaliteCustom | undefined,
      store: DynaliteStore,
    ): void;
    /** The message of what is wrong with a value; normalises its numbers in place. */
    validateAttributeValue(value: Record<string, unknown>): string | undefined;
  };
  export default validations;
}

declare module "dynalite/db/index.js" {
  interface DynaliteTable {
    readonly KeySchema: readonly { readonly AttributeName: string }[];
    readonly AttributeDefinitions: readonly {
      readonly AttributeName: string;
      readonly AttributeType: string;
    }[];
    readonly GlobalSecondaryIndexes?: readonly {
      readonly IndexName: string;
      readonly KeySchema: readonly { readonly AttributeName: string }[];
    }[];
  }
  type DynaliteError = Error & {
    readonly statusCode: number;
    readonly body: Readonly<Record<string, unknown>>;
  };
  const db: {
    validateKey(key: unknown, table: DynaliteTable): DynaliteError | null | undefined;
    validateItem(item: unknown, table: DynaliteTable): DynaliteError | null | undefined;
    validateUpdates(
      attributeUpdates: undefined,
      expressionUpdates: unknown,
      table: DynaliteTable,
    ): DynaliteError | null | undefined;
    validateKeyPaths(nestedPaths: unknown, table: DynaliteTable): DynaliteError | null | undefined;
  };
  export default db;
}

declare module "dynalite/validations/batchGetItem.js" {
  const validation: {
    types: Record<string, unknown>;
    custom?: (data: Record<string, unknown>) => string | undefined;
  };
  export default validation;
}
declare module "dynalite/validations/batchWriteItem.js" {
  const validation: {
    types: Record<string, unknown>;
    custom?: (data: Record<string, unknown>) => string | undefined;
  };
  export default validation;
}
declare module "dynalite/validations/deleteItem.js" {
  const validation: {
    types: Record<string, unknown>;
    custom?: (data: Record<string, unknown>) => string | undefined;
  };
  export default validation;
}
declare module "dynalite/validations/getItem.js" {
  const validation: {
    types: Record<string, unknown>;
    custom?: (data: Record<string, unknown>) => string | undefined;
  };
  export default validation;
}
declare module "dynalite/validations/putItem.js" {
  const validation: {
    types: Record<string, unknown>;
    custom?: (data: Record<string, unknown>) => string | undefined;
  };
  export default validation;
}
declare module "dynalite/validations/query.js" {
  const validation: {
    types: Record<string, unknown>;
    custom?: (data: Record<string, unknown>) => string | undefined;
  };
  export default validation;
}
declare module "dynalite/validations/scan.js" {
  const validation: {
    types: Record<string, unknown>;
    custom?: (data: Record<string, unknown>) => string | undefined;
  };
  export default validation;
}
declare module "dynalite/validations/updateItem.js" {
  const validation: {
    types: Record<string, unknown>;
    custom?: (data: Record<string, unknown>) => string | undefined;
  };
  export default validation;
}
