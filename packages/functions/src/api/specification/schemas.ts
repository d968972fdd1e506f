import * as z from "zod";
import { namedSchemas } from "./contracts.ts";
import type { Json, JsonObject } from "./json.ts";

export const componentPrefix = "#/components/schemas/";

type Direction = "input" | "output";

/** The bounds of a safe integer are JavaScript's, and the pattern of a time repeats its format. */
function tidy(schema: Record<string, unknown>): void {
  if (schema["maximum"] === Number.MAX_SAFE_INTEGER) {
    delete schema["maximum"];
  }
  if (schema["minimum"] === Number.MIN_SAFE_INTEGER) {
    delete schema["minimum"];
  }
  if (schema["format"] === "date-time") {
    delete schema["pattern"];
  }
}

function convert(schema: z.ZodType, io: Direction, metadata: Registry): JsonObject {
  const { $schema: _, ...converted } = z.toJSONSchema(schema, {
    io,
    metadata,
    override: ({ jsonSchema }) => tidy(jsonSchema),
  });
  return JSON.parse(JSON.stringify(converted).replaceAll('"#/$defs/', `"${componentPrefix}`));
}

const namesIn = () => z.registry<{ id: string }>();
type Registry = ReturnType<typeof namesIn>;

function registryOfNames(): Registry {
  const registry = namesIn();
  for (const [schema, id] of namedSchemas) {
    registry.add(schema, { id });
  }
  return registry;
}

export interface Schemas {
  /** What an answer holds; shared schemas are referred to, and are then among `components`. */
  answer(schema: z.ZodType): JsonObject;
  components(): JsonObject;
}

export function createSchemas(): Schemas {
  const registry = registryOfNames();
  const used = new Map<string, Json>();
  return {
    answer(schema) {
      const { $defs, ...converted } = convert(schema, "output", registry);
      for (const [name, definition] of Object.entries($defs ?? {})) {
        used.set(name, definition);
      }
      return converted;
    },
    components: () => Object.fromEntries([...used].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** What a body may hold, written out: defaults make it differ from what is answered. */
export function bodySchema(schema: z.ZodType): JsonObject {
  return convert(schema, "input", namesIn());
}

export interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly schema: Json;
}

/**
 * The members of a path's or query's schema. They are shown as the handler gets them (a limit is an integer), since
 * the text that carries them is the same; whether one may be left out is the client's side.
 */
export function parametersOf(schema: z.ZodType): readonly Parameter[] {
  const given = convert(schema, "input", namesIn());
  const taken = convert(schema, "output", namesIn());
  const required = Array.isArray(given["required"]) ? given["required"] : [];
  return Object.entries(taken["properties"] ?? {}).map(([name, property]) => ({
    name,
    required: required.includes(name),
    schema: property,
  }));
}
