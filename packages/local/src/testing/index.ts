export { whyNoJava } from "../engine/dynamodb-local/java.ts";
export { startDynamoDBLocal } from "../engine/dynamodb-local/process.ts";
export { createEmbeddedEngine } from "../engine/embedded/embedded.ts";
export type { TableEngine } from "../engine/engine.ts";
export type { Item, ItemChange } from "../engine/item-change.ts";
export { itemSize } from "../engine/value.ts";
export type { DynamoService } from "../services/dynamodb/dynamo-service.ts";
export type { TableDefinition } from "../services/dynamodb/table-definition.ts";
export { type DynamoTables, type RunningDynamo, startDynamo, type TestTable } from "./start-dynamo.ts";
